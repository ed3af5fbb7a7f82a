/**
 * Subtraction-free solution of M-matrix systems of birth–death chains on a plane of nodes, one chain per lane.
 *
 *   (1 − κL) w = r,   (L w)_{k,j} = Σ over the two axes of up (w_next − w) + down (w_previous − w),
 *
 * by blocks: with S_j the chain on row j that may also pass through the rows below, censored on row j,
 *
 *   t_0 = S_0⁻¹ r_0/κ,   t_j = S_j⁻¹(r_j/κ + down_j t_{j−1}),   w_j = t_j + S_j⁻¹ up_j w_{j+1}.
 *
 * Only jump rates and killing are stored and every step is a sum, product or quotient of non-negative numbers
 * (Grassmann, Taksar, Heyman 1985, in blocks), so nothing cancels however large κ is: S_j⁻¹ ≥ 0 entry by entry.
 *
 * Node k of row j is k·strides[0] + j·strides[1]; its entry of lane s stands at node·lanes + s. Of the inverses: column
 * l of S_j⁻¹ of lane s at ((s·n₂ + j)·n₁ + l)·n₁, n₁ = shape[0] nodes in each of n₂ rows. Lanes with equal rates, those
 * of a generator that does not depend on x, share one factorisation.
 */

/** Jump rates along one axis of the plane, entry by entry; the rates over its ends are 0. */
export interface AxisRates {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/** The rates of `lanes` chains on shape[1] rows of shape[0] nodes each, in the rows and between them. */
export interface PlaneRates {
  readonly lanes: number;
  readonly shape: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly along: readonly [AxisRates, AxisRates];
}

/** Number of entries of the inverses for so many factorised lanes. */
export function inverseLength(lanes: number, [width, rows]: readonly [number, number]): number {
  return lanes * rows * width * width;
}

/** Lanes to factorise: 1 where all have the same rates. */
export function factorLanes({ lanes, along }: PlaneRates): number {
  for (const { up, down } of along) {
    for (let k = 0; k < up.length; k++) {
      const first = k - (k % lanes);
      if (up[k] !== up[first] || down[k] !== down[first]) return lanes;
    }
  }
  return 1;
}

/** The inverses S_j⁻¹ for `killing` = 1/κ > 0 in the lanes to factorise, in an array made by `allocate`. */
export function eliminatePlanes(
  rates: PlaneRates,
  killing: number,
  allocate: (length: number) => Float64Array = (length) => new Float64Array(length),
): Float64Array {
  const [width, rows] = rates.shape;
  const block = blockOf(width);
  const factorised = factorLanes(rates);
  const into = allocate(inverseLength(factorised, rates.shape));
  for (let lane = 0; lane < factorised; lane++) {
    const first = lane * rows * width * width;
    for (let j = 0; j < rows; j++) {
      const at = first + j * width * width;
      startRow(block, { rates, lane, j }, killing, j === 0 ? null : into.subarray(at - width * width, at));
      invert(block, into.subarray(at, at + width * width));
    }
  }
  return into;
}

/**
 * out = (I − κL)⁻¹ right with killing = 1/κ; `out` may be `right`. Constants come out as they went in, because the
 * value at the first node of a lane is taken off first. Accurate relative to max|right|.
 */
export function solvePlanes(
  out: Float64Array,
  { rates, inverses, killing }: { rates: PlaneRates; inverses: Float64Array; killing: number },
  right: Float64Array,
): void {
  const { lanes, shape, along } = rates;
  const [width, rows] = shape;
  const each = inverses.length === inverseLength(1, shape) ? 0 : inverseLength(1, shape);
  const entryOf = (j: number, k: number) => nodeOf(rates, j, k) * lanes;
  const t = new Float64Array(width * rows);
  const entering = new Float64Array(width);
  const { up, down } = along[1];
  for (let lane = 0; lane < lanes; lane++) {
    const first = lane * each;
    const base = right[lane];
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < width; k++) {
        const node = entryOf(j, k) + lane;
        const below = j === 0 ? 0 : down[node] * t[(j - 1) * width + k];
        entering[k] = killing * (right[node] - base) + below;
        t[j * width + k] = 0;
      }
      addProduct(t, j * width, inverses, first + j * width * width, entering);
    }
    for (let j = rows - 2; j >= 0; j--) {
      for (let k = 0; k < width; k++) {
        entering[k] = up[entryOf(j, k) + lane] * t[(j + 1) * width + k];
      }
      addProduct(t, j * width, inverses, first + j * width * width, entering);
    }
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < width; k++) out[entryOf(j, k) + lane] = base + t[j * width + k];
    }
  }
}

