/**
 * The assumptions of the convergence theorems (Bardi, Kouhkouh 2022, 2023), decided on the formulas of a problem:
 *
 *   (A) γ > Lip(∇f);   recurrence (b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|², κ = −sup λ_max(sym D_y b) > 0;
 *   φ, b Lipschitz and of linear growth;   ℓ, f of quadratic growth;   no jumps;
 *
 * of the general system s, r Lipschitz and of linear growth, α = ½rrᵀ elliptic in the box and beside it Feller's
 * condition, a noise r in the recurrence, ∫|g| dμ_x < ∞, λ ≥ 0.
 *
 * Constants are suprema over a box between bounds that hold: the lower one is met at a point, the upper one is proved
 * by intervals of the symbolic slopes on a subdivision, jumps included.
 */

import type { Problem } from '../model/problem.ts';
import type { Assumption } from './assumption.ts';
import { breakAssumptions } from './break-rows.ts';
import { gradientAssumption, recurrenceAssumption } from './contraction-rows.ts';
import type { AssumptionBox } from './fields.ts';
import { noiseAssumptions } from './noise-rows.ts';
import { sizeAssumptions } from './size-rows.ts';

/**
 * Every assumption of the convergence theorems (Bardi, Kouhkouh 2022, 2023) with its verdict and constants on the box,
 * any n ≤ 2 and m ≤ 3. One that fails names a point and says what is lost; of coefficients without a formula points are
 * looked at, which refute but never prove.
 */
export function checkAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  return [
    ...gradientAssumption(problem, box.fast),
    recurrenceAssumption(problem, box),
    ...sizeAssumptions(problem, box),
    ...noiseAssumptions(problem, box),
    ...breakAssumptions(problem, box),
  ];
}
