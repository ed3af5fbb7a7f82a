/** Gibbs weights on nodes, relative to the least Φ, so that no height of Φ overflows. */
interface GibbsWeights {
  /** e^−Φ with sum 1. */
  readonly weights: Float64Array;
  /** log Σ e^−Φ. */
  readonly logSum: number;
}

/** e^{−Φ_j}/Σ_k e^{−Φ_k} from values of Φ. */
export function gibbsWeights(potential: Float64Array): GibbsWeights {
  let least = Infinity;
  for (let j = 0; j < potential.length; j++) least = Math.min(least, potential[j]);
  const weights = new Float64Array(potential.length);
  let sum = 0;
  for (let j = 0; j < weights.length; j++) {
    weights[j] = Math.exp(least - potential[j]);
    sum += weights[j];
  }
  for (let j = 0; j < weights.length; j++) weights[j] /= sum;
  return { weights, logSum: Math.log(sum) - least };
}
