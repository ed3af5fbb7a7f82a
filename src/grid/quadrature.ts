/** Gauss–Legendre quadrature and bracketed root finding, the two tools of every exact integral here. */

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
