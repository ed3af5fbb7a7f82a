/**
 * A Markov jump process on finitely many states as jump rates and killing, never a diagonal:
 *
 *   (A w)_i = killing_i w_i + Σ_j rate(i→j) (w_i − w_j),    A = killing − L, an M-matrix.
 *
 * Row i holds the entries starts[i] … starts[i+1]−1. The pattern is symmetric: with i→j there is an entry j→i
 * (its rate may be 0), so that the transposed matrix is the same pattern with other rates.
 */
export interface SparseRates {
  readonly size: number;
  /** size + 1 row ends. */
  readonly starts: Int32Array;
  /** The state each entry jumps to. */
  readonly targets: Int32Array;
  /** Jump rates ≥ 0. */
  readonly rates: Float64Array;
  /** Killing ≥ 0 of every state. */
  readonly killing: Float64Array;
}

/** The same process with `discount` added to every killing; shares the rates. */
export function withDiscount(jumps: SparseRates, discount: number): SparseRates {
  return { ...jumps, killing: jumps.killing.map((value) => value + discount) };
}

/** For every entry i→j the entry j→i. Throws RangeError if the pattern is not symmetric. */
export function reverseEntries({ size, starts, targets }: SparseRates): Int32Array {
  const reverse = new Int32Array(targets.length);
  for (let i = 0; i < size; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = targets[e];
      if (j < i) continue;
      let back = starts[j];
      while (back < starts[j + 1] && targets[back] !== i) back++;
      if (back === starts[j + 1]) throw new RangeError(`the jump ${i} → ${j} has no entry for the way back`);
      reverse[e] = back;
      reverse[back] = e;
    }
  }
  return reverse;
}

/** The total rate out of every state, killing included: the diagonal of A, a sum of non-negative numbers. */
export function totalRates({ size, starts, rates, killing }: SparseRates): Float64Array {
  const total = Float64Array.from(killing);
  for (let i = 0; i < size; i++) for (let e = starts[i]; e < starts[i + 1]; e++) total[i] += rates[e];
  return total;
}

/** out = L w = Σ_j rate(i→j)(w_j − w_i) − killing_i w_i, by differences: constants are differentiated exactly. */
export function applyRates(out: Float64Array, jumps: SparseRates, w: Float64Array): void {
  const { size, starts, targets, rates, killing } = jumps;
  for (let i = 0; i < size; i++) {
    const own = w[i];
    let sum = -killing[i] * own;
    for (let e = starts[i]; e < starts[i + 1]; e++) sum += rates[e] * (w[targets[e]] - own);
    out[i] = sum;
  }
}
