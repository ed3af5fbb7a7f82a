/**
 * `npm run bench`: time per node and step of the hot loops, and the ratio of wall times at ε = 1e-8 and ε = 1.
 * Runs are interleaved and ratios are taken pair by pair, so that a machine whose speed drifts does no harm.
 */
import { nodeKernel } from '../scenarios/node-kernel.ts';
import { solveEpsilonHjb } from '../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../src/grid/axis.ts';
import type { Kernel } from '../src/kernel/kernel.ts';
import { plainKernel } from '../src/kernel/plain.ts';
import { imexEuler } from '../src/time/imex-euler.ts';
import { quadratic } from '../test/problems.ts';
import { discretised } from '../test/step.ts';

const REPEATS = 7;

const problem = quadratic();
const clock = () => performance.now() / 1000;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function axes(nodes: number) {
  return { slow: [uniformAxis('x', -2.5, 2.5, nodes)], fast: [uniformAxis('y', -6, 6, nodes)] };
}

async function benchKernels(nodes: number): Promise<void> {
  const { slow, fast } = axes(nodes);
  const steps = Math.max(1, Math.round(6e7 / nodes ** 2));
  const nanoseconds = async (kernel: Kernel) => {
    const samples: number[] = [];
    for (let k = 0; k < REPEATS; k++) {
      const session = kernel.open();
      const { allocate } = session;
      const operators = discretised(problem, slow, fast[0], allocate);
      const program = imexEuler(operators, operators.slow.stableStep, 0.1, new Float64Array(nodes));
      const loaded = await session.load(program);
      await loaded.advance(2);
      const start = clock();
      await loaded.advance(steps);
      samples.push(((clock() - start) * 1e9) / (steps * nodes ** 2));
      session.close();
    }
    return median(samples);
  };
  const row = [await nanoseconds(plainKernel()), await nanoseconds(one), await nanoseconds(two)];
  console.log(`${`${nodes}²`.padEnd(8)}${row.map((value) => value.toFixed(2).padStart(10)).join('')}`);
}

async function benchEpsilon(): Promise<void> {
  const seconds = async (epsilon: number) =>
    (await solveEpsilonHjb(problem, { epsilon, ...axes(201) }, { clock })).seconds;
  await seconds(1);
  const ratios: number[] = [];
  for (let k = 0; k < REPEATS; k++) {
    const large = await seconds(1);
    ratios.push((await seconds(1e-8)) / large);
  }
  const range = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(
    `wall time at ε = 1e-8 over ε = 1 (201², ${REPEATS} pairs): median ${median(ratios).toFixed(2)}, ${range}`,
  );
}

const [one, two] = [await nodeKernel(1), await nodeKernel(2)];
console.log('IMEX Euler, ns per node and step');
console.log('nodes     plain JS wasm, 1 thr  2 threads');
for (const nodes of [128, 256, 513, 1024]) await benchKernels(nodes);
await benchEpsilon();
await Promise.all([one.close(), two.close()]);
