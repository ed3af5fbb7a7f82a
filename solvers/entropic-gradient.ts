/**
 * The gradient of the local entropy F(x) = k log∫exp(−V(y,x)/k)dy, V = f(y) + γ|x−y|²/2 (Chaudhari et al. 2019):
 *   ∇F(x) = −γ∫(x−y) dμ_x,   μ_x ∝ e^{−V(·,x)/k},
 * by sampling μ_x. Langevin proposals are accepted with Metropolis' probability (Roberts, Tweedie 1996), so that the
 * chain keeps μ_x itself and the error bar holds no bias of a time step.
 */

import { InputError } from '../src/input/input-error.ts';
import { count, positive } from '../src/input/require.ts';
import { reached, type Watch } from '../src/input/watch.ts';
import { langevinStep } from '../src/optimiser/langevin.ts';
import type { Objective } from '../src/optimiser/objective.ts';
import { type OptimiserState, startAt } from '../src/optimiser/optimiser.ts';
import { refuseOutside } from '../src/optimiser/settings.ts';
import type { RandomStream } from '../src/random/random-stream.ts';

/** Where ∇F is wanted, and the chain that samples μ_x. */
export interface EntropicGradientOptions {
  /** d coordinates; not changed. */
  readonly x: ArrayLike<number>;
  /** γ > 0. */
  readonly gamma: number;
  /** k; default 1. */
  readonly temperature?: number;
  /** Steps of the chain after the burn-in, at least 100; as many gradient evaluations. */
  readonly samples: number;
  /** The source of proposals; the same stream gives the same bytes. */
  readonly random: RandomStream;
  /** h, the step of a proposal; default: 0.5/γ, or a smaller one of which 57 % are accepted, found in the burn-in. */
  readonly fastStep?: number;
}

/** ∇F(x) by sampling, with its statistical error. */
export interface EntropicGradient {
  /** ∇F(x), d components. */
  readonly gradient: Float64Array;
  /** One standard error per component, from the means of batches of consecutive samples. */
  readonly standardError: Float64Array;
  /** Share of accepted proposals. */
  readonly acceptance: number;
  /** h of the proposals. */
  readonly fastStep: number;
  /** Where batches follow each other too closely for the standard error. */
  readonly warnings: readonly string[];
}

/** More batches leave each too short to be independent, fewer leave the standard error uncertain: ±10 % with 50. */
const BATCHES = 50;
/** Correlation of consecutive batches, the mean over the components, of which ±.14 is chance: 1/√50. */
const LARGEST_CORRELATION = 0.45;
/** The chain starts in x; its memory is a few 1/γ, far less than this share of the samples. */
const BURN_IN = 0.05;
/** Steps of the burn-in at least: the step of a proposal is found in them. */
const SHORTEST = 200;
/** The acceptance at which a Langevin proposal moves fastest in many dimensions (Roberts, Rosenthal 1998). */
const BEST_ACCEPTANCE = 0.574;
/** A chain that moves less often tells nothing of μ_x, and its batches nothing of its error. */
const LEAST_ACCEPTANCE = 0.03;

/**
 * ∇F(x) with its error bar, F the local entropy (Chaudhari et al. 2019), by Langevin proposals that are accepted with
 * Metropolis' probability (Roberts, Tweedie 1996). Throws InputError for options out of their range, and where the
 * chain hardly moves.
 */
export function entropicGradient(
  objective: Objective,
  options: EntropicGradientOptions,
  watch: Watch = {},
): EntropicGradient {
  refuseNonsense(options);
  const { gamma, random, samples } = options;
  const chain = metropolisChain(objective, options);
  const perBatch = Math.floor(samples / BATCHES);
  for (let k = 0; k < Math.max(BURN_IN * samples, SHORTEST); k++) {
    const accepted = chain.step(random);
    // The gain falls, so that the step settles (Andrieu, Thoms 2008, §4).
    if (options.fastStep === undefined) chain.scaleStep(Math.exp((accepted - BEST_ACCEPTANCE) / Math.sqrt(k + 1)));
  }
  const { x, y } = chain.state;
  const batches: Float64Array[] = [];
  const [sum, squares] = [new Float64Array(x.length), new Float64Array(x.length)];
  let accepted = 0;
  for (let b = 0; b < BATCHES; b++) {
    const batch = new Float64Array(x.length);
    batches.push(batch);
    for (let k = 0; k < perBatch; k++) {
      accepted += chain.step(random);
      for (let i = 0; i < x.length; i++) batch[i] -= (gamma * (x[i] - y[i])) / perBatch;
    }
    for (let i = 0; i < x.length; i++) {
      sum[i] += batch[i];
      squares[i] += batch[i] * batch[i];
    }
    reached(watch, (b + 1) / BATCHES);
  }
  const gradient = sum.map((value) => value / BATCHES);
  const variance = squares.map((value, i) => Math.max(0, value / BATCHES - gradient[i] ** 2) / (BATCHES - 1));
  const acceptance = accepted / (BATCHES * perBatch);
  refuseStuck(acceptance, chain.fastStep());
  const standardError = variance.map(Math.sqrt);
  const warnings = correlationWarning(batches, gradient, perBatch);
  return { gradient, standardError, acceptance, fastStep: chain.fastStep(), warnings };
}

