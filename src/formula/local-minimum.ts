/** Minima of smooth convex functions of one and two variables on boxes, in plain numbers, to round-off. */

/** A function of x with its derivatives: slopes q_1 … q_n, then q_11 or q_11, q_12, q_22. */
export interface Smooth {
  readonly value: (x: Float64Array) => number;
  readonly slopes: readonly ((x: Float64Array) => number)[];
  readonly curvatures: readonly ((x: Float64Array) => number)[];
}

/** Newton needs about five steps, halving fifty-two; kinks and flat bottoms come here too. */
const mostSteps = 80;

/** Moves x to the minimum of a convex function on [lower, upper]: Newton's method on the slope, kept in a bracket. */
export function minimiseConvexLine(q: Smooth, lower: number, upper: number, x: Float64Array): void {
  const [slope] = q.slopes;
  const [curvature] = q.curvatures;
  const start = x[0];
  const at = (point: number) => {
    x[0] = point;
    return slope(x);
  };
  if (Number.isFinite(lower) && at(lower) >= 0) return;
  if (Number.isFinite(upper) && at(upper) <= 0) return;
  let [from, to] = [lower, upper];
  let step = Number.POSITIVE_INFINITY;
  x[0] = start;
  for (let k = 0; k < mostSteps; k++) {
    const here = x[0];
    const rise = slope(x);
    if (rise === 0 || Number.isNaN(rise)) return;
    if (rise > 0) to = here;
    else from = here;
    const newton = here - rise / curvature(x);
    const isUsed = newton > from && newton < to && Math.abs(newton - here) <= step / 2;
    x[0] = isUsed ? newton : splitPoint(from, to);
    step = Math.abs(x[0] - here);
    if (!(x[0] > from && x[0] < to) || step <= 2 ** -53 * Math.abs(here)) return;
  }
}

/** A point inside an interval: the middle of a bounded one, twice as far as the end of an unbounded one. */
export function splitPoint(lower: number, upper: number): number {
  if (Number.isFinite(lower) && Number.isFinite(upper)) return lower / 2 + upper / 2;
  if (Number.isFinite(lower)) return Math.max(1, 2 * Math.abs(lower));
  return Number.isFinite(upper) ? -Math.max(1, 2 * Math.abs(upper)) : 0;
}

/** Moves x to the minimum of a convex function of two variables on a box: Newton's method projected on the box. */
export function minimiseConvexPlane(q: Smooth, lower: Float64Array, upper: Float64Array, x: Float64Array): void {
  const step = new Float64Array(2);
  const from = new Float64Array(2);
  for (let k = 0; k < mostSteps; k++) {
    from.set(x);
    const value = q.value(x);
    const slope = modelStep(q, lower, upper, x, step);
    if (!(slope < 0)) return;
    let share = 1;
    for (; share > 2 ** -20; share /= 2) {
      for (let i = 0; i < 2; i++) x[i] = Math.min(upper[i], Math.max(lower[i], from[i] + share * step[i]));
      // Armijo's rule; at the minimum round-off decides, and nothing is gained any more.
      if (q.value(x) <= value + 1e-4 * share * slope) break;
    }
    if (share <= 2 ** -20) {
      x.set(from);
      return;
    }
    if (
      Math.abs(x[0] - from[0]) <= 2 ** -53 * Math.abs(x[0]) &&
      Math.abs(x[1] - from[1]) <= 2 ** -53 * Math.abs(x[1])
    ) {
      return;
    }
  }
}

/** The step to the minimum on the box of g·d + ½ dᵀHd: inside, or along one of the four sides. Returns g·d. */
function modelStep(q: Smooth, lower: Float64Array, upper: Float64Array, x: Float64Array, step: Float64Array): number {
  const [g, h] = [q.slopes.map((slope) => slope(x)), q.curvatures.map((curvature) => curvature(x))];
  const [h11, h12, h22] = h;
  const model = (d1: number, d2: number) =>
    g[0] * d1 + g[1] * d2 + (h11 * d1 * d1) / 2 + h12 * d1 * d2 + (h22 * d2 * d2) / 2;
  let best = 0;
  step.fill(0);
  const consider = (d1: number, d2: number) => {
    const value = model(d1, d2);
    if (!(value < best)) return;
    best = value;
    step[0] = d1;
    step[1] = d2;
  };
  const determinant = h11 * h22 - h12 * h12;
  const d1 = (h12 * g[1] - h22 * g[0]) / determinant;
  const d2 = (h12 * g[0] - h11 * g[1]) / determinant;
  const inside = (d: number, i: number) => x[i] + d >= lower[i] && x[i] + d <= upper[i];
  if (determinant > 0 && inside(d1, 0) && inside(d2, 1)) {
    consider(d1, d2);
    return g[0] * step[0] + g[1] * step[1];
  }
  const clipped = (d: number, i: number) => Math.min(upper[i] - x[i], Math.max(lower[i] - x[i], d));
  // Without curvature along a side its minimum is at one of its ends; slopes decide which.
  const along = (slope: number, curvature: number, i: number) =>
    clipped(curvature > 0 ? -slope / curvature : slope > 0 ? -HUGE : HUGE, i);
  for (const end of [lower, upper]) {
    if (Number.isFinite(end[0])) consider(end[0] - x[0], along(g[1] + h12 * (end[0] - x[0]), h22, 1));
    if (Number.isFinite(end[1])) consider(along(g[0] + h12 * (end[1] - x[1]), h11, 0), end[1] - x[1]);
  }
  // Singular curvature inside: the axes one by one.
  consider(along(g[0], h11, 0), 0);
  consider(0, along(g[1], h22, 1));
  return g[0] * step[0] + g[1] * step[1];
}

const HUGE = 2 ** 100;
