/**
 * Every way to step in time: what it claims, and its coefficients as rows (runge-kutta.ts). A way is added by an entry
 * here and named by the schemes it goes with (schemes.ts).
 */
import type { FastOperator } from '../generator/fast-operator-parts.ts';
import { type Phased, rungeKutta } from './runge-kutta.ts';

/** How a step in time is made, by name; a scheme goes with some of them (`Scheme.times`). */
export type TimeName = 'imex' | 'implicit' | 'explicit' | 'ars222' | 'ssprk3';

/** A way to step in time. */
export interface TimeMethod {
  readonly name: TimeName;
  /** The name for display. */
  readonly label: string;
  /** Claimed order in dt. */
  readonly order: number;
  /** The step has a limit as ε → 0 with dt fixed, and it is that of the effective equation. */
  readonly asymptoticPreserving: boolean;
  /** Author and year. */
  readonly source: string;
  /** A step is a list of phases, or a nonlinear system that is solved by policy iteration. */
  readonly steps: Phased | { readonly kind: 'policy' };
  /** The largest stable step where the sweep shares V with other terms, from that of the sweep in x alone. */
  readonly stableStep?: (shared: number, fast: FastOperator, epsilon: number) => number;
}

/**
 * V⁺ = (I − (dt/ε)L)⁻¹ (V + dt·M V): for monotone differences monotone and sup-norm stable under their own bound alone,
 * uniformly in ε. As ε → 0 the resolvent tends to the projection on the stationary measure of this very L, the step to
 * averaged Euler on the same grid (docs/theory.md §4.10).
 */
export const euler = rungeKutta({ kind: 'imex', gamma: 1, rows: [{ explicit: [1], implicit: [], at: 1 }] });

export const imex: TimeMethod = {
  name: 'imex',
  label: 'IMEX Euler',
  order: 1,
  asymptoticPreserving: true,
  source: 'Jin 1999',
  steps: euler,
};

/** The same for the effective equation: v⁺ = v + dt Σ_j π_j (M v)(·, y_j). */
export const averagedEuler: TimeMethod = { ...imex, label: 'Euler' };

export const implicit: TimeMethod = {
  name: 'implicit',
  label: 'implicit Euler with policy iteration',
  order: 1,
  asymptoticPreserving: true,
  source: 'Howard 1960; Bokanowski, Maroso, Zidani 2009',
  steps: { kind: 'policy' },
};

/**
 * V⁺ = V + dt (M V + L V/ε), the baseline that shows why y must be implicit: monotone iff dt (Σ_i|φ_i|/dx_i + (1/ε) max
 * rate out of a y-node) ≤ 1, so that the number of steps grows like 1/ε.
 */
export const explicit: TimeMethod = {
  name: 'explicit',
  label: 'explicit Euler',
  order: 1,
  asymptoticPreserving: false,
  source: 'Euler 1768',
  steps: rungeKutta({ kind: 'convex', kept: [0] }),
  stableStep: (shared, fast, epsilon) => 1 / (1 / shared + fast.largestRate / epsilon),
};

const GAMMA = 1 - Math.SQRT1_2;
const DELTA = 1 - 1 / (2 * GAMMA);

/**
 * Order 2 at fixed ε and, being of type ARS and stiffly accurate, in the limit ε → 0 (Boscarino, Pareschi, Russo 2013,
 * §3); in between (dt ≫ ε) the order is reduced. δ < 0: not monotone at any step.
 */
export const ars222: TimeMethod = {
  name: 'ars222',
  label: 'ARS(2,2,2)',
  order: 2,
  asymptoticPreserving: true,
  source: 'Ascher, Ruuth, Spiteri 1997',
  steps: rungeKutta({
    kind: 'imex',
    gamma: GAMMA,
    rows: [
      { explicit: [GAMMA], implicit: [], at: GAMMA },
      { explicit: [DELTA, 1 - DELTA], implicit: [1 - GAMMA], at: 1 },
    ],
  }),
};

/** Strong-stability-preserving, a convex combination of Euler steps (Gottlieb, Shu, Tadmor 2001, eq. 4.2). */
export const ssprk3: TimeMethod = {
  name: 'ssprk3',
  label: 'SSPRK3',
  order: 3,
  asymptoticPreserving: true,
  source: 'Shu, Osher 1988',
  steps: rungeKutta({ kind: 'convex', kept: [0, 3 / 4, 1 / 3] }),
};
