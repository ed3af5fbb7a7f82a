/** What is left of the ε-HJB equation of the general system when an exact value is put in, by differences. */
import type { Coordinates, Problem } from '../src/model/problem.ts';

/** Differences of fourth order: at O(1) derivatives truncation and round-off stay below 1e-7. */
const H = 5e-3;
const first = (g: (z: number) => number) => (8 * (g(H) - g(-H)) - (g(2 * H) - g(-2 * H))) / (12 * H);
const second = (g: (z: number) => number) => (16 * (g(H) + g(-H)) - (g(2 * H) + g(-2 * H)) - 30 * g(0)) / (12 * H * H);
const moved = (at: Coordinates, i: number, by: number) => Array.from(at, (own, k) => (k === i ? own + by : own));

/** ∂²g/∂z_i∂z_k. */
function curvature(g: (z: Coordinates) => number, at: Coordinates, i: number, k: number): number {
  if (i === k) return second((s) => g(moved(at, i, s)));
  return first((s) => first((t) => g(moved(moved(at, i, s), k, t))));
}

/**
 * ∂_τV + λV − min {tr(a D²V) + φ·DV + ℓ} − (1/ε) LV − source of the exact value at (τ, x, y), the minimum over `controls`.
 */
export function residualOf(problem: Problem, epsilon: number, controls: readonly (readonly number[])[]) {
  const { slowDrift, slowNoise = [], fast, runningCost, discount = 0, source, exact } = problem;
  const V = (tau: number, x: Coordinates, y: Coordinates) => exact?.value?.({ tau, epsilon, x, y }) ?? Number.NaN;
  return (tau: number, x: Coordinates, y: Coordinates): number => {
    const rate = (u: Coordinates) =>
      slowDrift.reduce(
        (total, phi, i) => {
          const along = phi(x, y, u) * first((s) => V(tau, moved(x, i, s), y));
          const spread = slowDrift.map((_, k) => {
            const a = (slowNoise[i] ?? []).reduce((sum, s, j) => sum + s(x, y, u) * slowNoise[k][j](x, y, u), 0) / 2;
            return a * curvature((at) => V(tau, at, y), x, i, k);
          });
          return total + along + spread.reduce((sum, each) => sum + each, 0);
        },
        runningCost?.(x, y, u) ?? 0,
      );
    const mixing = fast.drift.reduce((total, b, k) => {
      const r = (fast.kind === 'drift' && fast.noise?.[k]?.(x, y)) || Math.SQRT2;
      const along = b(x, y) * first((s) => V(tau, x, moved(y, k, s)));
      return total + along + (r ** 2 / 2) * curvature((at) => V(tau, x, at), y, k, k);
    }, 0);
    const least = Math.min(...controls.map(rate));
    const cost = Math.exp(-(source?.decay ?? 0) * tau) * (source?.value(x, y) ?? 0);
    return first((s) => V(tau + s, x, y)) + discount * V(tau, x, y) - least - mixing / epsilon - cost;
  };
}
