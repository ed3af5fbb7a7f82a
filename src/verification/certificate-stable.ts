/**
 * Stable: a monotone step that commutes with constants, S(V + c) = S(V) + qc, q = 1 − λdt ≤ 1, does not expand,
 * ‖S(V) − S(W)‖ ≤ q‖V − W‖ (Crandall, Tartar 1980), so that after T/dt steps |V| ≤ sup|f| + T·sup|min_u ℓ|, whatever
 * the grid. A filter adds c·T. Near the ends of the x-box noise is that of inner nodes, which is not monotone: where it
 * has a rate there, no bound follows, and V may grow with its curvature.
 */
import { forEachNode } from '../grid/grid.ts';
import type { Finding } from './certificate.ts';
import { type CertifiedStep, hasNoisyEnds, mapped } from './certificate-monotone.ts';
import { withStep } from './certificate-operators.ts';

/** Bounds hold to the rounding of T/dt steps, an error of about 1e-16 each. */
const ROUNDING = 1e-10;

/** The first state of the step is the start f, `solution` the value at τ = T, `monotone` what was found of the step. */
export async function certifyStable(step: CertifiedStep, solution: Float64Array, monotone: Finding): Promise<Finding> {
  const { program, kernel, dt, horizon, claim, reach, discount } = step;
  const start = step.states[0];
  const values = [new Float64Array(start.length), start.map((value) => value + 1), start];
  const [ofZero, raised, kept] = await withStep(kernel, program, (map) => mapped(map, values));
  const source = supremum(ofZero) / dt;
  const defect = raised.reduce((most, value, k) => Math.max(most, Math.abs(value - kept[k] - (1 - dt * discount))), 0);
  const bound = supremum(start) + horizon * source + (horizon / dt) * reach;
  const measured = {
    'sup|V(T)|': supremum(solution),
    bound,
    'K of V(T)': growthConstant(step, solution),
    'K of f': growthConstant(step, start),
    '|S(V+1) − S(V) − 1|': defect,
  };
  const note = 'bound: sup|f| + T·sup|min ℓ|; |V| ≤ K(1 + |x|² + |y|²)';
  if (claim === 'never' || monotone.status === 'not claimed')
    return { status: 'not claimed', measured, note: `${note}; without monotonicity no bound follows` };
  if (hasNoisyEnds(program))
    return { status: 'not claimed', measured, note: `${note}; noise leaves the x-box, so that V grows at its ends` };
  if (monotone.status === 'fails') {
    const cause = 'the bound rests on monotonicity, which fails';
    return { status: 'fails', measured, where: monotone.where, cause, remedy: monotone.remedy };
  }
  if (supremum(solution) <= bound * (1 + ROUNDING) && defect <= ROUNDING * (1 + supremum(start))) {
    return { status: 'holds', measured, note };
  }
  const constants = defect > ROUNDING * (1 + supremum(start));
  return {
    status: 'fails',
    measured,
    where: { node: farthest(step, solution) },
    cause: constants ? 'the step does not commute with constants' : 'the value at τ = T exceeds the bound',
    remedy: constants
      ? 'this is a defect of the program'
      : 'take more steps, or an x-box whose ends the drift does not leave',
  };
}

/** The least K with |V| ≤ K(1 + |x|² + |y|²) on the nodes. */
function growthConstant({ grid }: CertifiedStep, V: Float64Array): number {
  let constant = 0;
  forEachNode(grid, (k, point) => {
    const square = point.reduce((sum, value) => sum + value * value, 0);
    constant = Math.max(constant, Math.abs(V[k]) / (1 + square));
  });
  return constant;
}

/** The node at which |V| is largest, or not a number. */
function farthest({ grid }: CertifiedStep, V: Float64Array): number[] {
  const size = supremum(V);
  let place: number[] = [];
  forEachNode(grid, (k, point) => {
    if (place.length === 0 && !(Math.abs(V[k]) < size)) place = [...point];
  });
  return place;
}

function supremum(V: Float64Array): number {
  return V.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
