/**
 * The truncated δ-cell problem (Bardi, Kouhkouh 2023, Dirichlet–Poisson problem on D_n):
 *
 *   δω − L_x̄ ω = −h(y) in D_n = {|y| < n},   ω = 0 on ∂D_n,   h(y) = H(x̄, y, p̄),
 *   ω(y) = −E_y ∫₀^{τ_n} h(Y_t) e^{−δt} dt,
 *
 * and its exit weight E_y e^{−δτ_n}, the solution of the same problem with h = 0 and ω = 1 on the sphere. With
 * δ(n) = O(n^{−(4+α)}) −δω tends to H̄ locally uniformly; with δ → 0 at fixed n it tends to 0: the exit weight tells.
 */
import { type Axis, coordinates, uniformAxis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import { type GridFunction, sample } from '../src/grid/grid-function.ts';
import { type FastScheme, fastGenerator } from '../src/operator/fast-generator.ts';
import { hamiltonianAt } from '../src/problem/hamiltonian.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Problem } from '../src/problem/problem.ts';
import { requireNoSource } from '../src/time/source.ts';
import { requireOneByOne } from './dimensions.ts';

export interface DeltaCellOptions {
  /** x̄, n components. */
  readonly x: Coordinates;
  /** p̄, n components. */
  readonly p: Coordinates;
  /** Radius n of the ball. */
  readonly radius: number;
  /** δ > 0. */
  readonly delta: number;
  /** Nodes per axis across the diameter, the sphere included. */
  readonly nodes: number;
  /** Replaces h = H(x̄,·,p̄). */
  readonly integrand?: (y: Coordinates) => number;
  readonly fastScheme?: FastScheme;
}

/** ω on the nodes of the diameter (0 on the sphere). */
export interface DeltaCellSolution extends GridFunction {
  readonly radius: number;
  readonly delta: number;
  readonly exitWeight: GridFunction;
  /** −δω(y), cubic interpolation between nodes. */
  minusDeltaOmega(y: Coordinates): number;
  /** E_y e^{−δτ_n}. */
  exitWeightAt(y: Coordinates): number;
  /** What is wrong with reading −δω(0) as H̄, and the remedy; null where nothing is. */
  readonly trap: string | null;
}

/** Above this exit weight −δω is no approximation of H̄: more than 1 % of the discounted mass leaves the ball. */
export const LARGEST_EXIT_WEIGHT = 0.01;

/** Solves the δ-cell problem for m = 1, second order in h; M-matrix, full relative accuracy for h ≥ 0. */
export function solveDeltaCell(problem: Problem, options: DeltaCellOptions): DeltaCellSolution {
  requireOneByOne(problem, 'the δ-cell problem');
  requireNoSource(problem, 'the δ-cell problem');
  const { radius, delta } = options;
  const solution = solveOnBall(problem, options);
  const origin = [0];
  const weight = solution.exitWeightAt(origin);
  const value = solution.minusDeltaOmega(origin);
  const trap = weight > LARGEST_EXIT_WEIGHT ? describeTrap(problem, options, value, weight) : null;
  return { ...solution, radius, delta, trap };
}

type BallSolution = Omit<DeltaCellSolution, 'trap'>;

function solveOnBall(problem: Problem, options: DeltaCellOptions): BallSolution {
  const { x, p, radius, delta, nodes, fastScheme } = options;
  const diameter = ballAxis(radius, nodes);
  const h = options.integrand ?? hamiltonianAt(problem, x, p);
  const interior = uniformAxis('y', -radius + diameter.spacing, radius - diameter.spacing, nodes - 2);
  const generator = fastGenerator(problem, [x], interior, { scheme: fastScheme, boundary: 'absorbing' });

  const source = coordinates(interior).map((y) => -finite(h([y]), y, problem));
  const omega = new Float64Array(interior.nodes);
  const weight = new Float64Array(interior.nodes);
  generator.solve(omega, delta, source);
  generator.solve(weight, delta, generator.killing as Float64Array);

  const grid = tensorGrid([diameter]);
  const onDiameter = (values: Float64Array, onSphere: number) => ({
    grid,
    values: Float64Array.from([onSphere, ...values, onSphere]),
  });
  const field = onDiameter(omega, 0);
  const exitWeight = onDiameter(weight, 1);
  return {
    ...field,
    radius,
    delta,
    exitWeight,
    minusDeltaOmega: (y) => -delta * sample(field, y, [3]),
    exitWeightAt: (y) => sample(exitWeight, y, [3]),
  };
}

function ballAxis(radius: number, nodes: number): Axis {
  if (!(radius > 0) || !Number.isInteger(nodes) || nodes < 5) {
    throw new InputError(
      `a ball of radius ${radius} with ${nodes} nodes across is no domain`,
      'the radius must be positive and the diameter needs at least 5 nodes',
      'give a positive --radius and --nodes 401 or more',
    );
  }
  return uniformAxis('y', -radius, radius, nodes);
}

/** The sentence that names the trap and a radius that avoids it, with the value found there. */
function describeTrap(problem: Problem, options: DeltaCellOptions, value: number, weight: number): string {
  const { radius, delta } = options;
  const fact =
    `with δ = ${round(delta)} the process leaves the ball of radius ${round(radius)} before it mixes ` +
    `(exit weight ${round(weight)} at 0), so −δω(0) = ${round(value)} is not H̄.`;
  for (let factor = 1.25; factor < 20; factor *= 1.25) {
    const larger = Math.ceil(radius * factor);
    const nodes = Math.min(Math.ceil((options.nodes * larger) / radius), 20001);
    const wider = solveOnBall(problem, { ...options, radius: larger, nodes });
    if (wider.exitWeightAt([0]) > LARGEST_EXIT_WEIGHT) continue;
    const found = round(wider.minusDeltaOmega([0]));
    return `${fact} Enlarge the radius (${larger} gives ${found}) or vary δ and the radius together, δ = n^−(4+α).`;
  }
  return `${fact} Vary δ and the radius together, δ = n^−(4+α).`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function finite(value: number, y: number, problem: Problem): number {
  if (Number.isFinite(value)) return value;
  throw new InputError(
    `the integrand h is ${value} at y = ${y}`,
    'the formula has no finite value at this node',
    'change the formula or the radius',
    problem.deepRelaxation === undefined ? 'slowDrift' : 'loss',
  );
}
