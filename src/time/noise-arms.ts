/** How long the arms of second differences along the columns of noise are (src/differencing/noise-columns.ts). */
import { averagedSpeed } from '../control/slow-hamiltonian.ts';
import type { SlowNoise } from '../control/slow-noise.ts';
import type { Grid } from '../grid/grid.ts';

/** Squared length of a usual arm, in cells, over the nodes of the shortest axis. */
const ARM = 1 / 16;

/** k and the step of an error O(dx): k² = 2 P dt. */
export interface UsualArm {
  readonly arm: number;
  readonly step: number;
}

/**
 * The arms of the usual step, k² ν̄ = P·nodes/16 for P columns and the mean ν̄ under the measure: their mean length is
 * √(nodes/16) cells, so that k² and dx²/k² are both O(dx).
 */
export function usualArm(noise: SlowNoise, { size, shape }: Grid, weights: Float64Array): UsualArm {
  const columns = noise.columns?.length ?? 0;
  const mean = averagedSpeed((out, from) => noise.rates(out, from), { lanes: size, size: weights.length }, weights);
  const square = mean === 0 ? 0 : (columns * ARM * Math.min(...shape)) / mean;
  return { arm: Math.sqrt(square), step: mean === 0 ? Infinity : square / (2 * columns) };
}

/** k for a step of length dt, which leaves half of a node to the drift: that of the usual step at least. */
export function armIn(dt: number, noise: SlowNoise, grid: Grid, weights: Float64Array): number {
  return Math.max(usualArm(noise, grid, weights).arm, Math.sqrt(2 * (noise.columns?.length ?? 0) * dt));
}
