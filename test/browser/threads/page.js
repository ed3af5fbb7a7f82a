/** Solves one problem on several numbers of threads and on the plain kernel, and posts what it found to the server. */
import {
  deepRelaxationProblem,
  fastBox,
  formula,
  solveEpsilonHjb,
  threadedKernel,
  uniformAxis,
} from 'hjb-homogenization';
import { plainKernel } from '../../../src/kernel/plain/plain.ts';

const problem = deepRelaxationProblem({
  name: 'quadratic',
  title: 'f = x²/2',
  horizon: 1,
  loss: formula('x^2/2', ['x']),
  gamma: 2,
  control: { lower: 0, upper: 1 },
});
const box = fastBox(problem, { lower: -2.5, upper: 2.5 });
const options = {
  epsilon: 0.01,
  slow: [uniformAxis('x', -2.5, 2.5, 401)],
  fast: [uniformAxis('y', box.lower, box.upper, 101)],
};

/** @param {import('hjb-homogenization').Kernel} kernel */
async function solveOn(kernel) {
  const { values, threads, backend, outcome } = await solveEpsilonHjb(problem, options, { kernel });
  await kernel.close();
  return { values, threads, backend, status: outcome.status };
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function largestDifference(a, b) {
  return a.reduce((largest, value, k) => Math.max(largest, Math.abs(value - b[k])), 0);
}

const plain = await solveOn(plainKernel());
/** @type {Float64Array | null} */
let single = null;
const runs = [];
for (const asked of [1, 2, 3]) {
  try {
    const { values, ...run } = await solveOn(await threadedKernel({ threads: asked }));
    single ??= values;
    runs.push({
      asked,
      ...run,
      fromPlain: largestDifference(values, plain.values),
      fromSingle: largestDifference(values, single),
    });
  } catch (error) {
    runs.push({ asked, refused: String(error) });
  }
}
await fetch('/found', { method: 'POST', body: JSON.stringify({ isolated: crossOriginIsolated, runs }) });
