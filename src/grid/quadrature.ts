/** Gauss–Legendre quadrature, adaptive with a stated error, and bracketed roots and minima. */

/** Nodes and weights on [0, 1]. */
export interface GaussRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * The `points`-point Gauss–Legendre rule on [0, 1], exact for polynomials of degree 2·points − 1.
 * Roots of the Legendre polynomial by Newton's method (Golub, Welsch 1969 give the weights' formula).
 */
export function gaussLegendre(points: number): GaussRule {
  const nodes = new Float64Array(points);
  const weights = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    let root = Math.cos((Math.PI * (i + 0.75)) / (points + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      const [value, derivative] = legendre(points, root);
      slope = derivative;
      const correction = value / derivative;
      root -= correction;
      if (Math.abs(correction) < 1e-15) break;
    }
    nodes[i] = (1 - root) / 2;
    weights[i] = 1 / ((1 - root * root) * slope * slope);
  }
  return { nodes, weights };
}

/** P_n and P_n' at z by the three-term recurrence. */
function legendre(n: number, z: number): [number, number] {
  let previous = 1;
  let current = z;
  for (let k = 2; k <= n; k++) [previous, current] = [current, ((2 * k - 1) * z * current - (k - 1) * previous) / k];
  return [current, (n * (z * current - previous)) / (z * z - 1)];
}

/** A root of g in [a, b], where g(a) and g(b) have opposite signs; bisection to the last bit. */
export function bisect(g: (z: number) => number, a: number, b: number): number {
  let [low, high] = [a, b];
  const signLow = Math.sign(g(low));
  for (let iteration = 0; iteration < 200; iteration++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (Math.sign(g(middle)) === signLow) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** A minimum of g in [a, b] where g falls and rises again, by golden section to `steps` shrinkings of the bracket. */
export function goldenSection(
  g: (z: number) => number,
  a: number,
  b: number,
  steps: number,
): { readonly at: number; readonly value: number } {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [a, b];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [atLeft, atRight] = [g(left), g(right)];
  for (let k = 0; k < steps; k++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = g(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = g(right);
    }
  }
  return atLeft < atRight ? { at: left, value: atLeft } : { at: right, value: atRight };
}

/** The value of an integral and an estimate of its error, on the safe side as far as the points taken can show. */
export interface Integral {
  readonly value: number;
  readonly error: number;
}

const EIGHT = gaussLegendre(8);

/** ∫_a^b g by one 8-point Gauss–Legendre rule. */
export function panelIntegral(g: (z: number) => number, a: number, b: number, rule: GaussRule = EIGHT): number {
  let sum = 0;
  for (let i = 0; i < rule.nodes.length; i++) sum += rule.weights[i] * g(a + (b - a) * rule.nodes[i]);
  return sum * (b - a);
}

/** The difference of a rule on a panel and on its halves that is left alone, and how often panels are halved. */
const [SETTLED, MOST_HALVINGS] = [1e-11, 60];

/** ∫_a^b g on panels halved until the rule on one and on its halves agree: for g with a pole beside the interval. */
export function settledIntegral(
  g: (z: number) => number,
  a: number,
  b: number,
  rule: GaussRule = EIGHT,
  depth = 0,
): number {
  const middle = (a + b) / 2;
  const whole = panelIntegral(g, a, b, rule);
  const sum = panelIntegral(g, a, middle, rule) + panelIntegral(g, middle, b, rule);
  if (Math.abs(sum - whole) <= SETTLED * (1 + Math.abs(sum)) || depth === MOST_HALVINGS) return sum;
  return settledIntegral(g, a, middle, rule, depth + 1) + settledIntegral(g, middle, b, rule, depth + 1);
}

/** Of a value of g, and of sums of some panels. */
const ROUNDING = 8 * Number.EPSILON;

interface Panel {
  readonly a: number;
  readonly b: number;
  readonly left: number;
  readonly right: number;
  readonly difference: number;
}

function panelOn(g: (z: number) => number, a: number, b: number, whole: number): Panel {
  const middle = (a + b) / 2;
  const [left, right] = [panelIntegral(g, a, middle), panelIntegral(g, middle, b)];
  return { a, b, left, right, difference: Math.abs(whole - left - right) };
}

/**
 * ∫ g over the panels between `ends`, bisected until one rule on every panel and two on its halves agree within
 * `tolerance` of ∫|g| in sum, or `most` panels are there. The sum of what is left of the differences is the error: for
 * smooth g far above the true one; with it some roundings of g and of the sums. Kinks and jumps of g cost panels, not
 * accuracy. Returns the refined ends as well.
 */
export function integrate(
  g: (z: number) => number,
  ends: ArrayLike<number>,
  { tolerance = 1e-14, most = 1000 }: { readonly tolerance?: number; readonly most?: number } = {},
): Integral & { readonly ends: Float64Array } {
  let panels = Array.from({ length: ends.length - 1 }, (_, k) =>
    panelOn(g, ends[k], ends[k + 1], panelIntegral(g, ends[k], ends[k + 1])),
  );
  for (;;) {
    const difference = panels.reduce((sum, panel) => sum + panel.difference, 0);
    const scale = panels.reduce((sum, { left, right }) => sum + Math.abs(left) + Math.abs(right), 0);
    const allowed = tolerance * scale;
    const bad = (panel: Panel) => panel.difference > allowed / panels.length && splits(panel);
    if (!(difference > allowed) || panels.length > most || !panels.some(bad)) {
      return {
        value: panels.reduce((sum, { left, right }) => sum + left + right, 0),
        error: difference + ROUNDING * scale,
        ends: Float64Array.from([...panels.map(({ a }) => a), ends[ends.length - 1]]),
      };
    }
    panels = panels.flatMap((panel) => {
      const middle = (panel.a + panel.b) / 2;
      return bad(panel) ? [panelOn(g, panel.a, middle, panel.left), panelOn(g, middle, panel.b, panel.right)] : [panel];
    });
  }
}

/** Whether there are numbers enough between both ends to tell the points of two rules apart. */
function splits({ a, b }: Panel): boolean {
  return b - a > 64 * Number.EPSILON * Math.max(Math.abs(a), Math.abs(b));
}
