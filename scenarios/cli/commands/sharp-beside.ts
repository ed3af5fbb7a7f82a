/** The filtered value beside that of a monotone scheme: planned, told with the estimate, solved after the first. */
import type { GridFunction, Outcome, SolveEstimate } from '../../../solvers/index.ts';
import { type MethodDiagnostics, undershootBetween } from '../../../solvers/workbench.ts';
import type { Axis } from '../../../src/grid/axis.ts';
import { sample } from '../../../src/grid/grid-function.ts';
import { InputError } from '../../../src/input/input-error.ts';
import type { Method } from '../../../src/time/schemes.ts';
import { SHARP, type Sharp, sharpMethod, solvedSharply } from '../../study/sharp-value.ts';
import type { Flags, Request } from '../flags/command.ts';
import { methodNames } from '../flags/method.ts';
import type { SolverRun } from './solving.ts';

export const sharpFlag: Flags = {
  'no-sharp': { description: `leave out the ${SHARP} value beside that of a monotone scheme` },
};

type Names = ReturnType<typeof methodNames>;
type Solution = MethodDiagnostics & GridFunction;

/** What is solved, by the names of a method. */
interface SharpSubject {
  readonly steps: (names: Names) => number;
  readonly estimate?: (names: Names, run: SolverRun) => Promise<SolveEstimate | null>;
  readonly solve: (names: Names, run: SolverRun) => Promise<Solution>;
}

/** A filtered value, or why there is none; null where none is asked for. */
export type SharpBeside = (Sharp<Solution> & { readonly method: Method }) | null;

/** The monotone method, and the nodes of both solves. */
interface OnNodes {
  readonly method: Method;
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
}

/** Of the question, or null: its estimate, and the solve once the monotone solution is there. */
export function sharpBeside(request: Request, { method, slow, fast }: OnNodes, subject: SharpSubject) {
  const sharp = request.given.on('no-sharp') ? null : sharpMethod(method);
  if (sharp === null) return null;
  const names = methodNames(sharp);
  const nodes = [...slow, ...fast].reduce((product, axis) => product * axis.nodes, 1);
  return {
    estimate: (run: SolverRun) => orNull(async () => (await subject.estimate?.(names, run)) ?? null),
    async beside({ outcome }: Solution, run: SolverRun): Promise<SharpBeside> {
      if (outcome.status !== 'converged') return null;
      const piece = { ...run, progress: (fraction: number) => run.report(SHARP, fraction) };
      const found = await solvedSharply(
        nodes,
        () => subject.steps(names),
        () => subject.solve(names, piece),
      );
      return { ...found, method: sharp };
    },
  };
}

/** Where there is no filtered value, none is estimated. */
async function orNull<Value>(work: () => Promise<Value | null>): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** The outcome of the solve that was cancelled, null where none was. */
export function stoppedIn(solution: Solution, sharp: SharpBeside): Outcome | null {
  const outcomes = [solution.outcome, ...(sharp?.kind === 'found' ? [sharp.solution.outcome] : [])];
  return outcomes.find(({ status }) => status === 'cancelled') ?? null;
}

/** The filtered values at points, null where they are left out or diverged; undefined where none are asked for. */
export function sharpValues(sharp: SharpBeside, points: readonly (readonly number[])[], slowAxes: number) {
  if (sharp === null) return points.map(() => undefined);
  if (sharp.kind === 'left out' || sharp.solution.outcome.status !== 'converged') return points.map(() => null);
  const { method, solution } = sharp;
  const degree = (point: readonly number[]) => point.map((_, a) => (a < slowAxes ? method.scheme.interpolation : 3));
  return points.map((point) => sample(solution, point, degree(point)));
}

/** What is doubtful about a filtered value, beside what is doubtful about its nodes. */
export function sharpWarnings(sharp: SharpBeside, values: readonly (number | null | undefined)[]): string[] {
  if (sharp?.kind !== 'found') return [];
  const { solution } = sharp;
  const found = values.flatMap((value) => value ?? []);
  const diverged = solution.outcome.status === 'diverged' ? ['it diverged and is not shown'] : [];
  const own = solution.warnings.filter((warning) => !solution.doubts.includes(warning));
  const doubts = [...diverged, ...own, ...undershootBetween(solution, found)];
  return doubts.map((doubt) => `of the ${SHARP} value: ${doubt}`);
}

/** How a filtered value was found, for the JSON documents; undefined where none is asked for. */
export function sharpJson(sharp: SharpBeside) {
  if (sharp === null) return undefined;
  const names = methodNames(sharp.method);
  if (sharp.kind === 'left out') return { ...names, leftOut: sharp.reason };
  const { steps, seconds, bytes, filter, outcome } = sharp.solution;
  return { ...names, leftOut: null, steps, seconds, bytes, filter, outcome };
}
