/**
 * The truncated δ-cell problem (Bardi, Kouhkouh 2023, Dirichlet–Poisson problem on D_n), m = 1, 2, 3:
 *
 *   δω − L_x̄ ω = −h(y) in D_n = {|y| < n} ⊂ R^m,   ω = 0 on ∂D_n,   h(y) = H(x̄, y, p̄, M̄),
 *   ω(y) = −E_y ∫₀^{τ_n} h(Y_t) e^{−δt} dt,
 *
 * and its exit weight E_y e^{−δτ_n}, the solution of the same problem with h = 0 and ω = 1 on the sphere. With
 * δ(n) = O(n^{−(4+α)}) −δω tends to H̄ locally uniformly; with δ → 0 at fixed n it tends to 0: the exit weight tells.
 * Where h may jump within the cell of a node its mean over the cell stands on the right (cell-averages.ts).
 */

import type { FastScheme } from '../src/generator/fast-generator.ts';
import { frozenOnBall } from '../src/generator/frozen-at.ts';
import type { BallGenerator, Enclosed } from '../src/generator/frozen-generator.ts';
import type { GridFunction } from '../src/grid/grid-function.ts';
import { InputError } from '../src/input/input-error.ts';
import { narrowing, type Watch } from '../src/input/watch.ts';
import { ellipticReach } from '../src/model/elliptic.ts';
import { atHessian, type Hessian } from '../src/model/hessian.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../src/model/problem.ts';
import type { Outcome } from '../src/time/march.ts';
import { requireNoSource } from '../src/time/source.ts';
import { sourceOn } from './cell-source.ts';
import { frozenTerms, requireCell, requireFrozen, requireHessian } from './requirements.ts';
import { doubtOnGrid, missedByBall } from './verification/measure-on-grid.ts';

/** Which cell problem is solved, and on which nodes. */
export interface DeltaCellOptions {
  /** x̄, n components. */
  readonly x: Coordinates;
  /** p̄, n components. */
  readonly p: Coordinates;
  /** M̄ = D²v, n rows; default 0. Of a problem without noise in x it has no part in H. */
  readonly M?: Hessian;
  /** Radius n of the ball. */
  readonly radius: number;
  /** δ > 0. */
  readonly delta: number;
  /** Nodes per axis across the diameter, the sphere included. */
  readonly nodes: number;
  /** Replaces h = H(x̄,·,p̄,M̄). */
  readonly integrand?: (y: Coordinates) => number;
  /** Jump rates of L_h; default exponential fitting (Scharfetter, Gummel 1969). */
  readonly fastScheme?: FastScheme;
}

/** ω on the nodes of the cube around the ball (m = 1: the diameter), 0 on the sphere and outside. */
export interface DeltaCellSolution extends GridFunction {
  readonly radius: number;
  readonly delta: number;
  /** E_y e^{−δτ_n} on the same nodes, 1 on the sphere and outside. */
  readonly exitWeight: GridFunction;
  /** −δω(y); cubic interpolation between nodes, a parabola next to the sphere. */
  minusDeltaOmega(y: Coordinates): number;
  /** E_y e^{−δτ_n}. */
  exitWeightAt(y: Coordinates): number;
  /**
   * At every node the discrete −δω lies in −δω + [lower, upper], proved by the residual. Null for m = 1, solved
   * directly to a few units of round-off, and where nothing was proved: then ω is NaN.
   */
  readonly enclosure: { readonly lower: number; readonly upper: number } | null;
  /** The largest |b|h: above 2 the scheme adds |b|h/2 times the diffusion there. 0 with a potential and for m = 1. */
  readonly peclet: number;
  /** Whether h may jump in the ball: then its means over cells stand in its place there. */
  readonly hasJumps: boolean;
  readonly outcome: Outcome;
  /** What is wrong with reading −δω(0) as H̄, and the remedy; null where nothing is. */
  readonly trap: string | null;
  /** What the nodes do not resolve of μ_x and the wells that the ball misses, in sentences. */
  readonly doubts: readonly string[];
  /** Everything that is doubtful: the trap, then the doubts. */
  readonly warnings: readonly string[];
}

/** Above this exit weight −δω is no approximation of H̄: more than 1 % of the discounted mass leaves the ball. */
export const LARGEST_EXIT_WEIGHT = 0.01;

/** Nodes that make a diameter. */
const FEWEST_NODES = 5;

/** The widths of the enclosures aimed at: of −δω relative to max|h|, and of the exit weight, of which less is asked. */
const AIM = { omega: 1e-9, exitWeight: 1e-7 } as const;
/** The enclosure, relative to max|h|, above which the solve counts as stalled. */
const TOLERABLE = 1e-6;

