import { positive } from '../input/require.ts';
import type { Optimiser } from './optimiser.ts';
import { refuseOutside } from './settings.ts';
import { shownNumber } from './shown-number.ts';

/**
 * Gradient descent, Euler for Ẋ = −∇f(X):  x ← x − η∇f(x), with the gradient of the whole loss (Cauchy 1847). Throws
 * InputError unless η > 0.
 */
export function gradientDescent({ step }: { readonly step: number }): Optimiser {
  refuseOutside('Gradient descent', { step }, { step: positive });
  return {
    name: 'gradient-descent',
    title: 'Gradient descent',
    formula: `x ← x − ${shownNumber(step)} ∇f(x)`,
    gradients: { of: 'loss', perStep: 1 },
    step({ x, gradient }, objective) {
      objective.gradient(gradient, x);
      for (let i = 0; i < x.length; i++) x[i] -= step * gradient[i];
    },
  };
}
