import type { Objective } from '../optimiser/objective.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { addGradient, crossEntropy, forward, type Perceptron, perceptronRoom } from './perceptron.ts';

/** Labelled samples: row s of `inputs` holds the features of sample s. */
export interface LabelledData {
  readonly features: number;
  readonly inputs: Float64Array;
  readonly labels: Uint8Array;
}

/**
 * Mean cross-entropy of a perceptron on labelled data plus decay·|θ|²/2, as an objective of its weights θ; a minibatch
 * is drawn with replacement. Keeps its own room: one objective serves one thread.
 */
export function classification(
  net: Perceptron,
  data: LabelledData,
  { batch, decay }: { readonly batch: number; readonly decay: number },
): Objective {
  const { features, inputs, labels } = data;
  const room = perceptronRoom(net);
  const [input, logits] = [room.activations[0], room.activations[net.widths.length - 1]];
  const look = (weights: Float64Array, sample: number): void => {
    for (let i = 0; i < features; i++) input[i] = inputs[sample * features + i];
    forward(room, net, weights);
  };
  const start = (out: Float64Array, weights: Float64Array): void => {
    for (let i = 0; i < weights.length; i++) out[i] = decay * weights[i];
  };
  const add = (out: Float64Array, weights: Float64Array, sample: number, scale: number): void => {
    look(weights, sample);
    addGradient(out, net, weights, { room, label: labels[sample], scale });
  };
  return {
    dimension: net.dimension,
    loss(weights) {
      let sum = 0;
      for (let sample = 0; sample < labels.length; sample++) {
        look(weights, sample);
        sum += crossEntropy(logits, labels[sample]);
      }
      return sum / labels.length + (decay / 2) * squaredNorm(weights);
    },
    gradient(out, weights) {
      start(out, weights);
      for (let sample = 0; sample < labels.length; sample++) add(out, weights, sample, 1 / labels.length);
    },
    minibatches: {
      perFullGradient: labels.length / batch,
      gradient(out, weights, random) {
        start(out, weights);
        for (let k = 0; k < batch; k++) add(out, weights, random.index(labels.length), 1 / batch);
      },
    },
  };
}

/** Share of the samples whose greatest logit is that of their label. */
export function accuracy(net: Perceptron, { features, inputs, labels }: LabelledData, weights: Float64Array): number {
  const room = perceptronRoom(net);
  const logits = room.activations[net.widths.length - 1];
  let right = 0;
  for (let sample = 0; sample < labels.length; sample++) {
    room.activations[0].set(inputs.subarray(sample * features, (sample + 1) * features));
    forward(room, net, weights);
    let best = 0;
    for (let j = 1; j < logits.length; j++) if (logits[j] > logits[best]) best = j;
    if (best === labels[sample]) right++;
  }
  return right / labels.length;
}

/** The samples in random order. */
export function shuffledData({ features, inputs, labels }: LabelledData, random: RandomStream): LabelledData {
  const order = shuffled(labels.length, random);
  const moved = new Float64Array(inputs.length);
  order.forEach((sample, k) => {
    moved.set(inputs.subarray(sample * features, (sample + 1) * features), k * features);
  });
  return { features, inputs: moved, labels: Uint8Array.from(order, (sample) => labels[sample]) };
}

/** Samples from … to − 1, sharing memory. */
export function samples({ features, inputs, labels }: LabelledData, from: number, to: number): LabelledData {
  return { features, inputs: inputs.subarray(from * features, to * features), labels: labels.subarray(from, to) };
}

/**
 * The first `training` samples to learn from and the others to test. All features alike, as pixels are, are moved and
 * scaled to mean 0 and variance 1 over the training part.
 */
export function standardSplit(
  data: LabelledData,
  training: number,
): { readonly training: LabelledData; readonly test: LabelledData } {
  const learnt = samples(data, 0, training).inputs;
  const mean = learnt.reduce((sum, value) => sum + value, 0) / learnt.length;
  const variance = learnt.reduce((sum, value) => sum + (value - mean) ** 2, 0) / learnt.length;
  const scaled = { ...data, inputs: data.inputs.map((value) => (value - mean) / Math.sqrt(variance)) };
  return { training: samples(scaled, 0, training), test: samples(scaled, training, data.labels.length) };
}

/** A permutation of 0 … count − 1 (Fisher, Yates). */
function shuffled(count: number, random: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = random.index(k + 1);
    [order[k], order[other]] = [order[other], order[k]];
  }
  return order;
}

function squaredNorm(vector: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i] * vector[i];
  return sum;
}
