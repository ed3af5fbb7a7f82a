/** The cell problem: the δ(n) theorem and its trap, and the corrector. */

import {
  effectiveHamiltonian,
  evenAxes,
  solveDeltaCell,
  solveEpsilonHjb,
  solveErgodicCell,
  supportBox,
} from '../../solvers/index.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, type SeriesPoint } from './claim.ts';
import { type ClaimRun, type Model, slopeOf } from './model.ts';

/** δ(n) = n^−(4+α). */
const ALPHAS = [0.5, 1, 2];
/** Radii in units of the distance at which μ_x is spent. */
const SHARES = [0.55, 0.7, 0.85, 1];
/** δ → 0 at the first of them. */
const SMALL_DELTA = 1e-9;

/** Radii n of balls up to one that holds μ_x, of three digits: what is printed is what is solved. */
export function radiiOf({ problem, x }: Model): number[] {
  const reach = Math.max(...supportBox(problem, x).flatMap(({ lower, upper }) => [Math.abs(lower), Math.abs(upper)]));
  return SHARES.map((share) => Number((share * reach).toPrecision(3)));
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
  const points = radiiOf(model).map((radius): SeriesPoint => {
    const { value, change } = solvedCell(model, radius, radius ** -(4 + alpha));
    return { at: radius, figure: Math.abs(value - exact), error: change };
  });
  const last = points[points.length - 1];
  return judged({
    claim: 'δ(n) theorem',
    statement: 'δ(n) = n^−(4+α) ⇒ −δω(y) → H̄ for every α > 0',
    model: model.name,
    measured: `|−δω − H̄|/H̄ at n = ${last.at}, α = ${alpha}`,
    figure: last.figure / exact,
    error: last.error / exact,
    expected: { kind: 'below', value: 0.01 },
    resolution: 0.01,
    series: { parameter: 'n', quantity: `|−δω − H̄|, α = ${alpha}`, points, order: null },
  });
}

function trapRow(model: Model, exact: number): Claim {
  const [radius] = radiiOf(model);
  const { value, change } = solvedCell(model, radius, SMALL_DELTA);
  return judged({
    claim: 'δ(n) theorem',
    statement: 'the trap: δ → 0 at fixed n gives 0, not H̄',
    model: model.name,
    measured: `−δω/H̄ at n = ${radius}, δ = ${SMALL_DELTA}`,
    figure: value / exact,
    error: change / exact,
    expected: { kind: 'below', value: 0.01 },
    resolution: 0.01,
    series: null,
  });
}

/** Shares of the nodes at which the figure of the corrector is made again, those of y and those of x by themselves. */
const COARSER = [0.75, 0.5];

/**
 * (Vᵉ − v)/ε → χ(y; x, Dv) up to a function of x, between y and y′ = y + 1 along the first fast axis. What is expected
 * comes from the exact v and from grids of its own, so that no error is shared.
 */
export async function correctorClaim(model: Model, run: ClaimRun): Promise<Claim> {
  const { epsilons, valueShare: share } = model;
  const [epsilon] = epsilons.values.slice(-1);
  const figureAt = async (slow: number, fast: number, scale: number) => {
    const axes = { slow: model.axes(slow * share).slow, fast: model.axes(fast * share).fast };
    const options = { ...axes, scheme: 'filtered', epsilon: epsilon * scale } as const;
    const value = await solveEpsilonHjb(model.problem, options, run);
    return stepOverY(model, (y) => sampledCubically(value, [...model.x, ...y])) / options.epsilon;
  };
  const fine = await figureAt(1, 1, 1);
  const larger = await figureAt(1, 1, 10);
  const [alongY, alongX] = [[0], [0]];
  for (const s of COARSER) {
    alongY.push(leftOver(fine, await figureAt(1, s, 1), s));
    alongX.push(leftOver(fine, await figureAt(s, 1, 1), s));
  }
  const expected = expectedStep(model);
  return judged({
    claim: 'Corrector',
    statement: '(Vᵉ−v)/ε → χ(y; x, Dv), up to a function of x',
    model: model.name,
    measured: `(Vᵉ(x,y′)−Vᵉ(x,y))/ε, ε = ${epsilon}; expected: χ(y′)−χ(y)`,
    figure: fine,
    error: Math.max(...alongY) + Math.max(...alongX) + Math.abs(fine - larger),
    expected: { kind: 'equal', value: expected.figure, tolerance: expected.error },
    resolution: 0.2 * Math.abs(expected.figure),
    series: null,
  });
}

/** What an error of order 1 still is where a share of the nodes changes it; one of a higher order is smaller. */
function leftOver(fine: number, coarse: number, share: number): number {
  return (Math.abs(fine - coarse) * share) / (1 - share);
}

/** g(y′) − g(y). */
function stepOverY({ y }: Model, g: (y: readonly number[]) => number): number {
  return g(y.map((v, i) => (i === 0 ? v + 1 : v))) - g(y);
}

/** Differences of the exact v for p, over ± so much and half of it. */
const DIFFERENCE = 0.01;

/** χ(y′) − χ(y) at p = Dv; its error is the change from half the nodes and from twice the difference. */
export function expectedStep(model: Model): { readonly figure: number; readonly error: number } {
  const { problem, x, cellNodes } = model;
  const of = (p: readonly number[], nodes: number) => {
    const cell = solveErgodicCell(problem, { x, p, axes: evenAxes(model.fastBox, nodes) });
    return stepOverY(model, (y) => sampledCubically({ grid: cell.grid, values: cell.corrector }, y));
  };
  const coarser = (cellNodes - 1) / 2 + 1;
  const [fine, coarse] = [of(exactSlope(model, DIFFERENCE / 2), cellNodes), of(exactSlope(model, DIFFERENCE), coarser)];
  const slopes = Math.abs(coarse - of(exactSlope(model, DIFFERENCE / 2), coarser));
  return { figure: fine, error: Math.abs(fine - coarse) + 2 * slopes };
}

/** Dv(x) at the end of time, by differences over ± `by`. */
function exactSlope({ limit, problem, x }: Model, by: number): number[] {
  const at = (i: number, move: number) => limit(problem.horizon, x.with(i, x[i] + move));
  return x.map((_, i) => (at(i, by) - at(i, -by)) / (2 * by));
}
