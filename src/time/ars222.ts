/**
 * The IMEX Runge–Kutta method ARS(2,2,2) (Ascher, Ruuth, Spiteri 1997, §2.6) for ∂_τV = E(V) + L V/ε, E(V) = M V:
 *
 *   r₂ = V + dtγE(V),   W₂ = S r₂,   V⁺ = S(V + dt(δE(V) + (1−δ)E(W₂)) + dt(1−γ)ℓ₂),
 *
 * S = (I − dtγL/ε)⁻¹, γ = 1 − 1/√2, δ = 1 − 1/(2γ) = −1/√2, ℓ₂ = (W₂ − r₂)/(dtγ): the fast term is never multiplied
 * out, so nothing grows like 1/ε. Order 2 at fixed ε and, being of type ARS and stiffly accurate, in the limit ε → 0:
 * w = v + dtγĒ(v), v⁺ = v + dt(δĒ(v) + (1−δ)Ē(w)) (Boscarino, Pareschi, Russo 2013, §3). In between (dt ≫ ε) the order
 * is reduced. δ < 0: not monotone at any step.
 */
import type { Differencing } from '../differencing/differencing.ts';
import type { Phase } from '../kernel/kernel.ts';
import { combined, type Equation } from './equation.ts';

const GAMMA = 1 - Math.SQRT1_2;
const DELTA = 1 - 1 / (2 * GAMMA);

/** out = the value after one step of ARS(2,2,2). */
export function ars222(equation: Equation, differencing: Differencing, dt: number, out: number): Phase[] {
  const { value } = equation;
  const stage = equation.work();
  // With E(V) = (r₂ − V)/(dtγ) all that is not E(W₂) is a combination of V, r₂ and W₂.
  const [explicit, implicit] = [DELTA / GAMMA, (1 - GAMMA) / GAMMA];
  // The source is taken implicitly: s at dtγ in W₂, hence in ℓ₂, whose r₂ is without it; s at dt in V⁺. So it keeps
  // order 2 where s is as large as 1/ε.
  const first = equation.sourced(out, stage, dt * GAMMA, dt * GAMMA);
  const second = equation.sourced(stage, stage, dt * GAMMA, dt);
  return [
    equation.move({ out: stage, add: value, value }, differencing, dt * GAMMA),
    ...first.phases,
    ...equation.resolvent(out, first.slot, dt * GAMMA),
    combined(stage, [
      [value, 1 - explicit],
      [stage, explicit - implicit],
      [out, implicit],
    ]),
    equation.move({ out: stage, add: stage, value: out }, differencing, dt * (1 - DELTA)),
    ...second.phases,
    ...equation.resolvent(out, second.slot, dt * GAMMA),
  ];
}
