/** How many paths, steps and records an ensemble may have. */
import { InputError } from '../../src/input/input-error.ts';

/** More kept numbers than this are more than 4 GiB. */
const MOST_KEPT = 2 ** 29;

/** More path-steps than this take days, and more steps are more than random numbers are made for. */
export const MOST_PATH_STEPS = 1e13;
const MOST_STEPS = 2 ** 30 - 1;

interface PathCounts {
  readonly steps?: number;
  readonly paths: number;
  readonly records?: number;
  readonly seed: number;
  /** Numbers of a state. */
  readonly dimension: number;
}

/**
 * Throws InputError where a number is none, where the steps take days, or where the states that are kept
 * do not fit into memory.
 */
export function refuseCounts({ steps, paths, records, seed, dimension }: PathCounts): void {
  const whole = (value: number | undefined, least: number, most: number) =>
    value === undefined || (Number.isSafeInteger(value) && value >= least && value <= most);
  const fault = !whole(paths, 1, 2 ** 26)
    ? [`${paths} paths cannot be simulated`, 'a whole number up to 2²⁶ fits into memory', 'choose another number']
    : !whole(seed, 0, Number.MAX_SAFE_INTEGER)
      ? [`the seed is ${seed}`, 'a seed is a whole number from 0 to 2⁵³ − 1', 'choose another seed']
      : !whole(steps, 1, Number.MAX_SAFE_INTEGER)
        ? [`${steps} time steps cannot be taken`, 'their number is whole and at least 1', 'choose another number']
        : !whole(records, 1, 2 ** 20)
          ? [`${records} records cannot be kept`, 'their number is whole, from 1 to 2²⁰', 'choose another number']
          : (stepsFault(paths, steps ?? 1) ?? keptFault(paths, records ?? 1, dimension));
  if (fault !== null) throw new InputError(fault[0], fault[1], fault[2]);
}

function stepsFault(paths: number, steps: number): readonly string[] | null {
  const most = Math.min(MOST_STEPS, Math.floor(MOST_PATH_STEPS / paths));
  if (steps <= most) return null;
  return [
    `${steps.toPrecision(3)} steps of ${paths} paths would be taken`,
    'so many take days',
    `take at most ${most}`,
  ];
}

/** States are kept at the start and at every record. */
function keptFault(paths: number, records: number, dimension: number): readonly string[] | null {
  const most = Math.floor(MOST_KEPT / (paths * dimension)) - 1;
  if (records <= most) return null;
  const cause = `their states would take more than ${(8 * MOST_KEPT) / 2 ** 30} GiB`;
  return most < 1
    ? [`${paths} paths are kept`, cause, `take at most ${Math.floor(MOST_KEPT / (2 * dimension))} paths`]
    : [`${records} records of ${paths} paths are kept`, cause, `take at most ${most} records, or fewer paths`];
}
