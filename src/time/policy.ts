/**
 * Policies of the implicit schemes: which control moves every (x,y)-node, and what it does in a step dt.
 *
 * Layout of this file's users: the nodes of one frozen x are contiguous, node q = s·fastNodes + j, so that a line solve
 * in y reads a block.
 *
 * At the ends of an x-axis a control is differenced inwards where all controls leave (box-ends.ts). That
 * difference has the wrong sign for an M-matrix, so it is taken at the old time level: the end rows stay first-order
 * consistent. So has the second difference of the inner neighbour there, without which noise in x is left: V_xx = 0.
 */
import type { Discretisation } from './field-slots.ts';
import { formulaStep, quadraticStep, type StepFamily } from './policy-families.ts';

/** One control per node over a step: the number of cells moved per slow axis, dt·φ_i/dx_i, and dt·ℓ. */
export interface StepCandidate {
  readonly moves: readonly Float64Array[];
  readonly cost: Float64Array | null;
  /** Per slow axis dt·ν_i/2, which noise in x jumps to either neighbour, where controls move it; else none. */
  readonly spread: readonly Float64Array[];
}

/** The neighbours of a slow node in one direction, `stride` apart in the value. */
export interface Neighbours {
  readonly stride: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The controls of a problem over a step dt, lines contiguous. */
export interface PolicySpace {
  readonly lanes: number;
  readonly nodes: number;
  readonly candidates: readonly StepCandidate[];
  readonly canRest: boolean;
  readonly families: readonly StepFamily[];
  /** Per direction of noise in x that no control moves dt·ν_d/2; null where they move it, or there is none. */
  readonly steadySpread: readonly Float64Array[] | null;
  /** Per axis, 1 at the nodes of its ends over which all controls leave; none without families. */
  readonly leaves: readonly Uint8Array[];
}

/** The control chosen at every node. A cost of ∞ stands where none is chosen yet. */
export interface Policy extends StepCandidate {
  readonly cost: Float64Array;
}

/** The value whose differences a policy sees, at the new and at the old time level. */
export interface Levels {
  readonly now: Float64Array;
  readonly old: Float64Array;
}

/** The controls of a discretised problem over a step dt. */
export function policySpace(problem: Discretisation, dt: number): PolicySpace {
  const { slow, fast } = problem;
  const { lanes, nodes } = fast;
  const perStep = (field: Float64Array) => byLines(field, lanes).map((value) => dt * value);
  const candidates = slow.candidates.map(({ rates, cost }) => ({
    moves: rates.map(perStep),
    cost: cost === null ? null : perStep(cost),
    spread: [],
  }));
  const steadySpread = slow.noise?.as('stencil').steady?.map((rate) => perStep(rate).map((value) => value / 2)) ?? null;
  const families = [
    ...slow.families.map((family) => quadraticStep(family, perStep)),
    ...slow.formulas.map((family) => formulaStep(family, dt, (q) => ({ s: Math.floor(q / nodes), j: q % nodes }))),
  ];
  const canRest = slow.canRest || candidates.length + families.length === 0;
  const leaves = families.length === 0 ? [] : leavingNodes(problem, { candidates, canRest, families });
  return { lanes, nodes, candidates, canRest, families, steadySpread, leaves };
}

/** Where all controls leave over an end of an axis, lines contiguous. */
function leavingNodes(
  problem: Discretisation,
  { candidates, canRest, families }: Pick<PolicySpace, 'candidates' | 'canRest' | 'families'>,
): Uint8Array[] {
  const { lanes, nodes } = problem.fast;
  const leaves = problem.grid.axes.map(() => new Uint8Array(lanes * nodes));
  for (let q = 0; q < lanes * nodes && !canRest; q++) {
    for (const [i, { isFirst, isLast }] of neighboursOf(problem, Math.floor(q / nodes), 1).entries()) {
      if (!isFirst && !isLast) continue;
      const side = isFirst ? -1 : 1;
      const all =
        candidates.every(({ moves }) => moves[i][q] * side > 0) &&
        families.every((family) => family.leaves(q, i, side));
      leaves[i][q] = all ? 1 : 0;
    }
  }
  return leaves;
}

/** A policy without a control at any node. */
export function emptyPolicy({ lanes, nodes, families }: PolicySpace, axes: number): Policy {
  const field = () => new Float64Array(lanes * nodes);
  const moving = families.some(({ movesNoise }) => movesNoise) ? axes : 0;
  return {
    moves: Array.from({ length: axes }, field),
    cost: field().fill(Infinity),
    spread: Array.from({ length: moving }, field),
  };
}

/** Per direction dt·ν_d/2 under a policy; none without noise in x. */
export function spreadOf({ steadySpread }: PolicySpace, { spread }: Policy): readonly Float64Array[] {
  return steadySpread ?? spread;
}

/** Bytes of the coefficients of a policy space and of a policy. */
export function bytesOf({ candidates, families, steadySpread, leaves }: PolicySpace, policy: Policy): number {
  const ofControls = [policy, ...candidates].flatMap(({ moves, cost }) => [...moves, ...(cost === null ? [] : [cost])]);
  const fields = [...ofControls, ...policy.spread, ...(steadySpread ?? [])];
  const own = families.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...fields, ...leaves].reduce((sum, field) => sum + field.byteLength, own);
}

