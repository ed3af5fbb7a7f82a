import { notNegative, positive } from '../input/require.ts';
import { sampledGradient } from './objective.ts';
import type { Optimiser } from './optimiser.ts';
import { refuseOutside } from './settings.ts';
import { shownNumber as shown } from './shown-number.ts';

/** The step of a descent, and the noise added to it. */
export interface StochasticGradientDescentOptions {
  /** η > 0. */
  readonly step: number;
  /** σ ≥ 0 of the noise added to every gradient. */
  readonly noise: number;
}

/**
 * Stochastic gradient descent (Robbins, Monro 1951), Euler for dX = −∇f(X) ds + σ dW:  x ← x − ηg + σ√η ξ, where g is
 * the gradient of a minibatch if the objective has them. Where it has none, e^{−2f/σ²} is invariant as η → 0. Throws
 * InputError for a setting out of its range.
 */
export function stochasticGradientDescent({ step, noise }: StochasticGradientDescentOptions): Optimiser {
  refuseOutside('Stochastic gradient descent', { step, noise }, { step: positive, noise: notNegative });
  const scale = noise * Math.sqrt(step);
  return {
    name: 'sgd',
    title: 'Stochastic gradient descent',
    formula: `x ← x − ${shown(step)} g(x)${noise > 0 ? ` + ${shown(noise)} √${shown(step)} ξ` : ''}`,
    gradients: { of: 'minibatch', perStep: 1 },
    step({ x, gradient }, objective, random) {
      sampledGradient(gradient, objective, x, random);
      for (let i = 0; i < x.length; i++) x[i] -= step * gradient[i] - (scale > 0 ? scale * random.normal() : 0);
    },
  };
}
