/**
 * The graphics card beside the WebAssembly kernel on one and on all threads, `npm run bench:card`: ns per node and step,
 * the difference to double precision beside its bound, whole solves, and ensembles of paths. Runs are interleaved and the
 * best of them counts. `npm run bench:card -- steps`, `solves` or `paths` takes one part, `--quick` small sizes, for a
 * driver that stands in for a card.
 */
import { nodeGpuKernel } from '../scenarios/node-gpu.ts';
import { allThreads, nodeKernel } from '../scenarios/node-kernel.ts';
import type { TwoScaleOptions } from '../solvers/ensembles/path-options.ts';
import { solveEpsilonHjb } from '../solvers/epsilon-hjb.ts';
import { deepRelaxationProblem, ensembleMean, formula, fromPotential, singlePrecisionBound } from '../solvers/index.ts';
import { simulateTwoScale } from '../solvers/trajectories.ts';
import { posedStep, poseEpsilonHjb } from '../solvers/workbench.ts';
import { type Axis, uniformAxis } from '../src/grid/axis.ts';
import { InputError } from '../src/input/input-error.ts';
import type { GpuKernel } from '../src/kernel/gpu/gpu.ts';
import type { Kernel, LoadedProgram, StepProgram } from '../src/kernel/kernel.ts';
import type { Problem } from '../src/model/problem.ts';
import { methodOf } from '../src/time/schemes.ts';

const QUICK = process.argv.includes('--quick');
const REPEATS = 3;
const EPSILON = 0.1;
/** Steps of a launch on the card. */
const LAUNCH = 64;
/** Seconds of a measurement, in so many launches at most: a card that rested starts slowly. */
const LONG_ENOUGH = QUICK ? 0 : 0.4;
const MOST_LAUNCHES = 64;
/** A solve of so many seconds is repeated once. */
const LONG = 2;
const SCHEMES = ['upwind', 'filtered'] as const;

const clock = () => performance.now() / 1000;

const quadratic = deepRelaxationProblem({
  name: 'quadratic',
  title: 'f = x²/2, γ = 2',
  horizon: 1,
  loss: formula('x^2/2', ['x']),
  gamma: 2,
  control: { lower: 0, upper: 1 },
});

const twoSlow: Problem = {
  name: 'two slow axes',
  title: 'φ = (uy − x2, w + x1)',
  horizon: 1,
  controls: { kind: 'box', names: ['u', 'w'], lower: [-1, -1], upper: [1, 1] },
  slowDrift: ['u*y - x2', 'w + x1'].map((text) => formula(text, ['x1', 'x2'], ['y'], ['u', 'w'])),
  fast: fromPotential(formula('y^2/2', ['x1', 'x2'], ['y'])),
  terminalCost: formula('(x1^2 + x2^2)/2', ['x1', 'x2']),
  formulas: [],
};

interface Size {
  readonly problem: Problem;
  /** Nodes of the slow axes, then of the fast one. */
  readonly nodes: readonly number[];
}

const line = (x: number, y: number): Size => ({ problem: quadratic, nodes: [x, y] });
const plane = (x: number, y: number): Size => ({ problem: twoSlow, nodes: [x, x, y] });
const stepped = QUICK
  ? [line(101, 21), plane(21, 11)]
  : [
      ...[line(101, 61), line(401, 201), line(513, 257), line(2001, 201), line(2049, 505), line(4001, 301)],
      ...[plane(33, 33), plane(51, 41), plane(101, 41)],
    ];
const solved = QUICK ? [line(101, 21)] : [line(101, 61), line(401, 201), line(2001, 201)];
const ensembles = QUICK ? [2_000] : [100_000, 1_000_000];

type SchemeName = (typeof SCHEMES)[number];

function axesOf({ problem, nodes }: Size): { slow: Axis[]; fast: Axis[] } {
  const [side, height] = problem === quadratic ? [2.5, 6] : [1, 4];
  const slow = nodes.slice(0, -1).map((count, a) => uniformAxis(`x${a + 1}`, -side, side, count));
  return { slow, fast: [uniformAxis('y', -height, height, nodes[nodes.length - 1])] };
}

/** The step of a scheme in steps within a cell, as a card takes them. */
function stepOf(size: Size, scheme: SchemeName): StepProgram {
  const posed = poseEpsilonHjb(size.problem, methodOf('epsilon', { scheme }), { ...axesOf(size), epsilon: EPSILON });
  const steps = Math.ceil(size.problem.horizon / posed.operators.slow.stableStep);
  return posedStep(posed, { steps }).program;
}

/** The best of the repeats of every work, taken in turn. */
async function interleaved(works: readonly (() => Promise<number>)[], repeats = REPEATS): Promise<number[]> {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [k, work] of works.entries()) best[k] = Math.min(best[k], await work());
  }
  return best;
}

/** Seconds of LAUNCH steps. */
async function secondsOfLaunch(loaded: LoadedProgram): Promise<number> {
  const once = await timed(() => loaded.advance(LAUNCH));
  const launches = Math.min(MOST_LAUNCHES, Math.ceil(LONG_ENOUGH / once));
  return launches <= 1 ? once : (await timed(() => loaded.advance(launches * LAUNCH))) / launches;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = clock();
  await work();
  return clock() - start;
}

const farthest = (a: Float64Array, b: Float64Array) => a.reduce((most, v, k) => Math.max(most, Math.abs(v - b[k])), 0);

const print = (...cells: readonly string[]) =>
  console.log(cells.map((cell, k) => cell.padEnd(k === 0 ? 34 : 17)).join(''));
