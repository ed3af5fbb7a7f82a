import { notNegative, positive } from '../input/require.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { type Objective, sampledGradient } from './objective.ts';
import type { OptimiserState } from './optimiser.ts';
import { shownNumber as shown } from './shown-number.ts';

/** The fast process around a frozen x. */
export interface LangevinOptions {
  /** γ, the scope: how closely y is held to x. */
  readonly gamma: number;
  /** h, the step in the own time of Y. */
  readonly fastStep: number;
  /** 1 is the noise of the theory; k keeps e^{−V/k} invariant, and 0 is relaxation without noise. */
  readonly temperature: number;
}

export const langevinRanges = { gamma: positive, fastStep: positive, temperature: notNegative };

/**
 * One Euler step of dY = (γ(x−Y) − ∇f(Y)) ds + √(2k) dW, k the temperature:
 *   y ← y + h(γ(x−y) − ∇f(y)) + √(2kh) ξ.
 */
export function langevinStep(
  state: OptimiserState,
  options: LangevinOptions,
  objective: Objective,
  random: RandomStream,
): void {
  const { x, y, gradient } = state;
  const { gamma, fastStep, temperature } = options;
  const noise = Math.sqrt(2 * temperature * fastStep);
  sampledGradient(gradient, objective, y, random);
  for (let i = 0; i < y.length; i++) {
    y[i] += fastStep * (gamma * (x[i] - y[i]) - gradient[i]) + (noise > 0 ? noise * random.normal() : 0);
  }
}

/** y ← y + 0.05(8(x−y) − g(y)) + √0.1 ξ. */
export function shownLangevinStep({ gamma, fastStep, temperature }: LangevinOptions): string {
  const noise = 2 * temperature * fastStep;
  return `y ← y + ${shown(fastStep)}(${shown(gamma)}(x−y) − g(y))${noise > 0 ? ` + √${shown(noise)} ξ` : ''}`;
}