/** Node k of row j. */
function nodeOf({ strides }: PlaneRates, j: number, k: number): number {
  return k * strides[0] + j * strides[1];
}

/** The stationary distribution of every lane (Σ = 1, πL = 0), without subtraction; for chains out of balance. */
export function stationaryPlanes(rates: PlaneRates): Float64Array {
  const { lanes, shape, along } = rates;
  const [width, rows] = shape;
  const square = width * width;
  const weights = new Float64Array(lanes * width * rows);
  const block = blockOf(width);
  const inverses = new Float64Array(rows * square);
  const pi = new Float64Array(width * rows);
  const { down } = along[1];
  const distinct = factorLanes(rates);
  for (let lane = 0; lane < distinct; lane++) {
    for (let j = 0; j < rows; j++) {
      startRow(block, { rates, lane, j }, 0, j === 0 ? null : inverses.subarray((j - 1) * square, j * square));
      if (j < rows - 1) invert(block, inverses.subarray(j * square, (j + 1) * square));
    }
    stationaryOfBlock(block, pi.subarray((rows - 1) * width));
    for (let j = rows - 2; j >= 0; j--) {
      for (let k = 0; k < width; k++) {
        let visits = 0;
        for (let l = 0; l < width; l++) {
          const rate = down[nodeOf(rates, j + 1, l) * lanes + lane];
          visits += pi[(j + 1) * width + l] * rate * inverses[j * square + k * width + l];
        }
        pi[j * width + k] = visits;
      }
      keepSmall(pi, j * width);
    }
    const total = pi.reduce((sum, weight) => sum + weight, 0);
    for (let j = 0; j < rows; j++) {
      for (let k = 0; k < width; k++) {
        const first = nodeOf(rates, j, k) * lanes;
        weights.fill(pi[j * width + k] / total, first + lane, first + (distinct === 1 ? lanes : lane + 1));
      }
    }
  }
  return weights;
}

/** A row of the plane while it is eliminated: jumps inside it, what leaves it for good, and its killing. */
interface Block {
  readonly width: number;
  /** jumps[k·width + l], k ≠ l: rate from k to l in the row, detours through the rows below included. */
  readonly jumps: Float64Array;
  /** Killing in the row and on detours below; carried from row to row. */
  killed: Float64Array;
  spare: Float64Array;
  /** Killing and the rate to the row above: what leaves S_j. */
  readonly leaving: Float64Array;
  /** Identity, eliminated forwards. */
  readonly right: Float64Array;
  readonly pivots: Float64Array;
}

function blockOf(width: number): Block {
  const [jumps, right] = [0, 1].map(() => new Float64Array(width * width));
  const [killed, spare, leaving, pivots] = [0, 1, 2, 3].map(() => new Float64Array(width));
  return { width, jumps, killed, spare, leaving, right, pivots };
}

