/**
 * Whether the steps were made for the controls that V uses. Which members of a family can be minimisers follows from
 * bounds p_i of |V_{i±1} − V_i|, measured beforehand on a coarse grid (src/time/used-controls.ts). Where feet may be
 * longer than a cell a step is monotone whatever the controls are. Where they may not, the value found is held against
 * p, and solved for again with the differences that it has.
 */
import type { SlowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import type { Run } from '../../src/time/march.ts';
import type { Method } from '../../src/time/schemes.ts';
import { inSession, type Workplace } from './in-session.ts';

/** How much larger than p_i a difference must be to count, and how often a solve is repeated at most. */
const EXCEEDED = 1.01;
const MOST_REPEATS = 3;

/** A solve after others: how many there were, and the least p_i it is made for. */
export interface Attempt {
  readonly repeats: number;
  readonly differences: readonly number[];
}

/** The largest |V_{i±1} − V_i| and p_i of a value whose steps rest on p but exceed it; null for all others. */
export function exceededDifferences(
  { grid, values }: GridFunction,
  { families, takesLongFeet, differences }: Pick<SlowHamiltonian, 'families' | 'takesLongFeet' | 'differences'>,
  { scheme, time }: Method,
): number[] | null {
  const takes = takesLongFeet && scheme.differencing.feet !== 'never';
  if (families.length === 0 || takes || time.steps.kind === 'policy') return null;
  const found = differences.map((_, i) => largestDifference(values, grid.strides[i], grid.shape[i]));
  if (found.every((difference, i) => difference <= EXCEEDED * differences[i])) return null;
  return found.map((difference, i) => Math.max(difference, differences[i]));
}

function largestDifference(values: Float64Array, stride: number, nodes: number): number {
  let most = 0;
  for (let k = 0; k + stride < values.length; k++) {
    if (Math.floor(k / stride) % nodes === nodes - 1) continue;
    most = Math.max(most, Math.abs(values[k + stride] - values[k]));
  }
  return most;
}

/** A solve in a session of its own, again with the differences that it `exceeded`, a few times at most. */
export async function inSessions<Solution extends { readonly exceeded: readonly number[] | null }>(
  run: Run,
  solve: (workplace: Workplace & Attempt) => Promise<Solution>,
): Promise<Solution> {
  let attempt: Attempt = { repeats: 0, differences: [] };
  for (;;) {
    const made = attempt;
    const found = await inSession(run, (workplace) => solve({ ...workplace, ...made }));
    if (found.exceeded === null || made.repeats === MOST_REPEATS) return found;
    attempt = { repeats: made.repeats + 1, differences: found.exceeded };
  }
}
