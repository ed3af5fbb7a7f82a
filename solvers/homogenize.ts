/**
 * The effective coefficients of an uncontrolled system, m = 1, 2, 3,
 *
 *   dX = (φ + ε^{−1/2} g)(X,Y) dt + s(X,Y) dW,   dY = b(X,Y)/ε dt + r(X,Y)/√ε dB   →   dX̂ = F(X̂) dt + σ̄(X̂) dW,
 *
 *   F = ∫φ dμ_x + ∫(g·D_x)χ dμ_x,   A = σ̄σ̄ᵀ = ∫ssᵀ dμ_x + ∫(g⊗χ + χ⊗g) dμ_x,   −L_xχ = g,   ∫g dμ_x = 0
 *
 * (Pavliotis, Stuart 2008, chapter 11). D_xχ solves −L D_xχ = D_xg + (D_xL)χ; where L is self-adjoint in μ_x, on a line
 * and with a potential, ∫g_j ∂_jχ_i dμ = ∫χ_j (∂_jg_i + (∂_jL)χ_i) dμ needs no further solve. All integrals are sums
 * over nodes with three spacings, each half the one before: where they fall as order 2 does they are extrapolated to
 * order 4 (Richardson 1911), and the error is the change of the extrapolated value.
 */
import { isAdmissible, onlyControl } from '../src/control/control-set.ts';
import type { Axis } from '../src/grid/axis.ts';
import { InputError } from '../src/input/input-error.ts';
import { requireCount } from '../src/input/require.ts';
import { reached, type Watch } from '../src/input/watch.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { type EffectiveSums, effectiveSums } from './averaging/effective-sums.ts';
import { evenAxes, supportBox } from './averaging/fast-support.ts';
import { frozenTerms, requireBox, requireFrozen } from './requirements.ts';
import { leftOutAt, missedOnGrid } from './verification/measure-on-grid.ts';

/** Where effective coefficients are wanted. */
export interface HomogenizeOptions {
  /** n components. */
  readonly x: Coordinates;
  /** The control that is held; needed where U has more than one. */
  readonly u?: Coordinates;
  /** Nodes on the longest side of the y-box on the finest of three grids, rounded up to 4k + 1; default by m. */
  readonly nodes?: number;
  /** One interval per fast axis; default: the support of μ_x. */
  readonly box?: readonly Interval[];
}

/** A number with an estimate of its error. */
export interface Estimated {
  readonly value: number;
  readonly error: number;
}

/** F and A = σ̄σ̄ᵀ at one x. */
export interface EffectiveCoefficients {
  readonly x: readonly number[];
  /** F, n components. */
  readonly drift: readonly Estimated[];
  /** A, n rows of n entries. */
  readonly diffusion: readonly (readonly Estimated[])[];
  /** ∫g dμ_x, which is 0 within its error; null without a centred drift. */
  readonly centring: readonly Estimated[] | null;
  /** Nodes per fast axis of the finest grid. */
  readonly nodes: readonly number[];
  readonly box: readonly Interval[];
  /** What the box leaves out or the nodes do not resolve of μ_x: errors are then ∞. */
  readonly warnings: readonly string[];
  readonly outcome: Outcome;
}

/** Nodes of the finest grid. */
const NODES = { 1: 1601, 2: 257, 3: 65 } as const;
/** Differences of two halvings that fall by less are not those of order 2: 4, and 2 is order 1. */
const FALLS = 3;
/** Rounding of a sum relative to the largest terms it may have. */
const ROUNDING = 1e-12;

/**
 * F and A at x by the corrector; order 4 in the spacing where the coefficients are smooth. Throws InputError for
 * options that do not fit, where more than one control is left, and where g is not centred.
 */
