/**
 * A source of a problem in a time step: an additional cost e^{−λτ} s(x,y) in ∂_τV (problem.ts).
 *
 * In a step program the source is a field that holds e^{−λτⁿ} s at the start of step n (`sourced` of equation.ts takes
 * it to any time of the step). What is added, and where, with c the fraction of the step:
 *
 *   IMEX Euler, implicit Euler    right side of the solve   dt at c = 1
 *   explicit Euler                after the sweep           dt at c = 0
 *   averaged Euler                after the average         dt at c = 1, s averaged, as the limit of IMEX Euler
 *   ARS(2,2,2)                    right side r₂ + dt γ s(γ) of the first solve, but ℓ₂ = (W₂ − r₂)/(dt γ) with r₂
 *                                 without source, so that ℓ₂ holds s(γ); right side of the second solve dt γ at c = 1
 *   its limit                     w: dt γ at c = γ;  V⁺: dt (1−γ) at c = γ and dt γ at c = 1, s averaged
 *   SSPRK3                        with every evaluation of the operator: dt at c = 0, 1, ½
 *
 * The implicit methods take the source implicitly: order 1 and 2, also where s is as large as 1/ε, because
 * Σ b̃_k c_k = (1−γ)γ + γ = ½ for γ = 1 − 1/√2 and the last stage is the step.
 */
import { averaged } from '../control/slow-hamiltonian.ts';
import { forEachNode, type Grid, nodeCoordinates } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import type { Problem, Source } from '../model/problem.ts';

/** A source on nodes: e^{−decay·τ}·values. */
export interface SampledSource {
  readonly decay: number;
  readonly values: Float64Array;
}

/** e^{−λτ}. */
export function decayAt({ decay }: SampledSource, tau: number): number {
  return Math.exp(-decay * tau);
}

/** s on slow × fast nodes, null without one. Throws InputError where it is not finite. */
export function sampleSource(source: Source | undefined, slow: Grid, fast: Grid): SampledSource | null {
  if (source === undefined) return null;
  const { decay, value } = source;
  const values = new Float64Array(slow.size * fast.size);
  const x = new Float64Array(slow.axes.length);
  forEachNode(fast, (j, y) => {
    for (let s = 0; s < slow.size; s++) {
      nodeCoordinates(x, slow, s);
      const at = value(x, y);
      if (!Number.isFinite(at)) {
        throw new InputError(
          `the source is ${at} at x = ${[...x].join(', ')}, y = ${[...y].join(', ')}`,
          'the formula has no finite value at this node',
          'change the formula or choose a domain on which it is finite',
        );
      }
      values[j * slow.size + s] = at;
    }
  });
  return { decay, values };
}

/** Σ_j π_j(x) s(x, y_j), the source of the effective equation. */
export function averageSource(
  source: SampledSource | null,
  measure: Float64Array,
  lanes: number,
): SampledSource | null {
  if (source === null) return null;
  const { decay, values } = source;
  return { decay, values: averaged(values, measure, lanes) };
}

/** Throws InputError for a problem with a source. */
export function requireNoSource(problem: Problem, what: string): void {
  if (problem.source === undefined) return;
  throw new InputError(
    `${what} cannot take the source of ${problem.name}`,
    'a cost that decays in τ belongs to the Cauchy problems, to their implicit and implicit-explicit methods',
    'remove the source or choose another method',
  );
}
