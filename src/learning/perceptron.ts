/**
 * A perceptron of several layers: a₀ the input, z_k = W_k a_{k−1} + b_k, a_k = tanh z_k but for the last, whose z are
 * logits; loss −log softmax(z)_label. Gradients by back-propagation (Rumelhart, Hinton, Williams 1986).
 */
import type { RandomStream } from '../random/random-stream.ts';

/** Widths [inputs, hidden…, classes]; parameters are one array: per layer W (rows = outputs), then b. */
export interface Perceptron {
  readonly widths: readonly number[];
  /** Number of parameters. */
  readonly dimension: number;
  /** Where the parameters of each layer begin. */
  readonly offsets: readonly number[];
}

/** Room for one sample: activations and sensitivities ∂loss/∂z of every layer. */
export interface PerceptronRoom {
  readonly activations: readonly Float64Array[];
  readonly sensitivities: readonly Float64Array[];
}

/** The network with these widths, at least one layer. */
export function perceptron(widths: readonly number[]): Perceptron {
  const offsets = [0];
  for (let k = 1; k < widths.length; k++) offsets.push(offsets[k - 1] + widths[k] * (widths[k - 1] + 1));
  return { widths, dimension: offsets[widths.length - 1], offsets };
}

export function perceptronRoom({ widths }: Perceptron): PerceptronRoom {
  const fields = () => widths.map((width) => new Float64Array(width));
  return { activations: fields(), sensitivities: fields() };
}

/** Weights normal with variance 1/inputs of the layer, biases 0 (LeCun et al. 1998). */
export function initialWeights(out: Float64Array, { widths, offsets }: Perceptron, random: RandomStream): void {
  out.fill(0);
  for (let k = 1; k < widths.length; k++) {
    const scale = 1 / Math.sqrt(widths[k - 1]);
    for (let w = 0; w < widths[k] * widths[k - 1]; w++) out[offsets[k - 1] + w] = scale * random.normal();
  }
}

/** Fills the activations from activations[0], the input, up to the logits. */
export function forward(room: PerceptronRoom, { widths, offsets }: Perceptron, weights: Float64Array): void {
  const { activations } = room;
  const last = widths.length - 1;
  for (let k = 1; k <= last; k++) {
    const [input, output] = [activations[k - 1], activations[k]];
    const biases = offsets[k - 1] + widths[k] * widths[k - 1];
    for (let j = 0; j < output.length; j++) {
      let sum = weights[biases + j];
      const row = offsets[k - 1] + j * input.length;
      for (let i = 0; i < input.length; i++) sum += weights[row + i] * input[i];
      output[j] = k === last ? sum : Math.tanh(sum);
    }
  }
}

/** −log softmax(z)_label, the greatest logit taken out first. */
export function crossEntropy(logits: Float64Array, label: number): number {
  let top = -Infinity;
  for (let j = 0; j < logits.length; j++) top = Math.max(top, logits[j]);
  let sum = 0;
  for (let j = 0; j < logits.length; j++) sum += Math.exp(logits[j] - top);
  return Math.log(sum) + top - logits[label];
}

/** Adds `scale` times the gradient of one sample's loss; forward() must have filled the room with it. */
export function addGradient(
  out: Float64Array,
  net: Perceptron,
  weights: Float64Array,
  sample: { readonly room: PerceptronRoom; readonly label: number; readonly scale: number },
): void {
  const { widths, offsets } = net;
  const { activations, sensitivities } = sample.room;
  const last = widths.length - 1;
  softmaxSensitivity(sensitivities[last], activations[last], sample);
  for (let k = last; k > 0; k--) {
    const [input, delta] = [activations[k - 1], sensitivities[k]];
    const biases = offsets[k - 1] + widths[k] * widths[k - 1];
    for (let j = 0; j < delta.length; j++) {
      const row = offsets[k - 1] + j * input.length;
      out[biases + j] += delta[j];
      for (let i = 0; i < input.length; i++) out[row + i] += delta[j] * input[i];
    }
    if (k > 1) propagate(sensitivities[k - 1], delta, input, { weights, from: offsets[k - 1] });
  }
}

/** Wᵀδ times tanh′ = 1 − a² of the layer before, its W from `from` on. */
function propagate(
  out: Float64Array,
  delta: Float64Array,
  activation: Float64Array,
  { weights, from }: { readonly weights: Float64Array; readonly from: number },
): void {
  out.fill(0);
  for (let j = 0; j < delta.length; j++) {
    const row = from + j * out.length;
    for (let i = 0; i < out.length; i++) out[i] += delta[j] * weights[row + i];
  }
  for (let i = 0; i < out.length; i++) out[i] *= 1 - activation[i] * activation[i];
}

/** scale·(softmax(z) − e_label). */
function softmaxSensitivity(
  out: Float64Array,
  logits: Float64Array,
  { label, scale }: { readonly label: number; readonly scale: number },
): void {
  const rest = crossEntropy(logits, label) + logits[label];
  for (let j = 0; j < out.length; j++) out[j] = scale * (Math.exp(logits[j] - rest) - (j === label ? 1 : 0));
}
