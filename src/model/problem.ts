/**
 * A two-scale control problem as data.
 *
 *   dX = φ(X,Y,u) dt + s(X,Y,u) dW,   dY = b(X,Y)/ε dt + r(X,Y)/√ε dB,
 *   minimise E[∫ e^−λt ℓ(X,Y,u) dt + e^−λT g(X_T,Y_T)] over u ∈ U,
 *
 * with n slow variables x, m fast variables y, W and B independent, and U compact (Bardi, Kouhkouh 2023, system (CSε),
 * where s = 0, r = √2, λ = 0 and g = f(x); the general system: arXiv:2208.00655).
 * A problem knows neither ε nor grids nor schemes: those are options of solvers. Its fields have n and m components.
 */
import type { Formula } from '../formula/formula.ts';

/** A point of Rⁿ, Rᵐ or U, read only. */
export type Coordinates = ArrayLike<number>;

/** One component of φ(x,y,u), or the running cost ℓ(x,y,u). */
export type ControlledField = (x: Coordinates, y: Coordinates, u: Coordinates) => number;

/** One component of b(x,y), or the potential Φ(x,y) with b = −D_yΦ. */
export type FastField = (x: Coordinates, y: Coordinates) => number;

/** A function of one point: f(x), the loss f(y), a component of ∇f. */
export type Field = (point: Coordinates) => number;

/** A product of closed intervals; an end may be infinite. */
export interface ControlBox {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** The control set U: a box of intervals, a finite list of values, or a union of boxes. Without names: no control. */
export type ControlSet =
  | ({ readonly kind: 'box'; readonly names: readonly string[] } & ControlBox)
  | { readonly kind: 'values'; readonly names: readonly string[]; readonly values: readonly (readonly number[])[] }
  | { readonly kind: 'boxes'; readonly names: readonly string[]; readonly boxes: readonly ControlBox[] };

/** U as a union of boxes: a value is a box without extent. */
export function boxesOf(controls: ControlSet): readonly ControlBox[] {
  if (controls.kind === 'box') return [controls];
  return controls.kind === 'boxes' ? controls.boxes : controls.values.map((value) => ({ lower: value, upper: value }));
}

/** The smallest box that holds U: an interval per control. */
export function hullOf(controls: ControlSet): readonly Interval[] {
  const boxes = boxesOf(controls);
  return controls.names.map((_, c) => united(boxes.map(({ lower, upper }) => ({ lower: lower[c], upper: upper[c] }))));
}

/** A potential V(y,x) = f(y) + γ|x−y|²/2 (m = n). */
export interface DeepRelaxation {
  /** f. */
  readonly loss: Formula<Field>;
  /** ∇f, n components. */
  readonly gradient: readonly Formula<Field>[];
  /** γ > 0. */
  readonly gamma: number;
}

/**
 * b, m components, and the noise; with a potential b = −D_yΦ and the noise is √2, so that the invariant measure is
 * known to be the Gibbs measure e^−Φ.
 */
export type FastProcess =
  | {
      readonly kind: 'potential';
      readonly potential: Formula<FastField>;
      readonly drift: readonly Formula<FastField>[];
      /** Where Φ is one. */
      readonly deepRelaxation?: DeepRelaxation;
    }
  | {
      readonly kind: 'drift';
      readonly drift: readonly Formula<FastField>[];
      /** r, m components: dY_k = b_k/ε dt + r_k/√ε dB_k. Absent: √2 everywhere. */
      readonly noise?: readonly Formula<FastField>[];
      readonly deepRelaxation?: undefined;
    };

/** Closed or semi-closed forms a problem carries; each becomes a test and a table column. τ = T − t is time to go. */
export interface Exact {
  /** Vᵉ(τ; x, y). */
  readonly value?: (query: { tau: number; epsilon: number; x: Coordinates; y: Coordinates }) => number;
  /** u*(τ; x, y), a control that attains the minimum of H at D_xVᵉ. */
  readonly feedback?: (query: Parameters<NonNullable<Exact['value']>>[0]) => readonly number[];
  /** v(τ, x), the limit of Vᵉ as ε → 0. */
  readonly limit?: (tau: number, x: Coordinates) => number;
  /** Where the forms come from, one line. */
  readonly source: string;
}

/** A cost e^{−decay·τ}·value(x,y) per unit of time, added to ℓ in ∂_τV; it makes manufactured solutions exact. */
export interface Source {
  readonly decay: number;
  readonly value: FastField;
}

/** A two-scale control problem; immutable. */
export interface Problem {
  /** Short, for messages. */
  readonly name: string;
  /** For display. */
  readonly title: string;
  /** T > 0. */
  readonly horizon: number;
  /** U. */
  readonly controls: ControlSet;
  /** φ, n components. */
  readonly slowDrift: readonly Formula<ControlledField>[];
  /** b, m components, and its potential where it has one. */
  readonly fast: FastProcess;
  /** s, a row of coefficients of independent Brownian motions per slow variable; absent means 0. */
  readonly slowNoise?: readonly (readonly Formula<ControlledField>[])[];
  /** g, n components: dX = … + ε^{−1/2} g(X,Y) dt with ∫g dμ_x = 0; absent means 0. Most solvers refuse it. */
  readonly centredDrift?: readonly Formula<FastField>[];
  /** g(x,y); a function of x alone is f(x). */
  readonly terminalCost: Formula<FastField>;
  /** ℓ; absent means 0. */
  readonly runningCost?: Formula<ControlledField>;
  /** λ ≥ 0, per unit of time; absent means 0. */
  readonly discount?: number;
  /** Absent means 0; only problems made in code have one. Solvers that cannot take it refuse it. */
  readonly source?: Source;
  /** Solutions known in closed form. */
  readonly exact?: Exact;
  /** The formulas as written, for display: name on the left ("φ", "b", "f", …), formula on the right. */
  readonly formulas: readonly (readonly [string, string])[];
}

/** φ and, where there is one, ℓ. */
export function controlledFields({
  slowDrift,
  runningCost,
}: Pick<Problem, 'slowDrift' | 'runningCost'>): readonly Formula<ControlledField>[] {
  return runningCost === undefined ? slowDrift : [...slowDrift, runningCost];
}

/** n and m. */
export function dimensionsOf({ slowDrift, fast }: Problem): { readonly n: 1 | 2; readonly m: 1 | 2 | 3 } {
  return { n: slowDrift.length as 1 | 2, m: fast.drift.length as 1 | 2 | 3 };
}

/** A closed interval of the real line. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** The smallest interval that holds all of these, one at least. */
export function united(sides: readonly Interval[]): Interval {
  return { lower: Math.min(...sides.map(({ lower }) => lower)), upper: Math.max(...sides.map(({ upper }) => upper)) };
}
