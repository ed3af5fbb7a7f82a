import type { FastOperator } from './fast-operator-parts.ts';

/** L_h w on all nodes, the sum over the directions of a fast operator with reflecting ends. */
export function applyDirections({ directions, lanes }: Pick<FastOperator, 'directions' | 'lanes'>, w: Float64Array) {
  const out = new Float64Array(w.length);
  for (const { up, down, nodes, stride } of directions) {
    const reach = stride * lanes;
    for (let k = 0; k < w.length; k++) {
      const place = Math.floor(k / reach) % nodes;
      if (place < nodes - 1) out[k] += up[k] * (w[k + reach] - w[k]);
      if (place > 0) out[k] += down[k] * (w[k - reach] - w[k]);
    }
  }
  return out;
}
