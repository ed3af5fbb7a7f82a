import { estimateEpsilonHjb, type SolveEstimate, solveEffectiveHjb, solveEpsilonHjb } from '../../../solvers/index.ts';
import { estimateEpsilonSteps } from '../../../solvers/workbench.ts';
import { closedForm } from '../../../src/exact/known-solutions.ts';
import type { FastSolve } from '../../../src/generator/splitting.ts';
import { sample } from '../../../src/grid/grid-function.ts';
import { dimensionsOf } from '../../../src/model/problem.ts';
import { knownLimit } from '../../known-limit.ts';
import { type CommandBody, commonFlags, type Request, scenarioArgument } from '../flags/command.ts';
import { frameFlag, placedIn, requireInFrame } from '../flags/frame.ts';
import { gridFlags } from '../flags/grid.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodNames, refuseEndless, relaxationFlag } from '../flags/method.ts';
import { positiveNumber } from '../flags/values.ts';
import { shownSeconds, shownThreads } from '../print/layout.ts';
import { shownMemory, shownMethod } from '../print/method.ts';
import { compared, named, shownGrid } from '../print/points.ts';
import { exitCodeOf } from '../print/result.ts';
import { budgetFlag } from './grid-budget.ts';
import { checkpointFlag, type KeptStates, keptStates } from './kept-state.ts';
import { askedOnGrid, judged, printSolution } from './on-grid.ts';
import { sharpBeside, sharpFlag, sharpValues, stoppedIn } from './sharp-beside.ts';
import { solving } from './solving.ts';

/** Below this ε the rounding of the closed form, 1e-16/ε, exceeds any grid error. */
const SMALLEST_EXACT_EPSILON = 1e-9;

export const solve: CommandBody = {
  args: {
    ...scenarioArgument,
    epsilon: { required: true, value: 'E', description: 'the scale separation ε > 0' },
    at: { value: 'x=1,y=0', multiple: true, description: 'a point (default: two points of K)' },
    ...gridFlags,
    ...methodFlags(['epsilon']),
    ...relaxationFlag,
    ...frameFlag,
    ...sharpFlag,
    ...budgetFlag,
    ...checkpointFlag,
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb solve quadratic --epsilon 0.1 --at x=1,y=0 --at x=-1.5,y=0.5',
    'hjb solve quadratic --epsilon 1e-8 --nodes x=201,y=101 --scheme filtered --at x=1,y=0',
    'hjb solve quadratic --epsilon 0.1 --scheme upwind --time explicit --nodes x=51,y=51',
    'hjb solve multiwell --epsilon 1e-3 --nodes x=801,y=201 --json',
    'hjb solve isotropic-2d --epsilon 0.1 --nodes x=65,y=33 --checkpoint isotropic.state',
  ],
  run: runSolve,
};

async function runSolve(request: Request): Promise<number> {
  const asked = await askedSolve(request);
  const { scenario, epsilon, method, slow, fast } = asked;
  const kept = keptStates(request, scenario);
  const { solution, sharp } = await solved(request, asked, kept);
  const { outcome, seconds, grid, threads } = solution;
  const gridNames = grid.axes.map(({ name }) => name);
  const stopped = stoppedIn(solution, sharp);
  if (stopped !== null) return exitCodeOf(request, stopped, gridNames);
  const exact = exactValue(asked);
  const filtered = sharpValues(sharp, asked.placed, slow.length);
  const values = asked.points.map((point, k) => {
    const value = sample(solution, asked.placed[k], asked.degree);
    const beside = { exact: exact(point), filtered: filtered[k] };
    return { ...named(asked.axes, point), ...compared(solution, value, beside) };
  });
  const found = await judged(request, asked, { ...budgetSubject(request, asked, values), solution, values, sharp });
  const nsPerNodeStep = (1e9 * seconds) / (grid.size * solution.steps);
  printSolution(
    request,
    { asked, solution, found },
    {
      ...{ command: 'solve', epsilon, symbol: 'Vᵉ', nsPerNodeStep },
      title: `Vᵉ at τ = T = ${scenario.problem.horizon}, ε = ${epsilon}`,
      budgetNames: { found: 'V', value: 'Vᵉ', limit: 'v' },
      grid: shownGrid([...slow, ...fast]),
      scheme: shownMethod(method, asked.fastScheme, solution.order),
      time: `${shownSeconds(seconds)}, ${nsPerNodeStep.toPrecision(3)} ns per node and step, ${shownThreads(threads)}`,
    },
  );
  await kept.remove();
  return exitCodeOf(request, outcome, gridNames);
}

