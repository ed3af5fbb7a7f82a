/**
 * The strong-stability-preserving Runge–Kutta method of order 3 (Shu, Osher 1988; Gottlieb, Shu, Tadmor 2001, eq. 4.2),
 * a convex combination of Euler steps, for the effective equation:
 *
 *   v₁ = v + dtĒ(v),   v₂ = ¾v + ¼(v₁ + dtĒ(v₁)),   v⁺ = ⅓v + ⅔(v₂ + dtĒ(v₂)).
 */
import type { Differencing } from '../differencing/differencing.ts';
import type { Phase } from '../kernel/kernel.ts';
import { combined, type Equation } from './equation.ts';

/** out = the value after one step of SSPRK3. */
export function ssprk3(equation: Equation, differencing: Differencing, dt: number, out: number): Phase[] {
  const { value } = equation;
  const stage = equation.work();
  const mixed = (slot: number, old: number) =>
    combined(out, [
      [value, old],
      [slot, 1 - old],
    ]);
  return [
    equation.move({ out: stage, add: value, value }, differencing, dt),
    ...equation.sourced(stage, stage, dt, 0).phases,
    equation.move({ out, add: stage, value: stage }, differencing, dt),
    ...equation.sourced(out, out, dt, dt).phases,
    mixed(out, 3 / 4),
    equation.move({ out: stage, add: out, value: out }, differencing, dt),
    ...equation.sourced(stage, stage, dt, dt / 2).phases,
    mixed(stage, 1 / 3),
  ];
}
