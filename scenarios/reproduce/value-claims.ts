/**
 * Theorem 2: Vᵉ → v locally uniformly. Both are solved by the same scheme on the same grid with the same steps, so that
 * their difference is the error in ε alone; half the nodes tell what the grid is still worth.
 */

import { type EffectiveSolution, solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';
import { forEachNode } from '../../src/grid/grid.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import { sampledCubically } from '../grids.ts';
import { type Claim, judged, powerBetween, type SeriesPoint } from './claim.ts';
import { type ClaimRun, entropicDescent, exactGain, type Model } from './model.ts';

const SCHEME = 'filtered';
/** The order in ε is read off where Vᵉ − v is far above rounding and ε far below 1. */
const ORDER_AT = [2, 3];
/** Runge–Kutta steps of entropic gradient descent: its error is below 1e-6. */
const DESCENT_STEPS = 16;

interface Values {
  /** sup over K of |Vᵉ − v| on one grid, per ε. */
  readonly distances: readonly number[];
  readonly limit: EffectiveSolution;
  /** Vᵉ at the smallest ε. */
  readonly last: GridFunction;
}

export async function valueClaims(model: Model, run: ClaimRun): Promise<Claim[]> {
  const fine = await valuesOn(model, run, model.valueShare);
  const coarse = await valuesOn(model, run, model.valueShare / 2);
  return [orderRow(model, fine, coarse), limitRow(model, fine, coarse), ...(await corollary(model, run))];
}

async function valuesOn(model: Model, run: ClaimRun, share: number): Promise<Values> {
  const axes = model.axes(share);
  const distances: number[] = [];
  let [last, limit]: [GridFunction | null, EffectiveSolution | null] = [null, null];
  for (const epsilon of model.epsilons.values) {
    last = await solveEpsilonHjb(model.problem, { ...axes, scheme: SCHEME, epsilon }, run);
    const { steps } = last as EffectiveSolution;
    limit ??= await solveEffectiveHjb(model.problem, { ...axes, scheme: SCHEME, steps }, run);
    distances.push(farthest(model, last, limit));
  }
  return { distances, limit: limit as EffectiveSolution, last: last as GridFunction };
}

/** sup over the nodes in K of |V − v|. */
export function farthest({ observe }: Pick<Model, 'observe'>, value: GridFunction, limit: GridFunction): number {
  const sides = [...observe.x, ...observe.y];
  let most = 0;
  forEachNode(value.grid, (k, point) => {
    const inside = sides.every(({ lower, upper }, i) => point[i] >= lower - 1e-9 && point[i] <= upper + 1e-9);
    if (inside) most = Math.max(most, Math.abs(value.values[k] - limit.values[k % limit.grid.size]));
  });
  return most;
}

function orderRow(model: Model, fine: Values, coarse: Values): Claim {
  const points = model.epsilons.values.map((at, k): SeriesPoint => {
    return { at, figure: fine.distances[k], error: Math.abs(fine.distances[k] - coarse.distances[k]) };
  });
  const power = ({ distances }: Values) => {
    const [a, b] = ORDER_AT.map((k) => ({ at: model.epsilons.values[k], figure: distances[k], error: 0 }));
    return powerBetween(a, b).figure;
  };
  return judged({
    claim: 'Theorem 2',
    statement: 'Vᵉ → v locally uniformly as ε → 0',
    model: model.name,
    measured: 'order in ε of sup|Vᵉ−v| over K, same grid',
    figure: power(fine),
    error: Math.abs(power(fine) - power(coarse)),
    expected: { kind: 'equal', value: 1, tolerance: 0.05 },
    resolution: 0.05,
    series: { parameter: 'ε', quantity: 'sup|Vᵉ−v|', points, order: 1 },
  });
}

/** Against the exact v, with the grid in the error bar. */
function limitRow(model: Model, fine: Values, coarse: Values): Claim {
  const at = (values: Values) => sampledCubically(values.last, [...model.x, ...model.y]);
  const [last] = model.epsilons.values.slice(-1);
  return judged({
    claim: 'Theorem 2',
    statement: 'Vᵉ → v locally uniformly as ε → 0',
    model: model.name,
    measured: `Vᵉ at ${pointOf(model)}, ε = ${last}; expected: the exact v`,
    figure: at(fine),
    error: Math.abs(at(fine) - at(coarse)) + fine.distances[fine.distances.length - 1],
    expected: { kind: 'equal', value: model.limit(model.problem.horizon, model.x), tolerance: 0 },
    resolution: 0.1 * exactGain(model),
    series: null,
  });
}

/** 𝒱, the best that a control can do that does not see Y, is f at the end of entropic gradient descent or before. */
async function corollary(model: Model, run: ClaimRun): Promise<Claim[]> {
  const blind = (steps: number) =>
    Math.min(...entropicDescent(model, steps).map((x) => slowTerminal(model.problem)(x)));
  const gainOn = async (share: number) => {
    const options = { ...model.axes(share), scheme: SCHEME } as const;
    return blind(DESCENT_STEPS) - sampledCubically(await solveEffectiveHjb(model.problem, options, run), model.x);
  };
  const [fine, coarse] = [await gainOn(2), await gainOn(1)];
  const gain = {
    claim: 'Corollary',
    statement: 'lim Vᵉ = v ≤ 𝒱, the value of dX = u(t)∇F(X)dt, in general strictly',
    model: model.name,
    figure: fine,
    error: Math.abs(fine - coarse) + Math.abs(blind(DESCENT_STEPS) - blind(DESCENT_STEPS / 2)),
    series: null,
  } as const;
  const exact = exactGain(model);
  const measured = `𝒱 − v at ${pointOf(model)}`;
  return [
    judged({
      ...gain,
      measured: `${measured}, what controls ν(y) gain`,
      expected: { kind: 'above', value: 0 },
      resolution: 0.5 * exact,
    }),
    judged({
      ...gain,
      measured: `${measured}; expected: the exact gain`,
      expected: { kind: 'equal', value: exact, tolerance: 0 },
      resolution: 0.1 * exact,
    }),
  ];
}

/** x = 1, or x = (1, 0). */
function pointOf({ x }: Model): string {
  return x.length === 1 ? `x = ${x[0]}` : `x = (${x.join(', ')})`;
}