/** Vᵉ and the filtered value beside it. */
function solved(request: Request, asked: AskedSolve, kept: KeptStates) {
  const { problem } = asked.scenario;
  const { options, slow, fast, steps } = asked;
  const own = { ...options, slow, fast, steps };
  const posed = { ...own, steps: undefined };
  return solving(request, `Vᵉ, ε = ${options.epsilon}`, asked.scenario, async (run) => {
    const sharp = sharpBeside(request, asked, {
      steps: (names) => estimateEpsilonSteps(problem, { ...posed, ...names }),
      estimate: (names) => estimateEpsilonHjb(problem, { ...posed, ...names }, run),
      solve: (names, piece) => {
        const sharper = { ...posed, ...names };
        return solveEpsilonHjb(problem, sharper, { ...piece, checkpoint: kept.of(sharper, '.filtered') });
      },
    });
    if (!request.given.on('quiet')) {
      const estimate = await estimateEpsilonHjb(problem, own, run);
      announce(request, estimate, (await sharp?.estimate(run)) ?? null);
    }
    const solution = await solveEpsilonHjb(problem, own, { ...run, checkpoint: kept.of(own) });
    return { solution, sharp: (await sharp?.beside(solution, run)) ?? null };
  });
}

type AskedSolve = Awaited<ReturnType<typeof askedSolve>>;

/** The question with its ε; `placed` are the points as the solution has them. Throws InputError. */
async function askedSolve(request: Request) {
  const { given } = request;
  const epsilon = positiveNumber(given, 'epsilon') as number;
  const asked = await askedOnGrid(request, 'epsilon');
  const { scenario, method, steps, frame, slow, fast, fastScheme } = asked;
  const placed = asked.points.map((point) => placedIn(frame, point, slow.length));
  if (frame !== null) for (const point of placed) requireInFrame(fast, point, slow.length);
  if (!method.time.asymptoticPreserving && steps === undefined)
    refuseEndless(scenario, epsilon, Math.min(...fast.map(({ spacing }) => spacing)));
  const fastSolve = given.value('relaxation') as FastSolve['kind'] | undefined;
  const of = frame === null ? 'fixed' : 'moving';
  const options = { epsilon, fastScheme, fastSolve, frame: of, ...methodNames(method) } as const;
  return { ...asked, epsilon, placed, options };
}

/** What the solve will take, on stderr; small solves have no estimate. */
function announce({ io }: Request, estimate: SolveEstimate | null, ofSharp: SolveEstimate | null): void {
  if (estimate === null) return;
  const shown = ({ steps, seconds, bytes }: SolveEstimate) =>
    `${steps} steps, about ${shownSeconds(seconds)} and ${shownMemory(bytes)}`;
  const beside = ofSharp === null ? '' : `; then filtered: ${shown(ofSharp)} (--no-sharp leaves it out)`;
  io.stderr.write(`estimate: ${shown(estimate)}${beside}\n`);
}

/**
 * What a budget solves: Vᵉ on varied grids, and v on the same grid and steps by the same method; explicit steps tend to
 * those of imex as ε → 0.
 */
function budgetSubject(
  { given }: Request,
  { scenario, method: { scheme, time }, options, frame, points, placed, degree }: AskedSolve,
  values: readonly { readonly exact?: number }[],
) {
  const { problem } = scenario;
  const { epsilon, fastScheme } = options;
  const limitTime = scheme.times.effective.find(({ name }) => name === time.name) ?? scheme.times.effective[0];
  const names = { scheme: scheme.name, fastScheme, time: limitTime.name };
  const { n } = dimensionsOf(problem);
  const exact = given.on('budget') ? knownLimit(scenario) : undefined;
  const ofLimit = (point: readonly number[]) => exact?.(problem.horizon, point.slice(0, n)) ?? null;
  return {
    observe: (found) => placed.map((point) => sample(found, point, degree)),
    solve: (grid, run) => solveEpsilonHjb(problem, { ...options, ...grid }, run),
    limit: {
      epsilon,
      observe: (found) => placed.map((point) => sample(found, point.slice(0, n), degree)),
      solve: (grid, run) => solveEffectiveHjb(frame?.problem ?? problem, { ...names, ...grid }, run),
    },
    exact: { value: values.map((value) => value.exact ?? null), limit: points.map(ofLimit) },
  } satisfies Omit<Parameters<typeof judged>[2], 'solution' | 'values' | 'sharp'>;
}

/** Vᵉ where it is known exactly. */
function exactValue({ scenario: { problem }, epsilon }: AskedSolve): (point: readonly number[]) => number | undefined {
  const { horizon: tau } = problem;
  const { n } = dimensionsOf(problem);
  const known = epsilon < SMALLEST_EXACT_EPSILON ? undefined : closedForm(problem)?.value;
  return (point) => known?.({ tau, epsilon, x: point.slice(0, n), y: point.slice(n) });
}