/** A sentence where batches are no independent samples of the mean: the standard error is then too small. */
function correlationWarning(batches: readonly Float64Array[], mean: Float64Array, perBatch: number): string[] {
  let correlation = 0;
  for (let i = 0; i < mean.length; i++) {
    let [together, own] = [0, 0];
    for (let b = 1; b < batches.length; b++) {
      together += (batches[b][i] - mean[i]) * (batches[b - 1][i] - mean[i]);
      own += (batches[b][i] - mean[i]) ** 2;
    }
    correlation += own > 0 ? together / own / mean.length : 0;
  }
  if (!(correlation > LARGEST_CORRELATION)) return [];
  return [
    `consecutive batches of ${perBatch} samples are correlated (${correlation.toFixed(2)}) – the chain forgets more ` +
      'slowly than a batch lasts, as between wells – the standard error is too small – take more samples',
  ];
}

function refuseStuck(acceptance: number, fastStep: number): void {
  if (acceptance >= LEAST_ACCEPTANCE) return;
  throw new InputError(
    `the chain moves in ${Number((100 * acceptance).toPrecision(2))} % of its steps of ${fastStep.toPrecision(3)}`,
    'a proposal that lands where μ_x is small is refused, and from a chain that stands still nothing follows',
    'take a smaller fastStep, or leave it out',
  );
}

interface Chain {
  readonly state: OptimiserState;
  /** One proposal; 1 where it was accepted, else 0. */
  step(random: RandomStream): number;
  fastStep(): number;
  /** Multiplies the step of the next proposals. */
  scaleStep(factor: number): void;
}

/** The chain holds y; a proposal z is made by one Langevin step and accepted by the ratio of densities. */
function metropolisChain(objective: Objective, options: EntropicGradientOptions): Chain {
  const { gamma, temperature = 1 } = options;
  const longest = 0.5 / gamma;
  let { fastStep = longest } = options;
  const full: Objective = { dimension: objective.dimension, loss: objective.loss, gradient: objective.gradient };
  const state = startAt(Float64Array.from(options.x));
  const { x, y, gradient } = state;
  const before = y.slice();
  const slopeBefore = y.slice();
  const potential = (point: Float64Array) => {
    let squares = 0;
    for (let i = 0; i < x.length; i++) squares += (x[i] - point[i]) ** 2;
    return full.loss(point) + (gamma / 2) * squares;
  };
  let height = potential(y);
  /** |to − from + h∇V(from)|², which the density of a proposal depends on. */
  const miss = (to: Float64Array, from: Float64Array, slope: Float64Array) => {
    let squares = 0;
    for (let i = 0; i < x.length; i++) {
      squares += (to[i] - from[i] + fastStep * (slope[i] - gamma * (x[i] - from[i]))) ** 2;
    }
    return squares;
  };
  return {
    state,
    fastStep: () => fastStep,
    scaleStep(factor) {
      fastStep = Math.min(fastStep * factor, longest);
    },
    step(random) {
      before.set(y);
      langevinStep(state, { gamma, fastStep, temperature }, full, random);
      slopeBefore.set(gradient);
      full.gradient(gradient, y);
      const proposed = potential(y);
      const transport = miss(before, y, gradient) - miss(y, before, slopeBefore);
      const exponent = (height - proposed) / temperature - transport / (4 * temperature * fastStep);
      if (Math.log(random.uniform()) < exponent) {
        height = proposed;
        return 1;
      }
      y.set(before);
      return 0;
    },
  };
}

function refuseNonsense(options: EntropicGradientOptions): void {
  const { x, gamma, samples, temperature = 1, fastStep = 0.5 / gamma } = options;
  const ranges = { gamma: positive, temperature: positive, fastStep: positive, samples: count };
  refuseOutside('entropicGradient', { gamma, temperature, fastStep, samples }, ranges);
  if (samples < 2 * BATCHES) {
    throw new InputError(
      `${samples} samples are too few`,
      `the error bar comes from ${BATCHES} batches`,
      `take at least ${2 * BATCHES}`,
    );
  }
  const strange = Array.from(x).find((value) => !Number.isFinite(value));
  if (strange === undefined) return;
  throw new InputError(`x has the coordinate ${strange}`, 'the gradient is one in a point', 'give finite numbers');
}
