/** The cell problem: the δ(n) theorem and its trap, and the corrector. */

import {
  effectiveHamiltonian,
  solveDeltaCell,
  solveEffectiveHjb,
  solveEpsilonHjb,
  solveErgodicCell,
  supportBox,
} from '../../solvers/index.ts';
import type { Axis } from '../../src/grid/axis.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, type SeriesPoint } from './claim.ts';
import { type ClaimRun, type Model, slopeOf } from './model.ts';

/** δ(n) = n^−(4+α). */
const ALPHAS = [0.5, 1, 2];
/** Radii in units of the distance at which μ_x is spent. */
const RADII = [0.55, 0.7, 0.85, 1];
/** δ → 0 at the first of them. */
const SMALL_DELTA = 1e-9;

/** The radius of a ball that holds μ_x. */
function reachOf({ problem, x }: Model): number {
  return Math.max(...supportBox(problem, x).flatMap(({ lower, upper }) => [Math.abs(lower), Math.abs(upper)]));
}

export function deltaClaims(model: Model): Claim[] {
  const exact = effectiveHamiltonian(model.problem, { x: model.x, p: slopeOf(model), method: 'gibbs' }).value;
  return [...ALPHAS.map((alpha) => deltaRow(model, alpha, exact)), trapRow(model, exact)];
}

/** −δω(0) and its change from half the nodes. */
function solvedCell(model: Model, radius: number, delta: number) {
  const at = (nodes: number) => {
    const cell = solveDeltaCell(model.problem, { x: model.x, p: slopeOf(model), radius, delta, nodes });
    return cell.minusDeltaOmega(model.y);
  };
  const [fine, coarse] = [at(model.cellNodes), at((model.cellNodes - 1) / 2 + 1)];
  return { value: fine, change: Math.abs(fine - coarse) };
}

function deltaRow(model: Model, alpha: number, exact: number): Claim {
  const reach = reachOf(model);
  const points = RADII.map((share): SeriesPoint => {
    const radius = share * reach;
    const { value, change } = solvedCell(model, radius, radius ** -(4 + alpha));
    return { at: radius, figure: Math.abs(value - exact), error: change };
  });
  const last = points[points.length - 1];
  return judged({
    claim: 'δ(n) theorem',
    statement: 'δ(n) = n^−(4+α) ⇒ −δω(y) → H̄ for every α > 0',
    model: model.name,
    measured: `|−δω − H̄|/H̄ at n = ${last.at.toPrecision(3)}, α = ${alpha}`,
    figure: last.figure / exact,
    error: last.error / exact,
    expected: { kind: 'below', value: 0.01 },
    resolution: 0.01,
    series: { parameter: 'n', quantity: `|−δω − H̄|, α = ${alpha}`, points, order: null },
  });
}

function trapRow(model: Model, exact: number): Claim {
  const radius = RADII[0] * reachOf(model);
  const { value, change } = solvedCell(model, radius, SMALL_DELTA);
  return judged({
    claim: 'δ(n) theorem',
    statement: 'the trap: δ → 0 at fixed n gives 0, not H̄',
    model: model.name,
    measured: `−δω/H̄ at n = ${radius.toPrecision(3)}, δ = ${SMALL_DELTA}`,
    figure: value / exact,
    error: change / exact,
    expected: { kind: 'below', value: 0.01 },
    resolution: 0.01,
    series: null,
  });
}

/** (Vᵉ − v)/ε → χ(y; x, Dv) up to a function of x. */
export async function correctorClaim(model: Model, run: ClaimRun): Promise<Claim> {
  const [epsilon] = model.epsilons.values.slice(-1);
  const solved = async (share: number, scale: number) => {
    const axes = model.axes(share);
    const options = { ...axes, scheme: 'filtered' } as const;
    const value = await solveEpsilonHjb(model.problem, { ...options, epsilon: epsilon * scale }, run);
    const limit = await solveEffectiveHjb(model.problem, { ...options, steps: value.steps }, run);
    const { figure, expected } = correctors(model, axes, value, limit, epsilon * scale);
    return { figure, expected };
  };
  const { valueShare: share } = model;
  const [fine, coarse, larger] = [await solved(share, 1), await solved(share / 2, 1), await solved(share, 10)];
  // Both sides share the grid in y and the slope of v: each has a bar of its own, what is left of an error of order 1
  // that changes by so much from half the nodes.
  const change = (side: 'figure' | 'expected') => Math.abs(fine[side] - coarse[side]);
  return judged({
    claim: 'Corrector',
    statement: '(Vᵉ−v)/ε → χ(y; x, Dv), up to a function of x',
    model: model.name,
    measured: `(Vᵉ(x,y′)−Vᵉ(x,y))/ε, ε = ${epsilon}; expected: χ(y′)−χ(y)`,
    figure: fine.figure,
    error: change('figure') + Math.abs(fine.figure - larger.figure),
    expected: { kind: 'equal', value: fine.expected, tolerance: change('expected') },
    resolution: 0.2 * Math.abs(fine.expected),
    series: null,
  });
}

/** Both sides of the corrector claim between two points y and y′ = y + 1 along the first fast axis. */
function correctors(
  { problem, x, y }: Model,
  { slow, fast }: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
  value: GridFunction,
  limit: GridFunction,
  epsilon: number,
) {
  const beyond = y.map((v, i) => (i === 0 ? v + 1 : v));
  const at = (point: readonly number[]) => sampledCubically(value, [...x, ...point]);
  const p = slow.map(({ spacing }, i) => {
    const moved = (by: number) => x.map((v, k) => (k === i ? v + by : v));
    return (sampledCubically(limit, moved(spacing)) - sampledCubically(limit, moved(-spacing))) / (2 * spacing);
  });
  const cell = solveErgodicCell(problem, { x, p, axes: fast });
  const chi = (point: readonly number[]) => sampledCubically({ grid: cell.grid, values: cell.corrector }, point);
  return { figure: (at(beyond) - at(y)) / epsilon, expected: chi(beyond) - chi(y) };
}
