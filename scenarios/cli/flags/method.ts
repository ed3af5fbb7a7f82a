/** --scheme, --time and --relaxation: the scheme in x and the way to step in time. */
import type { FastScheme } from '../../../src/generator/fast-generator.ts';
import { InputError } from '../../../src/input/input-error.ts';
import { allSchemes, type EquationName, type Method, methodOf } from '../../../src/time/schemes.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { Flags, Request } from './command.ts';

/** Fast schemes by name, as they are shown. */
export const fastSchemes: Record<FastScheme, string> = {
  'scharfetter-gummel': 'Scharfetter–Gummel',
  corrected: 'corrected Scharfetter–Gummel',
  upwind: 'upwind',
};

/** --scheme and --time for these equations: the times that all of them know. */
export function methodFlags(equations: readonly EquationName[]): Flags {
  const [first, ...others] = equations;
  const names = (equation: EquationName) => allSchemes.flatMap(({ times }) => times[equation].map(({ name }) => name));
  const times = [...new Set(names(first))].filter((name) => others.every((equation) => names(equation).includes(name)));
  return {
    scheme: {
      options: allSchemes.map(({ name }) => name),
      description:
        'scheme in x (default upwind: monotone, order 1; filtered: order 2 where V is smooth, convergent everywhere)',
    },
    time: { options: times, description: 'how time steps are made (default imex; weno and filtered: ars222)' },
  };
}

/** --relaxation: how resolvents of two fast variables are taken. */
export const relaxationFlag: Flags = {
  relaxation: {
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

/** More steps than this take days on the smallest grid. */
const MOST_STEPS = 1e10;

/** Explicit steps resolve the jumps in y: dt·2/(ε dy²) ≤ 1 at least. Throws ScenarioError where they never end. */
export function refuseEndless({ problem }: Scenario, epsilon: number, spacing: number): void {
  const fewest = (problem.horizon * 2) / (epsilon * spacing * spacing);
  if (fewest <= MOST_STEPS) return;
  throw new ScenarioError(
    '--time',
    `--time explicit needs at least ${fewest.toExponential(1).replace('e+', 'e')} steps at ε = ${epsilon}`,
    'its time step is bound by ε dy²/2',
    'use --time imex, whose cost does not depend on ε',
  );
}
