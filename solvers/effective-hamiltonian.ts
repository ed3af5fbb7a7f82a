/**
 * The effective Hamiltonian H̄(x,p) = ∫ H(x,y,p) dμ_x(y) by four routes that must agree (THEORY §2.4):
 *
 *   gibbs       quadrature of H against e^{−Φ}, split where the minimising control switches;
 *   stationary  Σ_j π_j H_j with the stationary vector of the discrete generator;
 *   ergodic     the constant of the ergodic pair (c, χ), with its discrete enclosure;
 *   cell        −δω(0) of the truncated δ-cell problem, δ = n^−(4+α).
 */
import { type Axis, coordinates, uniformAxis } from '../src/grid/axis.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { supportAt } from '../src/problem/fast-box.ts';
import { gibbsMeasure } from '../src/problem/gibbs-measure.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import { requireNoSource } from '../src/time/source.ts';
import { encloseByCell } from './cell-enclosure.ts';
import { solveDeltaCell } from './delta-cell.ts';
import { requireOneByOne } from './dimensions.ts';
import { quadratureBound, solveErgodicCell } from './ergodic-cell.ts';

export const hamiltonianMethods = ['gibbs', 'stationary', 'ergodic', 'cell'] as const;
export type HamiltonianMethod = (typeof hamiltonianMethods)[number];

export interface EffectiveHamiltonianOptions {
  readonly x: Coordinates;
  readonly p: Coordinates;
  readonly method: HamiltonianMethod;
  /** Nodes of the y-grid (stationary, ergodic, cell). */
  readonly nodes?: number;
  /** Fast interval; default: the support of μ_x. */
  readonly interval?: Interval;
  /** Radius and α of the cell route; default: the ball that holds the support, α = 0.5. */
  readonly radius?: number;
  readonly alpha?: number;
  readonly fastScheme?: FastScheme;
}

export interface EffectiveHamiltonian {
  readonly value: number;
  /** An interval that holds H̄ up to what `errorSource` names, or null where the method has none. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** What widens the enclosure beyond round-off, in words. */
  readonly errorSource: string;
  readonly warnings: readonly string[];
}

/** Fine enough for a quadrature error below 1e-6 at a kink of unit jump. */
const DEFAULT_NODES = 8001;

/** H̄(x,p) with n = m = 1 by the chosen method; gibbs is near round-off. */
export function effectiveHamiltonian(problem: Problem, options: EffectiveHamiltonianOptions): EffectiveHamiltonian {
  requireOneByOne(problem, 'the effective Hamiltonian');
  requireNoSource(problem, 'the effective Hamiltonian');
  const interval = options.interval ?? supportAt(problem, options.x[0]);
  const axis = uniformAxis('y', interval.lower, interval.upper, options.nodes ?? DEFAULT_NODES);
  return routes[options.method](problem, options, axis);
}

type Route = (problem: Problem, options: EffectiveHamiltonianOptions, axis: Axis) => EffectiveHamiltonian;

const routes: Record<HamiltonianMethod, Route> = { gibbs, stationary, ergodic, cell };

function gibbs(problem: Problem, { x, p }: EffectiveHamiltonianOptions, axis: Axis): EffectiveHamiltonian {
  if (problem.fastPotential === undefined) {
    throw new InputError(
      `${problem.name} has no potential for the method gibbs`,
      'its fast drift is given as a drift b, and the Gibbs measure needs Φ with b = −D_yΦ',
      'give fast.potential in the scenario, or use --method stationary or ergodic',
      'fastDrift',
    );
  }
  const value = gibbsMeasure(problem, x, axis).meanHamiltonian(p);
  return { value, lower: null, upper: null, errorSource: 'round-off and tails below 1e-12', warnings: [] };
}

function stationary(problem: Problem, options: EffectiveHamiltonianOptions, axis: Axis): EffectiveHamiltonian {
  const { x, p } = options;
  const hamiltonian = hamiltonianAt(problem, x, p);
  const h = coordinates(axis).map((y) => hamiltonian([y]));
  const weights = fastGenerator(problem, [x], axis, { scheme: options.fastScheme }).stationary();
  const value = weights.reduce((sum, weight, j) => sum + weight * h[j], 0);
  const error = quadratureBound(h, weights);
  return { value, lower: value - error, upper: value + error, errorSource: 'quadrature on the y-nodes', warnings: [] };
}

function ergodic(problem: Problem, options: EffectiveHamiltonianOptions, axis: Axis): EffectiveHamiltonian {
  const { x, p, fastScheme } = options;
  const { constant, lower, upper, quadratureError } = solveErgodicCell(problem, { x, p, axis, fastScheme });
  return {
    value: constant,
    lower: Math.min(lower, constant) - quadratureError,
    upper: Math.max(upper, constant) + quadratureError,
    errorSource: 'discrete enclosure and quadrature on the y-nodes',
    warnings: [],
  };
}

function cell(problem: Problem, options: EffectiveHamiltonianOptions, axis: Axis): EffectiveHamiltonian {
  const { x, p, fastScheme } = options;
  const radius = options.radius ?? Math.max(Math.abs(axis.lower), Math.abs(axis.upper));
  const delta = radius ** -(4 + (options.alpha ?? 0.5));
  const nodes = options.nodes ?? DEFAULT_NODES;
  const solution = solveDeltaCell(problem, { x, p, radius, delta, nodes, fastScheme });
  const enclosure = encloseByCell(problem, options, solution);
  return {
    value: solution.minusDeltaOmega([0]),
    lower: enclosure?.lower ?? null,
    upper: enclosure?.upper ?? null,
    errorSource: 'discrete enclosure, quadrature on the y-nodes, and the mass outside the ball',
    warnings: solution.trap === null ? [] : [solution.trap],
  };
}
