import { type Formula, fromTrees, treeIn } from '../formula/formula.ts';
import { call, type Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import type { Exact, FastField, Field, Interval, Problem } from './problem.ts';
import { declareAffine } from './structure.ts';
import { axisNames } from './trees.ts';

/** The data of a deep-relaxation model. */
export interface DeepRelaxationOptions {
  /** Short, for messages. */
  readonly name: string;
  /** For display. */
  readonly title: string;
  /** T > 0. */
  readonly horizon: number;
  /** f, of one or two variables. */
  readonly loss: Formula<Field>;
  /** ∇f, one component per dimension; by default the derivatives of a loss that is a formula. */
  readonly gradient?: readonly Formula<Field>[];
  /** γ > 0. */
  readonly gamma: number;
  /** Learning rates U = [lower, upper]; equal ends fix the rate. */
  readonly control: Interval;
  /** For display; default none. */
  readonly formulas?: readonly (readonly [string, string])[];
  /** Solutions known in closed form; default none. */
  readonly exact?: Exact;
}

/**
 * Deep relaxation (Bardi, Kouhkouh 2022): potential V(y,x) = f(y) + γ|x−y|²/2 and
 *   φ_i = −uγ(x_i − y_i),   b_i = γ(x_i − y_i) − ∂_i f(y),   terminal cost f(x),   u ∈ [lower, upper].
 * Throws InputError where γ, the horizon or the control interval make no sense, or the loss has no gradient.
 */
export function deepRelaxationProblem(options: DeepRelaxationOptions): Problem {
  const { loss, gamma, control, name, title, horizon, exact, formulas = [] } = options;
  const gradient = options.gradient ?? loss.gradient?.(0) ?? [];
  refuseNonsense(options, gradient.length);
  const { slowDrift, fastDrift } = drifts(gradient, gamma);
  const potential = potentialOf(loss, gradient.length, gamma);
  return {
    name,
    title,
    horizon,
    controls: { kind: 'box', names: ['u'], lower: [control.lower], upper: [control.upper] },
    slowDrift,
    fast: { kind: 'potential', potential, drift: fastDrift, deepRelaxation: { loss, gradient, gamma } },
    terminalCost: loss,
    exact,
    formulas,
  };
}

/** φ as formulas; b as formulas where ∇f is. */
function drifts(gradient: readonly Formula<Field>[], gamma: number) {
  const [x, y] = ['x', 'y'].map((letter) => axisNames(letter, gradient.length));
  const [named, strength] = [
    (name: string): Tree => ({ kind: 'name', name }),
    { kind: 'number', value: gamma } as const,
  ];
  const away = x.map((_, i) => call('-', named(x[i]), named(y[i])));
  const slow = away.map((each) => ({ tree: call('*', call('*', call('negate', named('u')), strength), each) }));
  const fast = away.flatMap((each, i) => {
    const slope = treeIn(gradient[i], y);
    return slope === undefined ? [] : { tree: call('-', call('*', strength, each), slope) };
  });
  const closures = gradient.map((slope, i) => {
    const b: FastField = (atX, atY) => gamma * (atX[i] - atY[i]) - slope(atY);
    return slope.affineIn?.includes('x') === true ? declareAffine(b, 'xy') : b;
  });
  return {
    slowDrift: fromTrees(slow, x, y, ['u']),
    fastDrift: fast.length < gradient.length ? closures : fromTrees(fast, x, y),
  };
}

/** V(y,x), as a formula where f is one: the same operations in the same order. */
function potentialOf(loss: Formula<Field>, dimension: number, gamma: number): Formula<FastField> {
  const [x, y] = ['x', 'y'].map((letter) => axisNames(letter, dimension));
  const tree = treeIn(loss, y);
  if (tree !== undefined) {
    const number = (value: number): Tree => ({ kind: 'number', value });
    const named = (name: string): Tree => ({ kind: 'name', name });
    const squares = x.map((_, i) => call('^', call('-', named(x[i]), named(y[i])), number(2)));
    const sum = squares.reduce((left, right) => call('+', left, right));
    return fromTrees([{ tree: call('+', tree, call('*', number(gamma / 2), sum)) }], x, y)[0];
  }
  return (atX, atY) => {
    let squares = 0;
    for (let i = 0; i < dimension; i++) squares += (atX[i] - atY[i]) * (atX[i] - atY[i]);
    return loss(atY) + (gamma / 2) * squares;
  };
}

function refuseNonsense({ gamma, horizon, control }: DeepRelaxationOptions, dimension: number): void {
  if (dimension !== 1 && dimension !== 2) {
    throw new InputError(
      `the gradient of the loss has ${dimension} components`,
      'a loss of one or two variables has as many, and only one that is a formula tells them itself',
      "give a gradient, or the loss as a formula: formula('x^2/2', ['x'])",
      'loss',
    );
  }
  if (!(gamma > 0 && Number.isFinite(gamma))) {
    throw new InputError(
      `gamma is ${gamma}`,
      'the coupling γ|x−y|²/2 must attract y to x',
      'choose gamma > 0, larger than the Lipschitz constant of the gradient of the loss',
    );
  }
  if (!(horizon > 0 && Number.isFinite(horizon))) {
    throw new InputError(`the horizon is ${horizon}`, 'time runs from 0 to the horizon', 'choose a horizon > 0');
  }
  if (!(control.lower <= control.upper && Number.isFinite(control.upper - control.lower))) {
    throw new InputError(
      `the control interval is [${control.lower}, ${control.upper}]`,
      'its lower end must not exceed its upper end',
      'write [lower, upper]',
      'control',
    );
  }
}