/**
 * Solves the δ-cell problem, second order in h, monotone; m = 1 directly, m = 2, 3 by multigrid. Throws InputError for
 * options that do not fit, for a problem with a source, and where h or b has no finite value.
 */
export function solveDeltaCell(given: Problem, options: DeltaCellOptions, watch: Watch = {}): DeltaCellSolution {
  const solution = solveOnBall(given, options, watch);
  const problem = atHessian(given, options.M);
  const origin = new Array(dimensionsOf(problem).m).fill(0);
  const weight = solution.exitWeightAt(origin);
  const value = solution.minusDeltaOmega(origin);
  const { x } = options;
  const trap = trapOf(problem, options, { weight, value, peclet: solution.peclet });
  const onGrid = doubtOnGrid(problem, x, solution.grid.axes, options.integrand);
  const doubts = [onGrid, missedByBall(problem, x, solution.radius)];
  const known = doubts.filter((doubt) => doubt !== null);
  return { ...solution, trap, doubts: known, warnings: trap === null ? known : [trap, ...known] };
}

/** Above this |b|h the diffusion that the scheme adds is more than the process has, and −δω tells little. */
export const LARGEST_PECLET = 10;

interface AtCentre {
  readonly weight: number;
  readonly value: number;
  readonly peclet: number;
}

function trapOf(problem: Problem, options: DeltaCellOptions, { weight, value, peclet }: AtCentre): string | null {
  if (peclet > LARGEST_PECLET) {
    const nodes = Math.ceil(((options.nodes - 1) * peclet) / 2) + 1;
    return (
      `the drift crosses up to ${round(peclet)} cells while diffusion crosses one (the mesh Péclet number |b|h), and ` +
      `the scheme adds up to ${round(peclet / 2)} times the diffusion there: −δω(0) = ${round(value)} and the exit ` +
      `weight ${round(weight)} belong to that. Take up to ${nodes} nodes, which bring it to 2.`
    );
  }
  return weight > LARGEST_EXIT_WEIGHT ? describeTrap(problem, options, value, weight) : null;
}

/** A solution without what is said about reading −δω(0) as H̄. */
export type BallSolution = Omit<DeltaCellSolution, 'trap' | 'doubts' | 'warnings'>;

/**
 * The same solution without the search for a larger ball, and with the same errors:
 * ω = (δ − L_h)⁻¹(−h) and the exit weight w = (δ − L_h)⁻¹k, k the rates out over the sphere.
 */
export function solveOnBall(given: Problem, options: DeltaCellOptions, watch: Watch = {}): BallSolution {
  const problem = posed(given, options);
  const { x, radius, delta, nodes } = options;
  const ball = { radius, across: nodes, boundary: 'absorbing' } as const;
  const generator = frozenOnBall(problem, x, ball, options.fastScheme);
  const h = sourceOn(problem, options, generator.nodes);
  const size = largest(h.values);

  const omega = generator.solve(delta, h.values.map(negative), {
    ...{ aim: AIM.omega / delta, size },
    seen: narrowing(watch, AIM.omega / delta, [0, 0.6]),
  });
  const weight = generator.solve(delta, generator.killing, {
    ...{ aim: AIM.exitWeight, size: 1 },
    seen: narrowing(watch, AIM.exitWeight, [0.6, 1]),
  });

  // |δω| ≤ max|h| and 0 ≤ w ≤ 1: where no more than that is known, there are no values.
  const [ofOmega, ofWeight] = [delta * widthOf(omega, size), widthOf(weight, 1)];
  const field = generator.extended(ofOmega < 1 ? omega.values : omega.values.map(unknown), 0);
  const exitWeight = generator.extended(ofWeight < 1 ? weight.values : weight.values.map(unknown), 1);
  const bounds = ofOmega < 1 ? omega.enclosure : null;
  return {
    ...field,
    radius,
    delta,
    exitWeight,
    minusDeltaOmega: (y) => -delta * generator.sampled(field, 0, y),
    exitWeightAt: (y) => generator.sampled(exitWeight, 1, y),
    enclosure: bounds && { lower: -delta * bounds.upper, upper: -delta * bounds.lower },
    peclet: generator.peclet,
    hasJumps: h.jumps.length > 0,
    outcome: outcomeOf(generator, Math.max(ofOmega, ofWeight), size),
  };
}

