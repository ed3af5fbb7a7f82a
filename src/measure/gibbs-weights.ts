/** Gibbs weights on nodes, relative to the least Φ, so that no height of Φ overflows. */
export interface GibbsWeights {
  /** e^−Φ with sum 1. */
  readonly weights: Float64Array;
  /** log Σ e^−Φ. */
  readonly logSum: number;
}

/** e^{−Φ_j}/Σ_k e^{−Φ_k} from values of Φ. */
export function gibbsWeights(potential: Float64Array): GibbsWeights {
  const least = potential.reduce((low, value) => Math.min(low, value), Infinity);
  const weights = potential.map((value) => Math.exp(least - value));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (let j = 0; j < weights.length; j++) weights[j] /= sum;
  return { weights, logSum: Math.log(sum) - least };
}
