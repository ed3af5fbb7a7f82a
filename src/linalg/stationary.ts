import type { LineRates } from './tridiagonal.ts';

/** Restart the product before it overflows; what then underflows is below 1e-500 of the largest weight. */
const LARGEST_WEIGHT = 1e250;

/**
 * The stationary distributions π (Σ_j π_j = 1 in every lane) of birth–death chains,
 *   π_{j+1} down_{j+1} = π_j up_j   (detailed balance holds for every chain on a line),
 * without subtraction, hence with relative accuracy of order nodes × round-off in every entry that does not underflow.
 */
export function stationaryLines(rates: LineRates): Float64Array {
  const { lanes, nodes, up, down } = rates;
  const weights = new Float64Array(lanes * nodes);
  for (let lane = 0; lane < lanes; lane++) {
    let weight = 1;
    let total = 1;
    weights[lane] = 1;
    for (let j = 1; j < nodes; j++) {
      const k = j * lanes + lane;
      weight *= up[k - lanes] / down[k];
      if (weight > LARGEST_WEIGHT) {
        for (let l = 0; l < j; l++) weights[l * lanes + lane] /= weight;
        total /= weight;
        weight = 1;
      }
      weights[k] = weight;
      total += weight;
    }
    for (let j = 0; j < nodes; j++) weights[j * lanes + lane] /= total;
  }
  return weights;
}
