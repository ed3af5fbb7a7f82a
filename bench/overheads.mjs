/**
 * What is paid before and around the steps: how long the built program takes to start, beside `node -e 0`, and how long
 * a warm solve takes in a process. Part of `npm run bench`. Everything is interleaved, and medians are printed; the
 * folder of another built checkout as argument is measured in the same rounds.
 */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const STARTS = 9;
const SOLVES = 41;

const own = join(dirname(fileURLToPath(import.meta.url)), '..');
const roots = [own, ...process.argv.slice(2)];

/** @param {string[]} words */
const started = (...words) => {
  const since = performance.now();
  execFileSync(process.execPath, words, { stdio: 'ignore' });
  return performance.now() - since;
};

/** @param {string} root */
async function solvesOf(root) {
  const { solveEpsilonHjb, deepRelaxationProblem, formula, uniformAxis, fastBox, prepare } = await import(
    pathToFileURL(join(root, 'dist/solvers/index.js')).href
  );
  const problem = deepRelaxationProblem({
    ...{ name: 'quadratic', title: 'f = x²/2, γ = 2', horizon: 1, gamma: 2 },
    loss: formula('x^2/2', ['x']),
    control: { lower: 0, upper: 1 },
  });
  /** @param {number} x @param {number} y */
  const axes = (x, y) => ({ slow: [uniformAxis('x', -2.5, 2.5, x)], fast: [uniformAxis('y', -6, 6, y)] });
  const run = { clock: () => performance.now() / 1000 };
  const [small, large] = [axes(25, 25), axes(201, 101)];
  /** @param {object} options */
  const solve = (options) => solveEpsilonHjb(problem, { epsilon: 0.1, ...options }, run);
  /** @type {Record<string, () => Promise<unknown>>} */
  const solves = {
    'solve 25 × 25, 82 steps': () => solve({ ...small, steps: 82 }),
    'the same with 20 snapshots': () => solve({ ...small, steps: 82, snapshots: 20 }),
    'solve 201 × 101, upwind': () => solve(large),
    'solve 201 × 101, filtered': () => solve({ ...large, scheme: 'filtered' }),
    'y-box of the problem': async () => fastBox(problem, { lower: -2.5, upper: 2.5 }),
  };
  if (prepare === undefined) return solves;
  const [ready, larger] = [prepare(problem, small), prepare(problem, large)];
  return {
    ...solves,
    'prepare 201 × 101': async () => prepare(problem, large),
    'prepared 25 × 25, 82 steps': () => ready.solve({ epsilon: 0.1, steps: 82 }, run),
    'prepared 201 × 101, upwind': () => larger.solve({ epsilon: 0.1 }, run),
    'prepared 201 × 101, filtered': () => larger.solve({ epsilon: 0.1, scheme: 'filtered' }, run),
  };
}

/** @param {string} root */
async function measuresOf(root) {
  const main = join(root, 'dist/scenarios/cli/main.js');
  const point = ['--epsilon', '0.1', '--nodes', 'x=25,y=25', '--threads', '1', '--quiet'];
  return {
    starts: {
      'node -e 0': () => started('-e', '0'),
      'hjb list': () => started(main, 'list'),
      'hjb solve --help': () => started(main, 'solve', '--help'),
      'hjb solve quadratic, 25 × 25': () => started(main, 'solve', 'quadratic', ...point),
    },
    solves: await solvesOf(root),
  };
}

/**
 * Milliseconds of every measure in every root, rounds interleaved.
 * @param {number} rounds
 * @param {Record<string, () => unknown>[]} measures
 */
async function interleaved(rounds, measures) {
  /** @type {Map<string, number[][]>} */
  const times = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const [root, list] of measures.entries()) {
      for (const [name, measure] of Object.entries(list)) {
        const since = performance.now();
        await measure();
        const taken = performance.now() - since;
        const row = times.get(name) ?? roots.map(() => []);
        row[root].push(taken);
        times.set(name, row);
      }
    }
  }
  return times;
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** @param {Map<string, number[][]>} times */
function print(times) {
  for (const [name, row] of times) {
    const cells = row.map((values) => (values.length === 0 ? '–' : `${median(values).toFixed(2)} ms`));
    console.log(`  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  }
}

const measures = await Promise.all(roots.map(measuresOf));
console.log(
  `\noverheads, medians of ${STARTS} processes and ${SOLVES} solves: ${roots.length > 1 ? roots.join(', ') : ''}`,
);
print(
  await interleaved(
    STARTS,
    measures.map(({ starts }) => starts),
  ),
);
print(
  await interleaved(
    SOLVES,
    measures.map(({ solves }) => solves),
  ),
);
