/**
 * The ratio of wall times at ε = 1e-8 and ε = 1, part of `npm run bench`. Runs are interleaved and ratios are taken
 * pair by pair, so that a machine whose speed drifts does no harm.
 */
import { solveEpsilonHjb } from '../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../src/grid/axis.ts';
import { quadratic } from '../test/problems.ts';

const PAIRS = 7;

const problem = quadratic();
const clock = () => performance.now() / 1000;
const axes = { slow: [uniformAxis('x', -2.5, 2.5, 201)], fast: [uniformAxis('y', -6, 6, 201)] };

async function seconds(epsilon: number): Promise<number> {
  return (await solveEpsilonHjb(problem, { epsilon, ...axes }, { clock })).seconds;
}

await seconds(1);
const ratios: number[] = [];
for (let pair = 0; pair < PAIRS; pair++) {
  const large = await seconds(1);
  ratios.push((await seconds(1e-8)) / large);
}
ratios.sort((a, b) => a - b);
const [least, median, most] = [ratios[0], ratios[(PAIRS - 1) / 2], ratios[PAIRS - 1]].map((ratio) => ratio.toFixed(2));
console.log(`\nwall time at ε = 1e-8 over ε = 1 (201², ${PAIRS} pairs): median ${median}, ${least} to ${most}`);