/** The neighbours of slow node s along every axis of the slow grid, `spread` values per slow node. */
export function neighboursOf({ grid }: Discretisation, s: number, spread: number): Neighbours[] {
  return grid.shape.map((count, i) => {
    const place = Math.floor(s / grid.strides[i]) % count;
    return { stride: grid.strides[i] * spread, isFirst: place === 0, isLast: place === count - 1 };
  });
}

/** Those so many cells per axis away, from those along the axes; at an end where they would be outside. */
export function neighboursAlong(cells: readonly number[], sides: readonly Neighbours[]): Neighbours {
  const moved = sides.filter((_, i) => cells[i] !== 0);
  const steps = cells.filter((step) => step !== 0);
  return {
    stride: sides.reduce((sum, { stride }, i) => sum + cells[i] * stride, 0),
    isFirst: moved.some(({ isFirst, isLast }, i) => (steps[i] > 0 ? isFirst : isLast)),
    isLast: moved.some(({ isFirst, isLast }, i) => (steps[i] > 0 ? isLast : isFirst)),
  };
}

/** The same field with the nodes of one x contiguous. */
export function byLines(field: Float64Array, lanes: number): Float64Array {
  const nodes = field.length / lanes;
  return field.map((_, q) => field[(q % nodes) * lanes + Math.floor(q / nodes)]);
}

/** A candidate at a node: q in the coefficients, `at` in the value. */
export interface Place {
  q: number;
  at: number;
}

/** An increment of a family is less than another only beyond this many roundings of its terms. */
const ROUNDINGS = 8;

/**
 * Takes the control with the least increment at a node into the policy; whether it is another one. The current control
 * is kept in ties, those of a family within rounding, so that equal controls never take turns.
 */
export function improveAt(
  space: PolicySpace,
  policy: Policy,
  place: Place,
  sides: readonly Neighbours[],
  levels: Levels,
): boolean {
  const { candidates, canRest, families, leaves } = space;
  let least = increment(policy, place, sides, levels);
  let changed = false;
  for (let c = 0; c < candidates.length; c++) {
    const value = increment(candidates[c], place, sides, levels);
    if (!(value < least)) continue;
    [least, changed] = [value, true];
    take(policy, place.q, candidates[c], place.q);
  }
  for (let f = 0; f < families.length; f++) {
    look(families[f].seen, leaves, place, sides, levels);
    const best = families[f].least(place.q);
    keepInside(best.moves, leaves, place.q, sides);
    const value = increment(best, { q: 0, at: place.at }, sides, levels);
    const terms = best.spread.reduce((sum, [jumps]) => sum + 4 * jumps * Math.abs(levels.now[place.at]), 0);
    const rounding = ROUNDINGS * Number.EPSILON * (Math.abs(value) + Math.abs(best.cost[0]) + terms);
    if (value === -Infinity ? least === value : !(value < least - rounding)) continue;
    [least, changed] = [value, true];
    take(policy, place.q, best, 0);
  }
  if (!canRest || !(0 < least)) return changed;
  for (const moves of policy.moves) moves[place.q] = 0;
  policy.cost[place.q] = 0;
  return true;
}

