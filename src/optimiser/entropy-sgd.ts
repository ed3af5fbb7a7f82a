import { count, positive, weight } from '../input/require.ts';
import { type LangevinOptions, langevinRanges, langevinStep, shownLangevinStep } from './langevin.ts';
import { type LearningRate, shownRate, takenRate } from './learning-rate.ts';
import type { Optimiser } from './optimiser.ts';
import { refuseOutside, refuseRate } from './settings.ts';
import { shownNumber as shown } from './shown-number.ts';

export interface EntropySgdOptions extends LangevinOptions {
  /** L, Langevin steps before a step of x. */
  readonly innerSteps: number;
  /** α, the weight of the newest y in the running average. */
  readonly average: number;
  /** η, the step of x in the time of the averaged system. */
  readonly step: number;
  /** u. */
  readonly rate: LearningRate;
}

const TITLE = 'Entropy-SGD';

/**
 * Entropy-SGD (Chaudhari et al. 2019, Algorithm 1): from y, μ ← x take L times
 *   y ← y − h(∇f(y) − γ(x−y)) + √(2kh) ξ,   μ ← (1−α)μ + αy,   then   x ← x − ηuγ(x−μ),
 * a step of Ẋ = u∇F(X). With the rate of the limit problem the average is that of ν(x,y)(x−y) instead of u(x−y), and
 * p = γ(x−μ), an estimate of −∇F, is the one of the step before. Throws InputError for a setting out of its range.
 */
export function entropySgd(options: EntropySgdOptions): Optimiser {
  const { gamma, innerSteps, average, step, rate } = options;
  refuseOutside(TITLE, options, { ...langevinRanges, innerSteps: count, average: weight, step: positive });
  refuseRate(TITLE, rate);
  return {
    name: 'entropy-sgd',
    title: TITLE,
    formula: [
      `${innerSteps} × {${shownLangevinStep(options)}, μ ← ${shown(1 - average)}μ + ${shown(average)}y}`,
      `x ← x − ${shown(step)}·${shownRate(rate)}·${shown(gamma)}(x−μ)`,
    ].join(', '),
    gradients: { of: 'minibatch', perStep: innerSteps },
    rate,
    step(state, objective, random) {
      const { x, y, mean, drift, slope } = state;
      y.set(x);
      mean.set(x);
      drift.fill(0);
      for (let l = 0; l < innerSteps; l++) {
        langevinStep(state, options, objective, random);
        const u = takenRate(rate, state);
        for (let i = 0; i < x.length; i++) {
          mean[i] += average * (y[i] - mean[i]);
          drift[i] += average * (u * (x[i] - y[i]) - drift[i]);
        }
      }
      for (let i = 0; i < x.length; i++) {
        slope[i] = gamma * (x[i] - mean[i]);
        x[i] -= step * gamma * drift[i];
      }
    },
  };
}