export function homogenize(problem: Problem, options: HomogenizeOptions, watch: Watch = {}): EffectiveCoefficients {
  const { x, box: given } = options;
  requireFrozen(problem, { what: 'the effective diffusion', takes: [...frozenTerms, 'centredDrift'] }, x);
  requireBox(problem, given);
  const { m } = dimensionsOf(problem);
  const u = heldControl(problem, options.u);
  const box = given ?? supportBox(problem, x);
  const most = options.nodes ?? NODES[m];
  requireCount(most, 17, { name: 'nodes', use: 'the finest of three grids has so many nodes on its longest side' });
  const axes = nestedAxes(box, most);
  const sums = axes.map((each, level) => {
    reached(watch, level === 0 ? 0 : 8 ** (level - axes.length));
    return effectiveSums(problem, { x, u, axes: each }, { signal: watch.signal });
  });
  reached(watch, 1);
  const [finest] = axes.slice(-1);
  const cut = given === undefined ? null : leftOutAt(problem, x, given);
  const warnings = [missedOnGrid(problem, x, finest).doubt, cut].filter((doubt) => doubt !== null);
  const estimated = (of: (level: EffectiveSums) => number) =>
    extrapolated(sums.map(of), warnings.length > 0 ? Infinity : 0);
  const slow = Array.from(x, (_, i) => i);
  const centring = problem.centredDrift === undefined ? null : slow.map((i) => estimated(({ centre }) => centre[i]));
  refuseOffCentre(problem, x, centring, sums[2].size);
  return {
    x: Array.from(x),
    drift: slow.map((i) => estimated(({ drift }) => drift[i])),
    diffusion: slow.map((i) => slow.map((j) => estimated(({ diffusion }) => diffusion[i][j]))),
    centring,
    nodes: finest.map(({ nodes }) => nodes),
    box,
    warnings,
    outcome: sums.map(({ outcome }) => outcome).find(({ status }) => status !== 'converged') ?? { status: 'converged' },
  };
}

/** Three grids on a box, each with every other node of the next. */
function nestedAxes(box: readonly Interval[], most: number): readonly (readonly Axis[])[] {
  const coarse = evenAxes(box, Math.ceil((most - 1) / 4) + 1);
  const refined = (axes: readonly Axis[], by: number) =>
    axes.map((axis) => ({ ...axis, nodes: by * (axis.nodes - 1) + 1, spacing: axis.spacing / by }));
  return [coarse, refined(coarse, 2), refined(coarse, 4)];
}

/** From values with spacings h, h/2, h/4. */
function extrapolated([first, second, third]: readonly number[], more: number): Estimated {
  const [before, change] = [second - first, third - second];
  const rounding = ROUNDING * Math.max(Math.abs(first), Math.abs(second), Math.abs(third));
  const isOfOrder2 = Math.abs(change) * FALLS <= Math.abs(before);
  if (!isOfOrder2) return { value: third, error: Math.max(Math.abs(change), Math.abs(before)) + rounding + more };
  const value = third + change / 3;
  return { value, error: Math.abs(value - (second + before / 3)) + rounding + more };
}

/** The control that is held, else the only one. */
function heldControl({ controls, name }: Problem, u: Coordinates | undefined): Coordinates {
  const held = u ?? onlyControl(controls);
  if (held === null) {
    throw new InputError(
      `${name} has a control`,
      'effective coefficients are those of a system without one',
      `hold it: ${controls.names.map((each) => `${each}=…`).join(',')}`,
      'control',
    );
  }
  if (isAdmissible(controls, held)) return held;
  const fact = `the control ${Array.from(held).join(', ')} is not admissible`;
  throw new InputError(fact, `it is no value of U for ${controls.names.join(', ')}`, 'choose one of U');
}

/** A mean of g that is not 0 within its error and the rounding of its sum has no corrector. */
function refuseOffCentre(
  { name }: Problem,
  x: Coordinates,
  centring: readonly Estimated[] | null,
  size: readonly number[],
): void {
  const off = (centring ?? []).findIndex(({ value, error }, i) => Math.abs(value) > error + ROUNDING * size[i]);
  if (centring === null || off < 0) return;
  const [mean, error] = [centring[off].value.toPrecision(6), centring[off].error.toPrecision(2)];
  throw new InputError(
    `component ${off + 1} of the centred drift of ${name} has the mean ${mean} ± ${error}`,
    `ε^(−1/2) g has a limit only if ∫g dμ_x = 0, and at x = ${Array.from(x).join(', ')} it is not`,
    'subtract its mean, or write the rest as the drift',
    'centredDrift',
  );
}
