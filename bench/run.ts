/**
 * `npm run bench`: time per node and step of the hot loops, and the ratio of wall times at ε = 1e-8 and ε = 1.
 * Runs are interleaved and ratios are taken pair by pair, so that a machine whose speed drifts does no harm.
 */
import { solveEpsilonHjb } from '../solvers/epsilon-hjb.ts';
import { slowPoints } from '../solvers/terminal-values.ts';
import { uniformAxis } from '../src/grid/axis.ts';
import { tensorGrid } from '../src/grid/grid.ts';
import { fastGenerator } from '../src/operator/fast-generator.ts';
import { slowHamiltonian } from '../src/operator/slow-hamiltonian.ts';
import { quadratic } from '../test/problems.ts';

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

/** Median seconds of one call. */
function secondsOf(call: () => void): number {
  return median(
    Array.from({ length: REPEATS }, () => {
      const start = clock();
      call();
      return clock() - start;
    }),
  );
}

function benchKernels(nodes: number): void {
  const { slow, fast } = axes(nodes);
  const grid = tensorGrid(slow);
  const updates = nodes * nodes;
  const calls = Math.max(1, Math.round(2e7 / updates));
  const V = Float64Array.from({ length: updates }, (_, k) => Math.sin((3 * (k % nodes)) / nodes) ** 2);
  const W = new Float64Array(updates);
  const hamiltonian = slowHamiltonian(problem, grid, tensorGrid(fast));
  const resolvent = fastGenerator(problem, slowPoints(grid), fast[0]).resolvent(0.01);
  const repeat = (call: () => void) => () => {
    for (let k = 0; k < calls; k++) call();
  };
  const perNode = (seconds: number) => ((seconds / calls / updates) * 1e9).toFixed(2).padStart(6);
  const sweep = secondsOf(repeat(() => hamiltonian.step(W, V, 1e-3)));
  const solve = secondsOf(repeat(() => resolvent.apply(V, W)));
  console.log(`${`${nodes}²`.padEnd(8)}${perNode(sweep)}        ${perNode(solve)}        ${perNode(sweep + solve)}`);
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

console.log('ns per node and step, one thread, plain JavaScript float64');
console.log('nodes   slow sweep    fast resolvent    IMEX step');
for (const nodes of [128, 256, 513, 1024]) benchKernels(nodes);
await benchEpsilon();
