/**
 * What long feet save: Vᵉ of the study of `quadratic` in the default number of steps, beside as many as keep every foot
 * within a cell, T·max|φ|/dx, which was the default before. Errors are sup norms on K against the filtered scheme with
 * twice the nodes of the finest level. Part of `npm run bench`; solves are interleaved, and medians are printed. The folder
 * of another built checkout as argument is measured in the same rounds, in its own default number of steps, as "before".
 */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROUNDS = 7;
const EPSILONS = [1, 0.1, 0.01, 0.001, 1e-4, 1e-8];
const LEVELS = [101, 201, 401];
const FAST_NODES = 101;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** @typedef {{ slow: any[], fast: any[] }} Axes @typedef {{ epsilon: number, steps: number | undefined }} Asked */

/** @param {string} folder */
const libraryOf = (folder) => import(pathToFileURL(join(folder, 'dist/solvers/index.js')).href);
const library = await libraryOf(root);
const { fastBox, prepare, solveEpsilonHjb, uniformAxis } = library;
const other = process.argv[2] === undefined ? null : await libraryOf(resolve(process.argv[2]));

/** @param {{ deepRelaxationProblem: (model: object) => any, formula: (text: string, names: string[]) => any }} library */
const problemOf = ({ deepRelaxationProblem, formula }) =>
  deepRelaxationProblem({
    ...{ name: 'quadratic', title: 'f = x²/2, γ = 2', horizon: 1, gamma: 2 },
    loss: formula('x^2/2', ['x']),
    control: { lower: 0, upper: 1 },
  });
const problem = problemOf(library);
/** The solves as a study makes them: the coefficients of a grid once, then every ε. */
const after = {
  stepsOf: () => undefined,
  /** @param {Axes} axes */
  open: (axes) => {
    const ready = prepare(problem, axes);
    return (/** @type {Asked} */ asked) => ready.solve(asked);
  },
};
const before = {
  stepsOf: other === null ? stepsWithinCells : () => undefined,
  /** @param {Axes} axes */
  open: (axes) => {
    const [solve, posed] = other === null ? [solveEpsilonHjb, problem] : [other.solveEpsilonHjb, problemOf(other)];
    return (/** @type {Asked} */ asked) => solve(posed, { ...axes, ...asked });
  },
};
const box = { lower: -2.5, upper: 2.5 };
const [{ lower, upper }] = [fastBox(problem, box)].flat();

/** @param {number} x @param {number} y */
const axesOf = (x, y) => ({
  slow: [uniformAxis('x', box.lower, box.upper, x)],
  fast: [uniformAxis('y', lower, upper, y)],
});

/** T·max|φ|/dx. @param {Axes} axes */
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
 * @param {Float64Array} values @param {Axes} axes @param {Float64Array} exact
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

/**
 * Every ε on one grid, both ways in turn.
 * @param {number} level @param {Float64Array[]} exact
 */
async function compared(level, exact) {
  const axes = axesOf(level, FAST_NODES);
  const found = EPSILONS.map(() => ({ steps: 0, error: 0, times: /** @type {number[]} */ ([]) }));
  const runs = [before, after].map((way) => ({
    ...way,
    opening: /** @type {number[]} */ ([]),
    rows: structuredClone(found),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { stepsOf, open, opening, rows } of runs) {
      const asked = stepsOf(axes);
      const start = performance.now();
      const solve = open(axes);
      opening.push(performance.now() - start);
      for (const [k, epsilon] of EPSILONS.entries()) {
        const since = performance.now();
        const { values, steps } = await solve({ epsilon, steps: asked });
        rows[k].times.push(performance.now() - since);
        Object.assign(rows[k], { steps, error: errorOf(values, axes, exact[k]) });
      }
    }
  }
  return runs.map(({ opening, rows }) => ({
    opening: median(opening),
    rows: rows.map(({ steps, error, times }) => ({ steps, error, time: median(times) })),
  }));
}

const totals = [
  { steps: 0, time: 0 },
  { steps: 0, time: 0 },
];
const name = other === null ? 'feet within a cell' : 'before';
console.log(`\nVᵉ of the study of quadratic, ${name} → default: steps, error on K, ms`);
const exact = [];
for (const epsilon of EPSILONS) {
  exact.push((await solveEpsilonHjb(problem, { ...reference, epsilon, scheme: 'filtered' })).values);
}
for (const level of LEVELS) {
  const both = await compared(level, exact);
  for (const [k, epsilon] of EPSILONS.entries()) {
    const pair = (/** @type {(row: typeof both[0]['rows'][0]) => string} */ show) =>
      both.map(({ rows }) => show(rows[k])).join(' → ');
    const cells = [
      pair(({ steps }) => `${steps}`),
      pair(({ error }) => error.toExponential(2)),
      pair(({ time }) => time.toFixed(1)),
    ];
    console.log(`  ε ${epsilon}, ${level} nodes`.padEnd(24) + cells.map((cell) => cell.padEnd(24)).join(''));
  }
  console.log(`  coefficients, ${level} nodes: ${both[1].opening.toFixed(1)} ms, once`);
  totals.forEach((total, k) => {
    const { opening, rows } = both[k];
    total.steps += rows.reduce((sum, { steps }) => sum + steps, 0);
    total.time += rows.reduce((sum, { time }) => sum + time, opening);
  });
}
const [first, last] = totals;
console.log(
  `  all: ${first.steps} → ${last.steps} steps, ${(first.steps / last.steps).toFixed(1)} times fewer, ` +
    `${first.time.toFixed(0)} → ${last.time.toFixed(0)} ms, ${(first.time / last.time).toFixed(1)} times less`,
);
