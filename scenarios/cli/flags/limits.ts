/** How much work a command line may ask for: more is refused before any of it is done, with what fits. */
import { refuseCounts } from '../../../solvers/workbench.ts';
import { InputError } from '../../../src/input/input-error.ts';
import { dimensionsOf, type Problem } from '../../../src/model/problem.ts';
import { ScenarioError } from '../../read/scenario-error.ts';

/** Node-steps of a day at 10 ns each. */
const MOST_NODE_STEPS = 1e13;
/** Steps of hours on the smallest grid, where each takes microseconds to start. */
const MOST_STEPS = 1e10;
/** Rows over directions of p: each takes milliseconds on a line, tenths of a second in the plane. */
const MOST_DIRECTIONS = 1e4;
/** Runs whose curves are kept, and gradient evaluations times their variables: hours at a microsecond each. */
const MOST_RUNS = 1e5;
const MOST_EVALUATIONS = 1e10;

/** Steps on a grid. Throws ScenarioError. */
export function refuseSteps(steps: number | undefined, nodes: number): void {
  if (steps === undefined) return;
  const most = Math.min(MOST_STEPS, Math.floor(MOST_NODE_STEPS / nodes));
  refuseMore('--steps', steps, most, `so many on ${nodes} nodes would take days`);
}

/** Directions of p times lengths times points. Throws ScenarioError. */
export function refuseDirections(directions: number, times: number): void {
  refuseMore('--directions', directions, Math.floor(MOST_DIRECTIONS / times), 'every direction is a solve and a row');
}

/** Runs of all methods. Throws ScenarioError. */
export function refuseRuns(
  seeds: number,
  evaluations: number,
  { methods, dimension }: { readonly methods: number; readonly dimension: number },
): void {
  refuseMore('--seeds', seeds, MOST_RUNS, 'the curve of every run is kept');
  const most = Math.floor(MOST_EVALUATIONS / (seeds * methods * dimension));
  refuseMore('--steps', evaluations, most, `${seeds} runs of ${methods} methods with so many would take days`);
}

/** Paths, their steps and the states that are kept. Throws ScenarioError before anything is solved for them. */
export function refusePaths(problem: Problem, counts: Omit<Parameters<typeof refuseCounts>[0], 'dimension'>): void {
  const { n, m } = dimensionsOf(problem);
  try {
    refuseCounts({ ...counts, dimension: n + m + (problem.runningCost === undefined ? 0 : 1) });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ScenarioError('--paths', error.fact, error.cause, error.remedy);
  }
}

function refuseMore(flag: string, asked: number, most: number, cause: string): void {
  if (asked <= most) return;
  throw new ScenarioError(flag, `${flag} is ${asked}`, cause, `give at most ${Math.max(most, 1)}`);
}
