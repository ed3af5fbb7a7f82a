import { positive, weight } from '../input/require.ts';
import { type LangevinOptions, langevinRanges, langevinStep, shownLangevinStep } from './langevin.ts';
import { type LearningRate, shownRate, takenRate } from './learning-rate.ts';
import type { Optimiser } from './optimiser.ts';
import { refuseOutside, refuseRate } from './settings.ts';
import { shownNumber as shown } from './shown-number.ts';

export interface DeepRelaxationOptimiserOptions extends LangevinOptions {
  /** ε, the ratio of the two times. */
  readonly epsilon: number;
  /** α, the weight of the newest y in the running average that estimates p; read by the rate of the limit problem. */
  readonly average: number;
  /** u. */
  readonly rate: LearningRate;
}

const TITLE = 'Deep relaxation';

/**
 * Deep relaxation, Euler for the two-scale system (Bardi, Kouhkouh 2022) with the step dt = εh:
 *   x ← x − εh uγ(x−y),   y ← y + h(γ(x−y) − ∇f(y)) + √(2kh) ξ.
 * As ε → 0 the iterate follows Ẋ = u∇F(X). With the rate of the limit problem u = ν(x,y) and p = γ(x−μ), an estimate of
 * −∇F, with the running average μ ← (1−α)μ + αy. Throws InputError for a setting out of its range.
 */
export function deepRelaxation(options: DeepRelaxationOptimiserOptions): Optimiser {
  const { gamma, epsilon, fastStep, average, rate } = options;
  refuseOutside(TITLE, options, { ...langevinRanges, epsilon: positive, average: weight });
  refuseRate(TITLE, rate);
  return {
    name: 'deep-relaxation',
    title: TITLE,
    formula: [
      `x ← x − ${shown(epsilon)}·${shown(fastStep)}·${shownRate(rate)}·${shown(gamma)}(x−y)`,
      shownLangevinStep(options),
    ].join(', '),
    gradients: { of: 'minibatch', perStep: 1 },
    rate,
    step(state, objective, random) {
      const { x, y, mean, drift, slope } = state;
      const u = takenRate(rate, state);
      for (let i = 0; i < x.length; i++) drift[i] = u * (x[i] - y[i]);
      langevinStep(state, options, objective, random);
      for (let i = 0; i < x.length; i++) {
        x[i] -= epsilon * fastStep * gamma * drift[i];
        mean[i] += average * (y[i] - mean[i]);
        slope[i] = gamma * (x[i] - mean[i]);
      }
    },
  };
}
