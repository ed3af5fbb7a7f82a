/**
 * Correction by an approximate inverse M, accelerated after Anderson (1965): for w ← w + M(f − A w) and a linear A it
 * is the generalised minimal residual method for MA, at no further product with A or M (Walker, Ni 2011).
 *
 *   z = M(f − A w);   the last few differences Δz = z' − z are kept with the steps Δw that made them;
 *   γ minimises |z − Σγ Δz|;   w ← w + z − Σγ (Δw + Δz).
 *
 * Multigrid alone leaves the slowest one or two modes of nearly reducible processes, and many more of a drift that
 * rotates fast; these are what Δz catches. The norm is that of corrections, not of residuals: a residual is largest
 * where the sphere cuts an edge, and means little there.
 *
 * The iterate is kept as a sum head + tail of two doubles: A acts through differences, rate·(w_j − w_i), and those of
 * a large and almost constant w (1/δ times the right side) would lose what the stopping test looks for.
 */

/** An iterate as an unevaluated sum. */
export interface TwoSum {
  readonly head: Float64Array;
  readonly tail: Float64Array;
}

export interface Correction {
  /** out = f − A (head + tail), to the accuracy of its differences. */
  residual(out: Float64Array, w: TwoSum): void;
  /** out = M r. */
  correct(out: Float64Array, r: Float64Array): void;
}

/** What the caller reads off a residual: a non-negative size, and whether it will do. */
export interface Verdict {
  readonly width: number;
  readonly done: boolean;
}

export interface Iteration {
  readonly converged: boolean;
  /** Corrections made. */
  readonly cycles: number;
}

/** Pairs (Δz, Δw) kept: two while the width falls fast, up to thirty where it does not. */
const MEMORY = { fast: 2, slow: 30 } as const;
/** The factor per correction that is fast. */
const FAST = 1 / 4;
/** Corrections without halving the best width after which nothing more is to be had: as many as are remembered. */
const PATIENCE = MEMORY.slow;

/**
 * Improves `w` until `judge` is content with its residual and the largest entry of the last step, or it no longer
 * improves, or after `most` corrections.
 */
export function accelerate(
  w: TwoSum,
  { residual, correct }: Correction,
  judge: (residual: Float64Array, lastStep: number) => Verdict,
  most = 300,
): Iteration {
  const size = w.head.length;
  const fresh = () => new Float64Array(size);
  const [rest, z, before, step] = [fresh(), fresh(), fresh(), fresh()];
  const pairs: Pair[] = [];
  let [best, since, previous, lastStep] = [Infinity, 0, Infinity, Infinity];
  for (let count = 0; ; count++) {
    residual(rest, w);
    const { width, done } = judge(rest, lastStep);
    since = width < best / 2 ? 0 : since + 1;
    best = width < best / 2 ? width : best;
    // The first corrections of a nearly singular problem raise the residual before they lower it.
    const tired = since >= PATIENCE && count > 3 * PATIENCE;
    if (done || tired || count === most || !Number.isFinite(width)) {
      return { converged: done, cycles: count };
    }
    correct(z, rest);
    if (count > 0) remember(pairs, { z, before, step }, width < FAST * previous ? MEMORY.fast : MEMORY.slow);
    previous = width;
    before.set(z);
    step.set(z);
    for (const { q, p, square } of pairs) {
      const share = dot(z, q) / square;
      addTo(step, -share, q);
      addTo(step, -share, p);
    }
    lastStep = largest(step);
    advance(w, step);
  }
}

/** A difference of corrections q = Δz, orthogonal to the other ones, and the step p = Δw that belongs to it. */
interface Pair {
  readonly q: Float64Array;
  readonly p: Float64Array;
  square: number;
}

interface Corrected {
  readonly z: Float64Array;
  readonly before: Float64Array;
  readonly step: Float64Array;
}

/** Adds Δz = z − before and its step; beyond `most` pairs in place of the oldest one. */
function remember(pairs: Pair[], { z, before, step }: Corrected, most: number): void {
  const oldest = pairs.length < most ? undefined : pairs.shift();
  const pair = oldest ?? { q: new Float64Array(z.length), p: new Float64Array(z.length), square: 0 };
  for (let i = 0; i < z.length; i++) pair.q[i] = z[i] - before[i];
  pair.p.set(step);
  for (const past of pairs) {
    const share = dot(pair.q, past.q) / past.square;
    addTo(pair.q, -share, past.q);
    addTo(pair.p, -share, past.p);
  }
  pair.square = dot(pair.q, pair.q);
  if (pair.square > 0) pairs.push(pair);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function largest(a: Float64Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]));
  return most;
}

function addTo(out: Float64Array, factor: number, a: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] += factor * a[i];
}

/** head + tail ← head + tail + step, the rounding of the head going to the tail (Knuth's two-sum). */
function advance({ head, tail }: TwoSum, step: Float64Array): void {
  for (let i = 0; i < head.length; i++) {
    const [a, b] = [head[i], step[i] + tail[i]];
    const sum = a + b;
    const shadow = sum - a;
    tail[i] = a - (sum - shadow) + (b - shadow);
    head[i] = sum;
  }
}
