/**
 * What both rates of an edge are multiplied by so that the drift of exponential fitting is right to h⁴.
 *
 *   (L_h w)_j = [c_{j+½}(w_{j+1} − w_j) − c_{j−½}(w_j − w_{j−1})]/(h²π_j),   c = π_j·h² rate symmetric in the edge.
 *
 * With ρ = e^−Θ the drift of L_h is right to h⁴ for c = ρ − h²ρ''/24 at the middle of the edge; exponential fitting has
 * c = ρ(1 − h²Θ''/8 − h²Θ'²/24), which is less by 1 + h²Θ''/6. So L_hw = L_xw − h²/6 (Θ''ρw')'/π + h²/12 (ρw'')''/π,
 * and the factor takes away the middle term. A factor of an edge leaves π and the signs of the rates as they are.
 */
import type { Grid } from '../grid/grid.ts';

/**
 * 1 + h²Θ''/6 on every edge of a line, from the rises of Θ along the edges: h²Θ'' is the harmonic mean of the
 * differences to the rises before and after, 0 where they have two signs and at the ends (van Leer 1974): right to h⁴
 * where Θ is smooth, to h³ where Θ'' = 0. The mean keeps the singular end of a process such as a square root to its
 * first edge. Between ½ and 2, and 1 + O(h) at kinks of Θ.
 */
export function driftFactors(rises: Float64Array): Float64Array {
  const factors = new Float64Array(rises.length).fill(1);
  for (let edge = 1; edge + 1 < rises.length; edge++)
    factors[edge] = driftFactor(rises[edge - 1], rises[edge], rises[edge + 1]);
  return factors;
}

/** The same on the edges along an axis of a grid, which start at its nodes. */
export function driftFactorsAlong(rises: Float64Array, { shape, strides }: Grid, axis: number): Float64Array {
  const [nodes, stride] = [shape[axis], strides[axis]];
  return rises.map((rise, j) => {
    const edge = Math.floor(j / stride) % nodes;
    return edge === 0 || edge >= nodes - 2 ? 1 : driftFactor(rises[j - stride], rise, rises[j + stride]);
  });
}

/** That of one edge, from the rises before it, on it and after it. */
export function driftFactor(before: number, rise: number, after: number): number {
  const bend = harmonicMean(rise - before, after - rise);
  const change = Math.min(Math.abs(bend) / 6, 1);
  return bend < 0 ? 1 / (1 + change) : 1 + change;
}

function harmonicMean(a: number, b: number): number {
  return a * b > 0 ? 2 / (1 / a + 1 / b) : 0;
}
