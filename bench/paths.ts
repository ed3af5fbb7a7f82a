/** Heun path-steps per second on one and two threads, part of `npm run bench`. */
import { simulateTwoScale } from '../solvers/trajectories.ts';
import type { Problem } from '../src/problem/problem.ts';
import { multiwell, quadratic } from '../test/problems.ts';

const REPEATS = 7;

const clock = () => performance.now() / 1000;

async function benchPaths(problem: Problem, threads: number): Promise<void> {
  const box = { slow: { lower: -3.2, upper: 3.2 }, fast: { lower: -6.5, upper: 6.5 } };
  const start = { epsilon: 0.1, x: [1], y: [0], control: { kind: 'constant', u: [1] }, seed: 1 } as const;
  const options = { ...start, ...box, method: 'heun', paths: 400_000, steps: 500 } as const;
  const rates: number[] = [];
  for (let k = 0; k < REPEATS; k++) {
    const { seconds, paths, steps } = await simulateTwoScale(problem, options, { threads, clock });
    rates.push((paths * steps) / seconds / 1e6);
  }
  rates.sort((a, b) => a - b);
  const [least, median, most] = [rates[0], rates[(REPEATS - 1) / 2], rates[REPEATS - 1]].map((rate) => rate.toFixed(0));
  console.log(`${problem.name}, ${threads} threads: median ${median}, ${least} to ${most}`);
}

console.log(`\n10⁶ Heun path-steps per second (n = m = 1, ${REPEATS} runs)`);
for (const problem of [quadratic([1, 1]), multiwell()]) {
  for (const threads of [1, 2]) await benchPaths(problem, threads);
}
