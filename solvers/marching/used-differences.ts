/**
 * Whether the steps were made for the controls that V uses. Which members of a family can be minimisers follows from
 * ranges of V_{i±1} − V_i, measured beforehand on a coarse grid (src/time/used-controls.ts). With the feet of all
 * controls a step is monotone whatever the controls are. Else the value found is held against these ranges, and solved
 * for again with the differences that it has.
 */
import { exceeds, hull, type Range } from '../../src/control/ranges.ts';
import type { SlowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { MarchState } from '../../src/time/checkpoint.ts';
import type { MarchRun } from '../../src/time/march.ts';
import type { Method } from '../../src/time/schemes.ts';
import { inSession, type Workplace } from './in-session.ts';

/** How often a solve is repeated at most. */
const MOST_REPEATS = 3;

/** A solve after others: how many there were, and the differences it is made for. */
export interface Attempt {
  readonly repeats: number;
  readonly differences: readonly Range[];
  /** Where it goes on from. */
  readonly state?: MarchState;
}

/** The differences of a value and those that its steps rest on, where it exceeds these; null for all others. */
export function exceededDifferences(
  { grid, values }: GridFunction,
  slow: Pick<SlowHamiltonian, 'families' | 'formulas' | 'longFeet' | 'differences'>,
  { scheme, time }: Method,
): Range[] | null {
  const { families, formulas, longFeet, differences } = slow;
  const takes = longFeet === 'exact' && scheme.differencing.feet !== 'never';
  if (families.length + formulas.length === 0 || takes || time.steps.kind === 'policy') return null;
  const found = differences.map((_, i) => rangeOf(values, grid.strides[i], grid.shape[i]));
  if (!found.some((range, i) => exceeds(range, differences[i]))) return null;
  return found.map((range, i) => hull(range, differences[i]));
}

function rangeOf(values: Float64Array, stride: number, nodes: number): Range {
  let [least, most] = [Infinity, -Infinity];
  for (let k = 0; k + stride < values.length; k++) {
    if (Math.floor(k / stride) % nodes === nodes - 1) continue;
    const difference = values[k + stride] - values[k];
    if (difference < least) least = difference;
    if (difference > most) most = difference;
  }
  return [least, most];
}

/** A solve in a session of its own, again with the differences that it `exceeded`, a few times at most. */
export async function inSessions<Solution extends { readonly exceeded: readonly Range[] | null }>(
  run: MarchRun,
  solve: (workplace: Workplace & Attempt) => Promise<Solution>,
): Promise<Solution> {
  const state = (await run.checkpoint?.load()) ?? undefined;
  let attempt: Attempt = { repeats: state?.repeats ?? 0, differences: state?.differences ?? [], state };
  for (;;) {
    const made = attempt;
    const found = await inSession(run, (workplace) => solve({ ...workplace, ...made }));
    if (found.exceeded === null || made.repeats === MOST_REPEATS) return found;
    attempt = { repeats: made.repeats + 1, differences: found.exceeded };
  }
}
