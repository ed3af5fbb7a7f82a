import { product } from '../../src/control/control-set.ts';
import type { Scenario } from '../scenario.ts';
import { folderName } from './folder-name.ts';
import { readText } from './read-text.ts';

/** A member of a sweep: the values of what is swept, and the scenario with them in place. */
export interface Member {
  /** In the order of the sweep. */
  readonly values: Readonly<Record<string, number>>;
  readonly scenario: Scenario;
}

/**
 * The members of a scenario's sweep, all read and checked: the product of the lists, the first name slowest.
 * Throws ScenarioError, which names the values of the member.
 */
export function membersOf(scenario: Scenario): readonly Member[] {
  const { sweep, set, file, source } = scenario;
  const found = { name: scenario.fileName, file, shown: scenario.placeOf(''), source };
  return product(sweep.map(({ values }) => values)).map((point) => {
    const values = Object.fromEntries(sweep.map(({ name }, k) => [name, point[k]]));
    const swept = Object.fromEntries(sweep.map(({ name }, k) => [name, String(point[k])]));
    return { values, scenario: readText(found, { set, swept }) };
  });
}

/** gamma=2, or gamma=2,horizon=1: the folder of a member inside that of its sweep. */
export function folderOf(values: Member['values']): string {
  return folderName(Object.entries(values).map(([name, value]) => `${name}=${value}`));
}
