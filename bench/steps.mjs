/**
 * What long feet save: Vᵉ of the study of `quadratic` in the default number of steps, beside as many as keep every foot
 * within a cell, T·max|φ|/dx, which was the default before. Errors are sup norms on K against the filtered scheme with
 * twice the nodes of the finest level. Part of `npm run bench`; solves are interleaved, and medians are printed.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROUNDS = 7;
const EPSILONS = [1, 0.1, 0.01, 0.001, 1e-4, 1e-8];
const LEVELS = [101, 201, 401];
const FAST_NODES = 101;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { deepRelaxationProblem, fastBox, formula, solveEpsilonHjb, uniformAxis } = await import(
  pathToFileURL(join(root, 'dist/solvers/index.js')).href
);

const problem = deepRelaxationProblem({
  ...{ name: 'quadratic', title: 'f = x²/2, γ = 2', horizon: 1, gamma: 2 },
  loss: formula('x^2/2', ['x']),
  control: { lower: 0, upper: 1 },
});
const box = { lower: -2.5, upper: 2.5 };
const [{ lower, upper }] = [fastBox(problem, box)].flat();

/** @param {number} x @param {number} y */
const axesOf = (x, y) => ({
  slow: [uniformAxis('x', box.lower, box.upper, x)],
  fast: [uniformAxis('y', lower, upper, y)],
});

/** T·max|φ|/dx. @param {ReturnType<typeof axesOf>} axes */
function stepsWithinCells({ slow: [x], fast: [y] }) {
  let fastest = 0;
  for (let i = 0; i < x.nodes; i++) {
    for (const end of [y.lower, y.upper]) {
      const phi = problem.slowDrift[0]([x.lower + i * x.spacing], [end], [1]);
      fastest = Math.max(fastest, Math.abs(phi) / x.spacing);
    }
  }
  return Math.ceil(problem.horizon * fastest * (1 - 1e-12));
}

const reference = axesOf(2 * LEVELS[2] - 1, 2 * FAST_NODES - 1);

/**
 * sup over the nodes in K of |V − reference|.
 * @param {Float64Array} values @param {ReturnType<typeof axesOf>} axes @param {Float64Array} exact
 */
function errorOf(values, { slow: [x], fast: [y] }, exact) {
  const [across, along] = [(reference.slow[0].nodes - 1) / (x.nodes - 1), 2];
  let most = 0;
  for (let j = 0; j < y.nodes; j++) {
    for (let i = 0; i < x.nodes; i++) {
      if (Math.abs(x.lower + i * x.spacing) > 1.5 || Math.abs(y.lower + j * y.spacing) > 1) continue;
      const found = values[j * x.nodes + i] - exact[j * along * reference.slow[0].nodes + i * across];
      most = Math.max(most, Math.abs(found));
    }
  }
  return most;
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** @param {number} epsilon @param {number} level @param {Float64Array} exact */
async function compared(epsilon, level, exact) {
  const axes = axesOf(level, FAST_NODES);
  const runs = [stepsWithinCells(axes), undefined].map((steps) => {
    return { steps, times: /** @type {number[]} */ ([]), error: 0, taken: 0 };
  });
  for (let round = 0; round < ROUNDS; round++) {
    for (const run of runs) {
      const since = performance.now();
      const { values, steps } = await solveEpsilonHjb(problem, { ...axes, epsilon, steps: run.steps });
      run.times.push(performance.now() - since);
      run.taken = steps;
      run.error = errorOf(values, axes, exact);
    }
  }
  return runs.map(({ taken, error, times }) => ({ steps: taken, error, time: median(times) }));
}

const totals = [
  { steps: 0, time: 0 },
  { steps: 0, time: 0 },
];
console.log('\nVᵉ of the study of quadratic, feet within a cell → default: steps, error on K, ms');
for (const epsilon of EPSILONS) {
  const { values: exact } = await solveEpsilonHjb(problem, { ...reference, epsilon, scheme: 'filtered' });
  for (const level of LEVELS) {
    const both = await compared(epsilon, level, exact);
    const pair = (/** @type {(run: typeof both[0]) => string} */ show) => both.map(show).join(' → ');
    const cells = [
      pair(({ steps }) => `${steps}`),
      pair(({ error }) => error.toExponential(2)),
      pair(({ time }) => time.toFixed(1)),
    ];
    console.log(`  ε ${epsilon}, ${level} nodes`.padEnd(24) + cells.map((cell) => cell.padEnd(24)).join(''));
    totals.forEach((total, k) => {
      total.steps += both[k].steps;
      total.time += both[k].time;
    });
  }
}
const [before, after] = totals;
console.log(
  `  all: ${before.steps} → ${after.steps} steps, ${(before.steps / after.steps).toFixed(1)} times fewer, ` +
    `${before.time.toFixed(0)} → ${after.time.toFixed(0)} ms, ${(before.time / after.time).toFixed(1)} times less`,
);
