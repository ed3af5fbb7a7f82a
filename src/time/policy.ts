/**
 * Policies of the implicit schemes: which candidate control moves every (x,y)-node, and what it does in a step dt.
 *
 * Layout of this file's users: the nodes of one frozen x are contiguous, node q = s·fastNodes + j, so that a line solve
 * in y reads a block.
 *
 * At the ends of an x-axis a candidate that can only leave is differenced inwards (box-ends.ts). That difference
 * has the wrong sign for an M-matrix, so it is taken at the old time level: the end rows stay first-order consistent.
 */
import type { Discretisation } from './field-slots.ts';

/** One candidate over a step: the number of cells moved per slow axis, dt·φ_i/dx_i, and dt·ℓ. */
export interface StepCandidate {
  readonly moves: readonly Float64Array[];
  readonly cost: Float64Array | null;
}

/** The neighbours of a slow node along one axis, `stride` apart in the value. */
export interface Neighbours {
  readonly stride: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The candidates of a problem over a step dt, lines contiguous. The index `candidates.length` means rest. */
export interface PolicySpace {
  readonly lanes: number;
  readonly nodes: number;
  readonly candidates: readonly StepCandidate[];
  readonly canRest: boolean;
}

/** The value whose differences a policy sees, at the new and at the old time level. */
export interface Levels {
  readonly now: Float64Array;
  readonly old: Float64Array;
}

/** The candidates of a discretised problem over a step dt. */
export function policySpace({ slow, fast }: Discretisation, dt: number): PolicySpace {
  const { lanes, nodes } = fast;
  const perStep = (field: Float64Array) => byLines(field, lanes).map((value) => dt * value);
  return {
    lanes,
    nodes,
    candidates: slow.candidates.map(({ rates, cost }) => ({
      moves: rates.map(perStep),
      cost: cost === null ? null : perStep(cost),
    })),
    canRest: slow.canRest || slow.candidates.length === 0,
  };
}

/** Bytes of the coefficients of a policy space. */
export function bytesOf({ candidates }: PolicySpace): number {
  const fields = candidates.flatMap(({ moves, cost }) => [...moves, ...(cost === null ? [] : [cost])]);
  return fields.reduce((sum, field) => sum + field.byteLength, 0);
}

/** The neighbours of slow node s along every axis of the slow grid, `spread` values per slow node. */
export function neighboursOf({ grid }: Discretisation, s: number, spread: number): Neighbours[] {
  return grid.shape.map((count, i) => {
    const place = Math.floor(s / grid.strides[i]) % count;
    return { stride: grid.strides[i] * spread, isFirst: place === 0, isLast: place === count - 1 };
  });
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

/**
 * The index of a candidate with the least increment at a node. The current one, −1 if there is none, is kept in ties:
 * only a strictly smaller increment replaces it, so equal candidates never take turns.
 */
export function leastCandidate(
  space: PolicySpace,
  current: number,
  place: Place,
  sides: readonly Neighbours[],
  levels: Levels,
): number {
  const { candidates, canRest } = space;
  const rest = candidates.length;
  let best = current;
  let least = current === -1 ? Infinity : current === rest ? 0 : increment(candidates[current], place, sides, levels);
  for (let c = 0; c < rest; c++) {
    if (c === current) continue;
    const value = increment(candidates[c], place, sides, levels);
    if (value < least) {
      least = value;
      best = c;
    }
  }
  return canRest && 0 < least ? rest : best;
}

/** dt·(Σ_i φ_i D_iV + ℓ) of a candidate at a node. */
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
