/**
 * Every scheme: how differences in x are taken (src/differencing), in which ways it steps in time (time-methods.ts),
 * and what it claims. The solvers, the command line and test/orders.test.ts read this list; a scheme is an entry of it.
 */

import { laxFriedrichs, localLaxFriedrichs } from '../differencing/central.ts';
import type { Claims, DifferencingKind, Monotone as MonotoneDifferencing } from '../differencing/differencing.ts';
import { interpolation } from '../differencing/interpolation.ts';
import { upwind } from '../differencing/upwind.ts';
import { weno } from '../differencing/weno.ts';
import type { FastSolve } from '../generator/splitting.ts';
import { InputError } from '../input/input-error.ts';
import { ars222, averagedEuler, explicit, imex, implicit, ssprk3, type TimeMethod } from './time-methods.ts';

/** How differences in x are taken, by name; `allSchemes` says what each claims. */
export type SchemeName = 'upwind' | 'lax-friedrichs' | 'local-lax-friedrichs' | 'semi-lagrangian' | 'weno' | 'filtered';

/** 'filtered': within c·dt of a monotone step. */
export type Monotone = MonotoneDifferencing | 'filtered';

/** A way to take differences in x, with the ways to step in time it is used with; the first one is the default. */
export interface Scheme extends Omit<Claims, 'monotone'> {
  readonly name: SchemeName;
  /** The name for display. */
  readonly label: string;
  readonly differencing: DifferencingKind;
  readonly monotone: Monotone;
  /**
   * As ε → 0 its steps tend to those of the same scheme for the effective equation on the same grid; but for O(dt·cˢ)
   * where correlated fast variables are relaxed by lines (src/generator/splitting.ts).
   */
  readonly asymptoticPreserving: boolean;
  /** Author and year. */
  readonly source: string;
  /** By equation; the first one is the default. */
  readonly times: Readonly<Record<EquationName, readonly TimeMethod[]>>;
}

/** The ε-problem for Vᵉ(x,y), or the effective equation for v(x). */
export type EquationName = 'epsilon' | 'effective';

/** The schemes; the first one is the default. */
export const allSchemes: readonly Scheme[] = [
  {
    name: 'upwind',
    label: 'upwind',
    ...upwind.claims,
    differencing: upwind,
    asymptoticPreserving: true,
    source: 'Kushner, Dupuis 2001',
    times: { epsilon: [imex, implicit, explicit], effective: [averagedEuler, implicit] },
  },
  {
    name: 'lax-friedrichs',
    label: 'Lax–Friedrichs',
    ...laxFriedrichs.claims,
    differencing: laxFriedrichs,
    asymptoticPreserving: true,
    source: 'Crandall, Lions 1984',
    times: { epsilon: [imex, explicit], effective: [averagedEuler] },
  },
  {
    name: 'local-lax-friedrichs',
    label: 'local Lax–Friedrichs',
    ...localLaxFriedrichs.claims,
    differencing: localLaxFriedrichs,
    asymptoticPreserving: true,
    source: 'Crandall, Lions 1984; Osher, Shu 1991',
    times: { epsilon: [imex, explicit], effective: [averagedEuler] },
  },
  {
    name: 'semi-lagrangian',
    label: 'semi-Lagrangian',
    ...interpolation.claims,
    differencing: interpolation,
    asymptoticPreserving: true,
    source: 'Falcone, Ferretti 2014',
    times: { epsilon: [imex], effective: [averagedEuler] },
  },
  {
    name: 'weno',
    label: 'WENO',
    ...weno.claims,
    differencing: weno,
    asymptoticPreserving: true,
    source: 'Jiang, Peng 2000',
    times: { epsilon: [ars222], effective: [ars222, ssprk3] },
  },
  {
    name: 'filtered',
    label: 'filtered WENO',
    ...weno.claims,
    differencing: weno,
    monotone: 'filtered',
    asymptoticPreserving: true,
    source: 'Froese, Oberman 2013; Bokanowski, Falcone, Sahu 2016',
    times: { epsilon: [ars222], effective: [ars222, ssprk3] },
  },
];

/** A scheme with a way to step in time. */
export interface Method {
  readonly equation: EquationName;
  readonly scheme: Scheme;
  readonly time: TimeMethod;
}

/** Every scheme with every one of its times. */
export function allMethods(equation: EquationName): Method[] {
  return allSchemes.flatMap((scheme) => scheme.times[equation].map((time) => ({ equation, scheme, time })));
}

/** Upwind differences taken at the new time are monotone at every step. */
export function monotoneOf({ scheme, time }: Pick<Method, 'scheme' | 'time'>): Monotone {
  return time.steps.kind === 'policy' ? 'always' : scheme.monotone;
}

/** Whether a moving frame can be followed: differences are taken along its fast axes too. */
export function followsFrame({ scheme, time }: Pick<Method, 'scheme' | 'time'>): boolean {
  return scheme.differencing.followsFrame && time.steps.kind === 'phases';
}

/** Claimed orders of a method: in dx, in dt, and when both are refined together. */
export interface ClaimedOrder {
  readonly dx: number;
  readonly dt: number;
  readonly together: number;
}

/**
 * `fastSolve` is how resolvents of several fast variables are taken: line solves along every axis miss the resolvent by
 * O(κ²) a step, so that no step is of higher order in dt than 1 (docs/theory.md §4.8).
 */
export function claimedOrder(
  { scheme, time }: Pick<Method, 'scheme' | 'time'>,
  fastSolve: FastSolve['kind'] | null = null,
): ClaimedOrder {
  const dt = fastSolve === 'lines' ? Math.min(1, time.order) : time.order;
  return { dx: scheme.order, dt, together: Math.min(scheme.order, dt) };
}

/** Resolvents of different step lengths in one step. */
export function resolventsOf({ scheme, time }: Pick<Method, 'scheme' | 'time'>): number {
  if (!time.asymptoticPreserving) return 0;
  // The steps a filter compares are of different kinds.
  return scheme.monotone === 'filtered' ? 2 : 1;
}

/**
 * The method of these names; without a scheme the first one, without a time the first one of the scheme.
 * Throws InputError where the pair does not exist for this equation, with those that do.
 */
export function methodOf(
  equation: EquationName,
  names: { readonly scheme?: string; readonly time?: string } = {},
): Method {
  const scheme = names.scheme === undefined ? allSchemes[0] : allSchemes.find(({ name }) => name === names.scheme);
  const time = scheme?.times[equation].find(({ name }) => names.time === undefined || name === names.time);
  if (scheme !== undefined && time !== undefined) return { equation, scheme, time };
  const shown = names.time === undefined ? names.scheme : `${names.scheme ?? allSchemes[0].name} with ${names.time}`;
  const [solved, other] =
    equation === 'epsilon' ? ['the ε-problem', 'effective'] : ['the effective equation', 'epsilon'];
  const elsewhere = scheme?.times[other as EquationName].some(({ name }) => name === names.time) ?? false;
  throw new InputError(
    `there is no method ${shown} for ${solved}`,
    elsewhere
      ? `${names.time} steps the ${other === 'epsilon' ? 'ε-problem' : 'effective equation'} only`
      : 'not every scheme in x goes with every way to step in time',
    `choose one of ${knownPairs(equation).join('; ')}`,
  );
}

/** upwind with imex, explicit; … */
export function knownPairs(equation: EquationName): string[] {
  return allSchemes.map(({ name, times }) => `${name} with ${times[equation].map((time) => time.name).join(', ')}`);
}