/** The problem at M̄. Throws InputError for what cannot be solved. */
function posed(given: Problem, options: DeltaCellOptions): Problem {
  requireFrozen(given, { what: 'the δ-cell problem', takes: frozenTerms }, options.x, options.p);
  requireHessian(given, options.M);
  requireNoSource(given, 'the δ-cell problem');
  requireCell(options, FEWEST_NODES);
  requireNoise(given, options);
  return atHessian(given, options.M);
}

/** Throws InputError where the ball holds a place at which the noise may be 0, m = 1. */
function requireNoise(problem: Problem, { x, radius }: DeltaCellOptions): void {
  const { lower, upper } = ellipticReach(problem, x);
  if (lower < -radius && upper > radius) return;
  const end = lower < -radius ? upper : lower;
  // The reach ends a hair beside the zero.
  const zero = Math.abs(end) < 1e-9 * radius ? 0 : round(end);
  throw new InputError(
    `the fast noise of ${problem.name} may be 0 at y = ${zero}, in the ball of radius ${round(radius)}`,
    'the δ-cell problem is posed on balls around 0, and the process does not live on both sides of that place',
    'take H̄ by the methods ergodic or stationary, which need no ball',
    'fastNoise',
  );
}

const negative = (value: number): number => -value;
const unknown = (): number => Number.NaN;

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** The width of an enclosure in units of the right side; 0 for a direct solution. */
function widthOf({ enclosure }: Enclosed, size: number): number {
  return enclosure === null || size === 0 ? 0 : (enclosure.upper - enclosure.lower) / size;
}

/** `width` of what is enclosed, in units of max|h|. */
function outcomeOf({ remedy }: BallGenerator, width: number, size: number): Outcome {
  if (width <= TOLERABLE || remedy === null) return { status: 'converged' };
  const residual = width * size;
  const fact = width < 1 ? `−δω is enclosed to ${round(residual)} only` : '−δω could not be enclosed';
  return { status: 'stalled', residual, advice: `${fact}: ${remedy('ball')}, or a larger δ` };
}

/** Nodes across of the wider balls tried for the advice: in several dimensions two or three digits are plenty. */
const ADVICE_NODES = { 1: 20001, 2: 101, 3: 33 } as const;

/** The sentence that names the trap and a radius that avoids it, with the value found there. */
function describeTrap(problem: Problem, options: DeltaCellOptions, value: number, weight: number): string {
  const { radius, delta } = options;
  const { m } = dimensionsOf(problem);
  const origin = new Array(m).fill(0);
  const fact =
    `with δ = ${round(delta)} the process leaves the ball of radius ${round(radius)} before it mixes ` +
    `(exit weight ${round(weight)} at 0), so −δω(0) = ${round(value)} is not H̄.`;
  let larger = radius;
  for (let factor = 1.25; factor < 20; factor *= 1.25) {
    if (Math.ceil(radius * factor) === larger) continue;
    larger = Math.ceil(radius * factor);
    const nodes = Math.min(Math.ceil((options.nodes * larger) / radius), ADVICE_NODES[m]);
    const wide = { ...options, radius: larger, nodes };
    const found = solveOnBall(problem, wide);
    // Not a number where the wider ball was not solved.
    if (!(found.exitWeightAt(origin) <= LARGEST_EXIT_WEIGHT)) continue;
    const shown = shownMean(problem, wide, found.minusDeltaOmega(origin));
    return `${fact} Enlarge the radius ${shown} or vary δ and the radius together, δ = n^−(4+α).`;
  }
  return `${fact} Vary δ and the radius together, δ = n^−(4+α).`;
}

/** The relative error of −δω(0) in a wider ball up to which it is shown as H̄. */
const CREDIBLE = 0.05;

/** "(6 gives 0.9992)" where neither half the discount nor half the nodes say otherwise, else "to 6". */
function shownMean(problem: Problem, options: DeltaCellOptions, value: number): string {
  const { radius, delta, nodes } = options;
  const origin = new Array(dimensionsOf(problem).m).fill(0);
  const at = (varied: Partial<DeltaCellOptions>) =>
    solveOnBall(problem, { ...options, ...varied }).minusDeltaOmega(origin);
  const error =
    Math.abs(at({ delta: delta / 2 }) - value) +
    Math.abs(at({ nodes: Math.max(FEWEST_NODES, Math.ceil(nodes / 2)) }) - value) / 3;
  if (!(error <= CREDIBLE * Math.abs(value))) return `to ${radius}`;
  return `(${radius} gives ${dimensionsOf(problem).m === 1 ? round(value) : `about ${value.toPrecision(2)}`})`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
