/** A scenario file, from its name to a checked Problem with its domain and study. */

import type { Scenario } from '../scenario.ts';
import { checkGrowth } from './check-growth.ts';
import { checkExact, checkValues } from './check-values.ts';
import { findScenario, type ScenarioText } from './find-scenario.ts';
import { type LocatedText, locate, type Path } from './locate.ts';
import { readModel } from './read-model.ts';
import { readOptimize } from './read-optimize.ts';
import { readBoxes, readStudy } from './read-study.ts';
import { readSweep } from './read-sweep.ts';
import { readerOf } from './reader.ts';
import { type ScenarioFile, shaped } from './schema.ts';
import { type Given, givenValues, named, placeOfSet, replaced, type Values, withNames } from './set-values.ts';

/**
 * Read and check a scenario: a library name, or the path of a YAML file; `set` replaces values of the file by name.
 * Throws InputError where there is no such scenario, ScenarioError with file and line for its content, with `--set`
 * for what is set.
 */
export function readScenario(nameOrPath: string, set: Values = {}): Scenario {
  return readText(findScenario(nameOrPath), { set, swept: {} });
}

/** What replaces values of a file: `set` on the command line, `swept` by the file itself. */
export interface Replaced {
  readonly set: Values;
  readonly swept: Values;
}

/** The same of a text that was found. */
export function readText(found: ScenarioText, { set, swept }: Replaced): Scenario {
  const located = locate(found.source, found.shown);
  const file = shaped(located);
  const placeOfName = (name: string) =>
    Object.hasOwn(swept, name) ? located.placeOf(['sweep', name]) : placeOfSet(name, set);
  const given = givenValues(file, { ...set, ...swept }, { file: found.shown, placeOfName });
  const placeOf = (path: Path) => {
    const own = given.find((each) => each.path.every((key, k) => key === path[k]));
    return own === undefined ? located.placeOf(path) : placeOfName(own.word);
  };
  return withNames(given, () => assembled(found, { ...located, placeOf }, replaced(file, given), given));
}

function assembled(found: ScenarioText, text: LocatedText, content: ScenarioFile, given: readonly Given[]): Scenario {
  const { name, file, source, shown } = found;
  const reader = readerOf(text, content.parameters ?? {});
  const sweep = readSweep(content, text, given);
  const { problem, ...kept } = named({ name, problem: readModel(content, reader, name) }, reader, given);
  const boxes = readBoxes(content, reader, problem);
  const optimize = readOptimize(content, reader, problem, boxes);
  // Before the study, whose usual nodes follow the measure: where that is no number, none would be enough.
  checkValues(reader, problem, boxes);
  const study = readStudy(content, reader, problem, boxes);
  checkGrowth(reader, problem, boxes);
  checkExact(reader, problem, boxes);
  const paths = subjectPaths(content);
  const placeOf = (subject: string) => (Object.hasOwn(paths, subject) ? text.placeOf(paths[subject]) : shown);
  const { parameters } = reader;
  const definition = JSON.stringify({ model: content.model, parameters, horizon: content.horizon });
  const rest = { sweep, definition, parameters, ...boxes, study, optimize, placeOf };
  return { ...kept, fileName: name, title: problem.title, file, source, problem, ...rest };
}

/** Where a file defines what solvers complain about. */
function subjectPaths({ model }: ScenarioFile): Readonly<Record<string, readonly string[]>> {
  const common = { control: ['model', 'control'], domain: ['domain'], exact: ['exact'] };
  if (model.kind === 'deep-relaxation') {
    const loss = ['model', 'loss'];
    return {
      ...common,
      loss,
      terminalCost: loss,
      fastDrift: loss,
      fastPotential: loss,
      slowDrift: ['model', 'gamma'],
      runningCost: ['model'],
    };
  }
  return {
    ...common,
    slowDrift: ['model', 'slow'],
    fastDrift: ['model', 'fast', model.fast.drift === undefined ? 'potential' : 'drift'],
    fastPotential: ['model', 'fast', 'potential'],
    terminalCost: ['model', 'terminal'],
    runningCost: ['model', 'running'],
    loss: ['model', 'terminal'],
  };
}
