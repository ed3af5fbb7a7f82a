import { expect, test } from 'vitest';
import {
  accuracy,
  classification,
  type LabelledData,
  shuffledData,
  standardSplit,
} from '../../src/learning/classification.ts';
import { initialWeights, perceptron } from '../../src/learning/perceptron.ts';
import { randomStream } from '../../src/random/random-stream.ts';

/** Three clouds of points in R⁴, ten points each. */
function clouds(): LabelledData {
  const random = randomStream(5, 0);
  const labels = Uint8Array.from({ length: 30 }, (_, k) => k % 3);
  const inputs = Float64Array.from({ length: 120 }, (_, k) => labels[Math.floor(k / 4)] * (k % 4) + random.normal());
  return { features: 4, inputs, labels };
}

test.each([[[4, 3]], [[4, 6, 3]], [[4, 5, 6, 3]]])(
  'back-propagation through widths %j equals five-point differences of the loss',
  (widths) => {
    const net = perceptron(widths);
    const objective = classification(net, clouds(), { batch: 8, decay: 0.01 });
    const weights = new Float64Array(net.dimension);
    initialWeights(weights, net, randomStream(2, 0));
    const gradient = new Float64Array(net.dimension);
    objective.gradient(gradient, weights);
    const h = 1e-4;
    for (let i = 0; i < net.dimension; i++) {
      const along = (distance: number) => {
        const moved = weights.slice();
        moved[i] += distance;
        return objective.loss(moved);
      };
      const difference = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h);
      // Fourth order: truncation below 1e-13, round-off of a loss of size 1 is 1e-16/h = 1e-12; measured 7e-12.
      expect(Math.abs(gradient[i] - difference)).toBeLessThan(1e-10);
    }
  },
);

test('the mean of minibatch gradients is the gradient, within four standard errors', () => {
  const net = perceptron([4, 6, 3]);
  const { gradient, minibatches } = classification(net, clouds(), { batch: 8, decay: 0.01 });
  const weights = new Float64Array(net.dimension);
  initialWeights(weights, net, randomStream(2, 0));
  const [full, part] = [new Float64Array(net.dimension), new Float64Array(net.dimension)];
  gradient(full, weights);
  const [sum, squares] = [new Float64Array(net.dimension), new Float64Array(net.dimension)];
  const [count, random] = [4000, randomStream(3, 0)];
  for (let k = 0; k < count; k++) {
    minibatches?.gradient(part, weights, random);
    part.forEach((value, i) => {
      sum[i] += value / count;
      squares[i] += (value * value) / count;
    });
  }
  for (let i = 0; i < net.dimension; i++) {
    const standardError = Math.sqrt((squares[i] - sum[i] ** 2) / count);
    expect(Math.abs(sum[i] - full[i])).toBeLessThanOrEqual(4 * standardError + 1e-12);
  }
});

test('the training part has mean 0 and variance 1 over all features, and the test part is scaled alike', () => {
  const data = clouds();
  const { training, test: rest } = standardSplit(data, 21);
  expect([training.labels.length, rest.labels.length]).toEqual([21, 9]);
  const { inputs } = training;
  const mean = inputs.reduce((sum, value) => sum + value, 0) / inputs.length;
  expect(Math.abs(mean)).toBeLessThan(1e-14);
  expect(inputs.reduce((sum, value) => sum + value ** 2, 0) / inputs.length).toBeCloseTo(1, 13);
  const scale = (inputs[1] - inputs[0]) / (data.inputs[1] - data.inputs[0]);
  expect((rest.inputs[5] - inputs[0]) / (data.inputs[84 + 5] - data.inputs[0])).toBeCloseTo(scale, 12);
});

test('shuffled data are the same samples with the same labels', () => {
  const data = clouds();
  const rows = ({ inputs, labels }: LabelledData) =>
    Array.from(labels, (label, k) => [label, ...inputs.subarray(4 * k, 4 * k + 4)].join(' '));
  const moved = shuffledData(data, randomStream(1, 0));
  expect(rows(moved)).not.toEqual(rows(data));
  expect(rows(moved).sort()).toEqual(rows(data).sort());
});

test('a network whose logits are the label itself is right on every sample', () => {
  const labels = Uint8Array.of(0, 1, 2, 1);
  const inputs = Float64Array.from({ length: 12 }, (_, k) => (labels[Math.floor(k / 3)] === k % 3 ? 1 : 0));
  const identity = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);
  expect(accuracy(perceptron([3, 3]), { features: 3, inputs, labels }, identity)).toBe(1);
});