const three = (value: number) => value.toPrecision(3);

/** Rows of a bench for both schemes at every size; a card refuses what it has no room for. */
async function rows(sizes: readonly Size[], bench: (size: Size, scheme: SchemeName) => Promise<readonly string[]>) {
  for (const size of sizes) {
    for (const scheme of SCHEMES) {
      const name = `${scheme}, ${size.nodes.join(' × ')}`;
      try {
        print(name, ...(await bench(size, scheme)));
      } catch (error) {
        print(name, error instanceof Error ? error.message : String(error));
      }
    }
  }
}

/** ns per node and step, the seconds before the first launch is back, and its difference to double precision. */
async function benchStep(program: StepProgram, kernels: readonly Kernel[]): Promise<string[]> {
  const size = program.slow.size * program.fastNodes;
  const sessions = kernels.map((kernel) => kernel.open());
  const loaded: LoadedProgram[] = [];
  const starts: number[] = [];
  const values: Float64Array[] = [];
  try {
    for (const session of sessions) {
      const buffers = program.buffers.map((buffer) => buffer.slice());
      const start = clock();
      const each = await session.load({ ...program, buffers });
      await each.advance(LAUNCH);
      starts.push(clock() - start);
      values.push((await each.read()).slice());
      loaded.push(each);
    }
    const best = await interleaved(loaded.map((each) => () => secondsOfLaunch(each)));
    const supremum = program.buffers[program.value].reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    const precision = [farthest(values[0], values[1]), singlePrecisionBound(program, LAUNCH, supremum)];
    const rates = best.map((seconds) => three((seconds / LAUNCH / size) * 1e9));
    return [...rates, three(starts[0]), ...precision.map((value) => value.toExponential(1))];
  } finally {
    for (const session of sessions) session.close();
  }
}

/** Seconds of whole solves: in as many steps as the card takes, and in the default number on the processor. */
async function benchSolve(size: Size, scheme: SchemeName, [card, one, all]: readonly Kernel[]): Promise<string[]> {
  const options = { ...axesOf(size), epsilon: EPSILON, scheme };
  const solve = (kernel: Kernel, steps?: number) =>
    solveEpsilonHjb(size.problem, { ...options, steps }, { kernel, clock });
  const onCard = await solve(card);
  const { steps } = onCard;
  const [exact, usual] = [await solve(all, steps), await solve(all)];
  const repeats = onCard.seconds > LONG ? 1 : REPEATS;
  const works = [() => solve(card), () => solve(one, steps), () => solve(all, steps), () => solve(all)];
  const best = await interleaved(
    works.map((work) => async () => (await work()).seconds),
    repeats,
  );
  const difference = farthest(onCard.values, exact.values);
  return [...best.map(three), `${steps}`, `${usual.steps}`, difference.toExponential(1)];
}

/** 10⁶ path-steps per second and E f(X_T), on the card, on one thread and on all. */
async function benchPaths(paths: number, method: TwoScaleOptions['method'], { card }: GpuKernel): Promise<string[]> {
  const steps = 500;
  const options: TwoScaleOptions = {
    ...{ epsilon: EPSILON, x: [1], y: [0], control: { kind: 'constant', u: [1] }, seed: 1, method, paths, steps },
    slow: { lower: -2.5, upper: 2.5 },
    fast: { lower: -6.5, upper: 6.5 },
  };
  const found: string[] = [];
  const works = [{ card }, { threads: 1 }, { threads: allThreads() }].map((run, k) => async () => {
    const ensemble = await simulateTwoScale(quadratic, options, { ...run, clock });
    const { mean, standardError } = ensembleMean(ensemble, ([x]) => quadratic.terminalCost([x], []));
    found[k] = `${mean.toFixed(5)}±${standardError.toFixed(5)}`;
    return ensemble.seconds;
  });
  const best = await interleaved(works, paths < 1e6 ? REPEATS : 1);
  return [...best.map((seconds) => three((paths * steps) / seconds / 1e6)), found[0], found[1]];
}

async function benchAll(card: GpuKernel, isAsked: (part: string) => boolean): Promise<void> {
  const kernels = [card, await nodeKernel(1), await nodeKernel(allThreads())];
  const devices = ['card', '1 thread', `${allThreads()} threads`];
  console.log(`${card.backend}, arrays up to ${Math.round(card.card.largest / 2 ** 20)} MiB; Node ${process.version}`);
  if (isAsked('steps')) {
    print('\nns per node and step', ...devices, 'first launch, s', 'difference', 'bound');
    await rows(stepped, (size, scheme) => benchStep(stepOf(size, scheme), kernels));
  }
  if (isAsked('solves')) {
    print('\nseconds of a solve', ...devices, 'default steps', 'steps', 'default', 'difference');
    await rows(solved, (size, scheme) => benchSolve(size, scheme, kernels));
  }
  if (isAsked('paths')) {
    print('\n10⁶ path-steps per second', ...devices, 'card: E f(X_T)', 'processor');
    for (const paths of ensembles) {
      for (const method of ['heun', 'ornstein-uhlenbeck'] as const) {
        print(`${method}, ${paths} paths`, ...(await benchPaths(paths, method, card)));
      }
    }
  }
  for (const kernel of kernels) await kernel.close();
}

const card = await nodeGpuKernel().catch((error: unknown) => {
  if (error instanceof InputError) return null;
  throw error;
});
if (card === null) console.log('No graphics card answers.');
else {
  const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
  await benchAll(card, (part) => asked.length === 0 || asked.includes(part));
}
