/** The scheme in x and the way to step in time, as flags, as words and as warnings. */
import type { ArgsDef } from 'citty';
import { type FilterReport, filterAdvice } from '../../solvers/marching/filter-report.ts';
import type { MethodDiagnostics } from '../../solvers/marching/solve-with-method.ts';
import { undershootAdvice } from '../../solvers/marching/undershoot-advice.ts';
import type { FastScheme } from '../../src/generator/fast-generator.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { InputError } from '../../src/input/input-error.ts';
import { describeMethod } from '../../src/time/describe-method.ts';
import type { IterationCounts } from '../../src/time/implicit-howard.ts';
import {
  allSchemes,
  type ClaimedOrder,
  type EquationName,
  type Method,
  type Monotone,
  methodOf,
  monotoneOf,
} from '../../src/time/schemes.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import type { Request } from './command.ts';

/** Fast schemes by name, as they are shown. */
export const fastSchemes: Record<FastScheme, string> = {
  'scharfetter-gummel': 'Scharfetter–Gummel',
  upwind: 'upwind',
};

/** --scheme and --time for these equations: the times that all of them know. */
export function methodFlags(equations: readonly EquationName[]): ArgsDef {
  const [first, ...others] = equations;
  const names = (equation: EquationName) => allSchemes.flatMap(({ times }) => times[equation].map(({ name }) => name));
  const times = [...new Set(names(first))].filter((name) => others.every((equation) => names(equation).includes(name)));
  return {
    scheme: {
      type: 'enum',
      options: allSchemes.map(({ name }) => name),
      description:
        'scheme in x (default upwind: monotone, order 1; filtered: order 2 where V is smooth, convergent everywhere)',
    },
    time: {
      type: 'enum',
      options: times,
      description: 'how time steps are made (default imex; weno and filtered: ars222)',
    },
  };
}

/** --relaxation: how resolvents of two fast variables are taken. */
export const relaxationFlag: ArgsDef = {
  relaxation: {
    type: 'enum',
    options: ['lines', 'planes'],
    description: 'solves in y1, y2: lines in turn or the plane unsplit (default: with a potential the cheaper one)',
  },
};

/** The method of --scheme and --time. Throws ScenarioError where they do not go together. */
export function methodGiven({ given }: Request, equation: EquationName): Method {
  try {
    return methodOf(equation, { scheme: given.value('scheme'), time: given.value('time') });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ScenarioError(
      given.value('time') === undefined ? '--scheme' : '--time',
      error.fact,
      error.cause,
      error.remedy,
    );
  }
}

/** The options of a solver that name a method. */
export function methodNames({ scheme, time }: Method) {
  return { scheme: scheme.name, time: time.name };
}

/** The method in x, y and t in one line. */
export function shownMethod(method: Method, fastScheme: FastScheme, order?: ClaimedOrder): string {
  const { inX, inT } = describeMethod(method, order);
  return `${inX}, ${fastSchemes[fastScheme]} in y (order ${fastScheme === 'upwind' ? 1 : 2}), ${inT}`;
}

const reasons: Record<Monotone, string> = {
  always: 'errors of feet and interpolation in balance',
  'under-cfl': 'the fewest that keep the scheme monotone',
  filtered: 'the fewest that keep the filtering step monotone',
  never: 'the fewest at Courant number 1',
};

export function shownSteps(steps: number, asked: number | undefined, method: Method): string {
  const reason =
    method.time.steps.kind === 'policy' ? 'one cell a step where the process lives' : reasons[monotoneOf(method)];
  return `${steps} (${asked === undefined ? reason : 'given'})`;
}

/** What policy iteration took, one row of facts; none for the other methods. */
export function shownIterations(iterations: IterationCounts | null): [string, string][] {
  if (iterations === null) return [];
  const { meanPolicies, meanSweeps } = iterations;
  return [['policy iteration', `${meanPolicies.toFixed(1)} policies and ${meanSweeps.toFixed(1)} sweeps per step`]];
}

/** How U is sampled, one row of facts; none where φ and ℓ are affine in u and extremal controls are enough. */
export function shownSampling(spacing: number | null): [string, string][] {
  return spacing === null ? [] : [['controls', `U sampled at spacing ${spacing} (φ or ℓ is not affine in u)`]];
}

/** How the resolvents of several fast variables were taken, one row of facts; none for a single one. */
export function shownFastSolve(fastSolve: MethodDiagnostics['fastSolve'], m: number): [string, string][] {
  if (fastSolve === null || m === 1) return [];
  if (fastSolve.kind === 'planes') return [['in y', 'one solve for all fast variables']];
  const { subSweeps } = fastSolve;
  const repeated = subSweeps === 1 ? '' : `, ${subSweeps} times a step for the correlation of the fast variables`;
  return [['in y', `lines along every axis in turn${repeated}`]];
}

/** What a filter did, one row of facts; none without a filter. */
export function shownFilter(filter: FilterReport | null): [string, string][] {
  if (filter === null) return [];
  const { constant, fraction, smoothFraction, kinks } = filter;
  const percent = (part: number) => `${Number((100 * part).toPrecision(2))} %`;
  const fell =
    fraction > 0
      ? `fell back in ${percent(fraction)} of the updates, ${percent(smoothFraction)} away from kinks`
      : `never fell back${kinks > 0 ? ', although V has kinks: the values are those of weno' : ''}`;
  return [['filter', `C = ${Number(constant.toPrecision(3))}, ${fell}`]];
}

/** The memory of the fields of a solve, 12.3 MiB or 1.02 GiB. */
export function shownMemory(bytes: number): string {
  const [unit, name] = bytes < 1000 * 2 ** 20 ? [2 ** 20, 'MiB'] : [2 ** 30, 'GiB'];
  return `${(bytes / unit).toPrecision(3)} ${name} of fields`;
}

/** What too few --steps, too narrow a filter and values no problem has give away. */
export function methodWarnings(
  { problem }: Scenario,
  solution: MethodDiagnostics & GridFunction,
  points: readonly { readonly value: number | null }[],
): string[] {
  const found = points.flatMap(({ value }) => value ?? []);
  return [
    ...stepWarnings(problem.horizon, solution),
    ...filterAdvice(solution.filter),
    ...undershootAdvice(solution, found),
  ];
}

function stepWarnings(horizon: number, { steps, stableStep }: { steps: number; stableStep: number }): string[] {
  const dt = horizon / steps;
  // A hair of slack, as in the solvers: T/steps may round to just above the bound it was made for.
  if (dt <= stableStep * (1 + 1e-12)) return [];
  const fewest = Math.ceil((horizon / stableStep) * (1 - 1e-12));
  return [
    `the time step ${Number(dt.toPrecision(4))} exceeds the monotone bound ${Number(stableStep.toPrecision(4))} – ` +
      `with ${steps} steps the values may oscillate or overflow – take --steps ${fewest} or more`,
  ];
}
