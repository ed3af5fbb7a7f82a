/** A scenario by its name: found, then read. */

import type { Scenario } from '../scenario.ts';
import { findScenario } from './find-scenario.ts';
import { readText } from './read-text.ts';
import type { Values } from './set-values.ts';

/**
 * Read and check a scenario: a library name, or the path of a YAML file; `set` replaces values of the file by name.
 * Throws InputError where there is no such scenario, ScenarioError with file and line for its content, with `--set`
 * for what is set.
 */
export function readScenario(nameOrPath: string, set: Values = {}): Scenario {
  return readText(findScenario(nameOrPath), { set, swept: {} });
}
