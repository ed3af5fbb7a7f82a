import type { Grid } from '../../src/grid/grid.ts';
import { nodesThatMayBreak } from '../../src/measure/cell-averages.ts';
import { type Breaks, hasTest, JUMP, KINK } from '../../src/model/breaks.ts';

/** A jump of the weights costs half of it, and up to a twelfth for the kink beside it. */
const [HALF, TWELFTH] = [1 / 2, 1 / 12] as const;

/**
 * Bound of what kinks and jumps of the weights ρ = e^−Φ add to Σ_j π_j h_j − ∫h dμ, that is to the trapezoid rule for
 * (h − c)ρ, c the mean (docs/theory.md §5.5), over nodes beside which Φ may break, along every axis:
 *
 *   kink   h²/12 · |h − c| ρ [Φ'] = |h − c| π Σ|δ²Φ|/12 over the two nodes beside it, times e^{|δΦ|/2};
 *   jump   (h/2) · |h − c| [ρ] ≤ |h − c| (1/2 + 1/12) Σ (|π_{j+1} − π_j| + |π_j − π_{j−1}|) over them.
 *
 * Φ is read off the weights; |h − c| π is the largest of a node and its neighbours. Given are h − c; 1 in its
 * place gives the relative error of ∫ρ.
 */
export function weightBreakBound(grid: Grid, deviations: Float64Array, weights: Float64Array, breaks: Breaks): number {
  if (!hasTest(breaks)) return 0;
  const jumps = new Set(nodesThatMayBreak(grid, breaks, 1, JUMP));
  const deviation = (j: number) => Math.abs(deviations[j]);
  let bound = 0;
  for (const j of nodesThatMayBreak(grid, breaks, 1, KINK)) {
    for (const [a, stride] of grid.strides.entries()) {
      const k = Math.floor(j / stride) % grid.shape[a];
      if (k === 0 || k === grid.shape[a] - 1) continue;
      const [before, after] = [j - stride, j + stride];
      if (jumps.has(j)) {
        const variation = Math.abs(weights[after] - weights[j]) + Math.abs(weights[j] - weights[before]);
        bound += (HALF + TWELFTH) * variation * Math.max(deviation(before), deviation(j), deviation(after));
      } else {
        const largest = Math.max(...[before, j, after].map((node) => weights[node] * deviation(node)));
        bound += TWELFTH * largest * kinkOfPotential(weights[before], weights[j], weights[after]);
      }
    }
  }
  return bound;
}

/** |δ²Φ| e^{|δΦ|/2} from three neighbouring weights; 0 where one of them is: there is no mass. */
function kinkOfPotential(before: number, at: number, after: number): number {
  if (!(before > 0 && at > 0 && after > 0)) return 0;
  const [left, right] = [Math.log(at / before), Math.log(after / at)];
  return Math.abs(right - left) * Math.exp(Math.max(Math.abs(left), Math.abs(right)) / 2);
}