/**
 * The differences that a family sees at a node; the outward one at an end is 0, or where all controls leave the
 * interior one at the old time level.
 */
function look(
  { forward, backward, second }: StepFamily['seen'],
  leaves: readonly Uint8Array[],
  { q, at }: Place,
  sides: readonly Neighbours[],
  { now, old }: Levels,
): void {
  for (let i = 0; i < sides.length; i++) {
    const { stride, isFirst, isLast } = sides[i];
    const leaving = leaves[i][q] === 1;
    forward[i] = isLast ? (leaving ? old[at] - old[at - stride] : 0) : now[at + stride] - now[at];
    backward[i] = isFirst ? (leaving ? old[at + stride] - old[at] : 0) : now[at] - now[at - stride];
    second[i] = isFirst || isLast ? 0 : now[at + stride] - 2 * now[at] + now[at - stride];
  }
}

/** What points over an end of an axis moves nothing, unless all controls leave there. */
function keepInside(
  moves: readonly Float64Array[],
  leaves: readonly Uint8Array[],
  q: number,
  sides: readonly Neighbours[],
): void {
  for (let i = 0; i < sides.length; i++) {
    const { isFirst, isLast } = sides[i];
    const move = moves[i][0];
    if (leaves[i][q] === 0 && ((isLast && move > 0) || (isFirst && move < 0))) moves[i][0] = 0;
  }
}

/** Writes a control at node `from` into the policy at node q. */
function take(policy: Policy, q: number, { moves, cost, spread }: StepCandidate, from: number): void {
  for (let i = 0; i < spread.length; i++) policy.spread[i][q] = spread[i][from];
  for (let i = 0; i < moves.length; i++) policy.moves[i][q] = moves[i][from];
  policy.cost[q] = cost === null ? 0 : cost[from];
}

/** dt·(Σ_i φ_i D_iV + ℓ), and of noise that controls move Σ_i ν_i D_i²V/2, of a control at a node. */
function increment(candidate: StepCandidate, place: Place, sides: readonly Neighbours[], levels: Levels): number {
  const { q, at } = place;
  const { now } = levels;
  let sum = fixedIncrement(candidate, place, sides, levels.old);
  for (let i = 0; i < sides.length; i++) {
    const move = candidate.moves[i][q];
    const { stride, isFirst, isLast } = sides[i];
    if (move > 0 && !isLast) sum += move * (now[at + stride] - now[at]);
    else if (move < 0 && !isFirst) sum -= move * (now[at - stride] - now[at]);
  }
  for (let i = 0; i < candidate.spread.length; i++) {
    const { stride, isFirst, isLast } = sides[i];
    if (!isFirst && !isLast) sum += candidate.spread[i][q] * (now[at + stride] - 2 * now[at] + now[at - stride]);
  }
  return sum;
}

/** The part of the increment that does not depend on the new value: the cost, and outflow at the old time level. */
export function fixedIncrement(
  candidate: StepCandidate,
  { q, at }: Place,
  sides: readonly Neighbours[],
  old: Float64Array,
): number {
  let sum = candidate.cost === null ? 0 : candidate.cost[q];
  for (let i = 0; i < sides.length; i++) {
    const { stride, isFirst, isLast } = sides[i];
    const move = candidate.moves[i][q];
    if (move > 0 && isLast) sum += move * (old[at] - old[at - stride]);
    else if (move < 0 && isFirst) sum += move * (old[at + stride] - old[at]);
  }
  return sum;
}
