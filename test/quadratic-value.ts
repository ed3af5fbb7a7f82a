/**
 * V = ½ zᵀPz + qᵀz + c of a linear system z = (x,y) with a quadratic cost, from Riccati equations by the classical
 * Runge–Kutta method: a reference that shares nothing with src/exact.
 */

export interface Linear {
  /** Number of slow variables. */
  readonly n: number;
  /** Rows of the drift in (x,y), the fast ones before the division by ε. */
  readonly drift: readonly (readonly number[])[];
  readonly constant: readonly number[];
  /** f = ½ xᵀpx + qᵀx. */
  readonly p: readonly (readonly number[])[];
  readonly q: readonly number[];
  /** ½ zᵀ state z + u·mixedᵀz + u²/2 for a control that moves the first slow variable. */
  readonly price?: { readonly state: readonly (readonly number[])[]; readonly mixed: readonly number[] };
}

/** V as a function of z = (x,y), to about 1e-9. */
export function quadraticValue(
  { n, drift, constant, p, q, price }: Linear,
  { tau, epsilon }: { readonly tau: number; readonly epsilon: number },
): (z: readonly number[]) => number {
  const all = drift.map((_, i) => i);
  const scale = all.map((i) => (i < n ? 1 : 1 / epsilon));
  const at = (P: readonly number[], i: number, k: number) => P[i * all.length + k];
  const size = all.length ** 2;
  // P row by row, then q, then c.
  const rate = (state: readonly number[]): number[] => {
    const slope = state.slice(size, size + all.length);
    const gain = all.map((i) => (price === undefined ? 0 : at(state, 0, i) + price.mixed[i]));
    const force = price === undefined ? 0 : slope[0];
    const through = (i: number, k: number) => all.reduce((sum, j) => sum + at(state, i, j) * scale[j] * drift[j][k], 0);
    const ofP = all.flatMap((i) =>
      all.map((k) => through(i, k) + through(k, i) + (price?.state[i][k] ?? 0) - gain[i] * gain[k]),
    );
    const ofQ = all.map(
      (i) =>
        all.reduce((sum, j) => sum + scale[j] * (drift[j][i] * slope[j] + at(state, i, j) * constant[j]), 0) -
        gain[i] * force,
    );
    const noise = all.reduce((sum, j) => sum + (j < n ? 0 : at(state, j, j) / epsilon), 0);
    return [...ofP, ...ofQ, all.reduce((sum, j) => sum + scale[j] * constant[j] * slope[j], noise) - force ** 2 / 2];
  };
  const start = [...all.flatMap((i) => all.map((k) => p[i]?.[k] ?? 0)), ...all.map((i) => q[i] ?? 0), 0];
  const state = integrated(rate, start, tau, Math.ceil((40 * tau) / epsilon) + 200);
  return (z) =>
    state[size + all.length] +
    all.reduce((sum, i) => {
      const row = all.reduce((part, k) => part + at(state, i, k) * z[k], 0);
      return sum + z[i] * (row / 2 + state[size + i]);
    }, 0);
}

function integrated(
  rate: (state: readonly number[]) => number[],
  start: readonly number[],
  tau: number,
  steps: number,
): readonly number[] {
  const h = tau / steps;
  const moved = (state: readonly number[], by: readonly number[], part: number) =>
    state.map((v, i) => v + part * by[i]);
  let state = start;
  for (let step = 0; step < steps; step++) {
    const k1 = rate(state);
    const k2 = rate(moved(state, k1, h / 2));
    const k3 = rate(moved(state, k2, h / 2));
    const k4 = rate(moved(state, k3, h));
    state = state.map((v, i) => v + (h / 6) * (k1[i] + 2 * (k2[i] + k3[i]) + k4[i]));
  }
  return state;
}
