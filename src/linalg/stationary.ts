import type { LineRates } from './tridiagonal.ts';

/** Weights are held as w·BLOCKᵏ with BLOCK^(−1/2) ≤ w ≤ BLOCK^(1/2): powers of 2, so that scaling rounds nothing. */
const BLOCK = 2 ** 512;
const [LEAST, MOST] = [2 ** -256, 2 ** 256];

/**
 * The stationary distributions π (Σ_j π_j = 1 in every lane) of birth–death chains with positive rates,
 *   π_{j+1} down_{j+1} = π_j up_j   (detailed balance holds for every chain on a line),
 * without subtraction and past barriers of any height: relative accuracy of order nodes × round-off in every entry that
 * does not underflow beside the largest.
 */
export function stationaryLines(rates: LineRates): Float64Array {
  const { lanes, nodes, up, down } = rates;
  const weights = new Float64Array(lanes * nodes);
  const blocks = new Float64Array(nodes);
  for (let lane = 0; lane < lanes; lane++) {
    let weight = 1;
    let block = 0;
    weights[lane] = 1;
    blocks[0] = 0;
    for (let j = 1; j < nodes; j++) {
      const k = j * lanes + lane;
      const ratio = up[k - lanes] / down[k];
      // A ratio near the ends of the exponent range is halved in exponent first, or the product could leave it.
      const shift = ratio < 1 / BLOCK ? -1 : ratio > BLOCK ? 1 : 0;
      weight *= shift < 0 ? ratio * BLOCK : ratio / (shift > 0 ? BLOCK : 1);
      const carry = weight < LEAST ? -1 : weight > MOST ? 1 : 0;
      if (carry !== 0) weight *= carry < 0 ? BLOCK : 1 / BLOCK;
      block += shift + carry;
      weights[k] = weight;
      blocks[j] = block;
    }
    normalizeLane(weights, blocks, lanes, lane);
  }
  return weights;
}

function normalizeLane(weights: Float64Array, blocks: Float64Array, lanes: number, lane: number): void {
  const top = blocks.reduce((a, b) => Math.max(a, b), -Infinity);
  let total = 0;
  for (let j = 0; j < blocks.length; j++) {
    const k = j * lanes + lane;
    weights[k] *= BLOCK ** (blocks[j] - top);
    total += weights[k];
  }
  for (let k = lane; k < weights.length; k += lanes) weights[k] /= total;
}