/** Sets the block of row j from the inverse of the row below: jumps + down S⁻¹ up, killing + down S⁻¹ killed. */
function startRow(
  block: Block,
  { rates, lane, j }: { rates: PlaneRates; lane: number; j: number },
  killing: number,
  below: Float64Array | null,
): void {
  const { width, jumps, leaving } = block;
  const { lanes, shape, along } = rates;
  const [inRow, between] = along;
  const at = (row: number, k: number) => nodeOf(rates, row, k) * lanes + lane;
  const { killed: before, spare: killed } = block;
  for (let k = 0; k < width; k++) {
    const down = j === 0 ? 0 : between.down[at(j, k)];
    let reached = 0;
    for (let l = 0; l < width; l++) {
      const visits = below === null ? 0 : down * below[l * width + k];
      reached += visits * before[l];
      jumps[k * width + l] = below === null ? 0 : visits * between.up[at(j - 1, l)];
    }
    if (k + 1 < width) jumps[k * width + k + 1] += inRow.up[at(j, k)];
    if (k > 0) jumps[k * width + k - 1] += inRow.down[at(j, k)];
    killed[k] = killing + reached;
    leaving[k] = killed[k] + (j + 1 < shape[1] ? between.up[at(j, k)] : 0);
  }
  [block.killed, block.spare] = [killed, before];
}

/** inverse = (diag(leaving + Σ jumps) − jumps)⁻¹ by columns. Overwrites the jumps. */
function invert({ width, jumps, leaving, right, pivots }: Block, inverse: Float64Array): void {
  right.fill(0);
  for (let p = 0; p < width; p++) right[p * width + p] = 1;
  for (let p = 0; p < width; p++) {
    pivots[p] = pivotOf(jumps, leaving[p], p, width);
    for (let i = p + 1; i < width; i++) {
      const detour = jumps[i * width + p] / pivots[p];
      if (detour === 0) continue;
      for (let l = p + 1; l < width; l++) jumps[i * width + l] += detour * jumps[p * width + l];
      for (let l = 0; l <= p; l++) right[i * width + l] += detour * right[p * width + l];
      leaving[i] += detour * leaving[p];
    }
  }
  for (let i = width - 1; i >= 0; i--) {
    for (let l = i + 1; l < width; l++) {
      const jump = jumps[i * width + l];
      for (let c = 0; c < width; c++) right[i * width + c] += jump * right[l * width + c];
    }
    for (let c = 0; c < width; c++) {
      right[i * width + c] /= pivots[i];
      inverse[c * width + i] = right[i * width + c];
    }
  }
}

/** What leaves state p once the states before it are eliminated; a jump to itself is none. */
function pivotOf(jumps: Float64Array, leaving: number, p: number, width: number): number {
  let pivot = leaving;
  for (let l = p + 1; l < width; l++) pivot += jumps[p * width + l];
  return pivot;
}

/** The stationary vector of the jumps, up to a factor (Grassmann, Taksar, Heyman 1985). Overwrites the jumps. */
function stationaryOfBlock({ width, jumps }: Block, pi: Float64Array): void {
  for (let p = width - 1; p > 0; p--) {
    let out = 0;
    for (let l = 0; l < p; l++) out += jumps[p * width + l];
    for (let k = 0; k < p; k++) {
      jumps[k * width + p] /= out;
      for (let l = 0; l < p; l++) jumps[k * width + l] += jumps[k * width + p] * jumps[p * width + l];
    }
  }
  pi[0] = 1;
  for (let p = 1; p < width; p++) {
    pi[p] = 0;
    for (let k = 0; k < p; k++) pi[p] += pi[k] * jumps[k * width + p];
    if (pi[p] > LARGEST_WEIGHT) for (let k = p; k >= 0; k--) pi[k] /= LARGEST_WEIGHT;
  }
}

/** Weights are scaled down before they overflow; what then underflows is below 1e-500 of the largest weight. */
const LARGEST_WEIGHT = 1e250;

function keepSmall(pi: Float64Array, from: number): void {
  for (let k = from; k < pi.length; k++) {
    if (pi[k] <= LARGEST_WEIGHT) continue;
    const scale = pi[k];
    for (let l = from; l < pi.length; l++) pi[l] /= scale;
  }
}

/** out[at + k] += Σ_l columns[start + l·width + k] factors[l]. */
function addProduct(out: Float64Array, at: number, columns: Float64Array, start: number, factors: Float64Array): void {
  const width = factors.length;
  for (let l = 0; l < width; l++) {
    const column = start + l * width;
    for (let k = 0; k < width; k++) out[at + k] += columns[column + k] * factors[l];
  }
}
