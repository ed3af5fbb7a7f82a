import { call, substituted, type Tree } from '../formula/tree.ts';
import { InputError } from '../input/input-error.ts';
import type { Exact, Field, Interval, Problem, SymbolicFields } from './problem.ts';

/** The data of a deep-relaxation model; `gradient` has one component per dimension. */
export interface DeepRelaxationOptions {
  readonly name: string;
  readonly title: string;
  readonly dimension: 1 | 2;
  readonly horizon: number;
  readonly loss: Field;
  readonly gradient: readonly Field[];
  readonly gamma: number;
  /** Learning rates U = [lower, upper]; equal ends fix the rate. */
  readonly control: Interval;
  readonly formulas: readonly (readonly [string, string])[];
  readonly exact?: Exact;
  /** ∇f as formulas in x, or x1, x2. */
  readonly symbolicGradient?: readonly Tree[];
}

/**
 * Deep relaxation (Bardi, Kouhkouh 2022): potential V(y,x) = f(y) + γ|x−y|²/2 and
 *   φ_i = −uγ(x_i − y_i),   b_i = γ(x_i − y_i) − ∂_i f(y),   terminal cost f(x),   u ∈ [lower, upper].
 * Throws InputError where γ, the horizon or the control interval make no sense.
 */
export function deepRelaxationProblem(options: DeepRelaxationOptions): Problem {
  const { dimension, loss, gradient, gamma, control } = options;
  refuseNonsense(options);
  const axes = Array.from({ length: dimension }, (_, i) => i);
  return {
    name: options.name,
    title: options.title,
    slowDimension: dimension,
    fastDimension: dimension,
    horizon: options.horizon,
    controls: { kind: 'box', names: ['u'], lower: [control.lower], upper: [control.upper], affine: true },
    slowDrift: axes.map((i) => (x, y, u) => -u[0] * gamma * (x[i] - y[i])),
    fastDrift: axes.map((i) => (x, y) => gamma * (x[i] - y[i]) - gradient[i](y)),
    fastPotential: (x, y) => {
      let squares = 0;
      for (let i = 0; i < dimension; i++) squares += (x[i] - y[i]) * (x[i] - y[i]);
      return loss(y) + (gamma / 2) * squares;
    },
    terminalCost: loss,
    deepRelaxation: { loss, gradient, gamma },
    exact: options.exact,
    symbolic: options.symbolicGradient && symbolicFields(options.symbolicGradient, gamma),
    formulas: options.formulas,
  };
}

/** The same operations in the same order as the functions above. */
function symbolicFields(gradient: readonly Tree[], gamma: number): SymbolicFields {
  const axes = gradient.map((_, i) => (gradient.length === 1 ? '' : String(i + 1)));
  const [x, y] = ['x', 'y'].map((letter) => axes.map((index) => `${letter}${index}`));
  const name = (value: string): Tree => ({ kind: 'name', name: value });
  const strength: Tree = { kind: 'number', value: gamma };
  const away = axes.map((_, i) => call('-', name(x[i]), name(y[i])));
  const atY = Object.fromEntries(x.map((each, i) => [each, name(y[i])]));
  return {
    names: { x, y, u: ['u'] },
    slowDrift: away.map((each) => call('*', call('*', call('negate', name('u')), strength), each)),
    fastDrift: away.map((each, i) => call('-', call('*', strength, each), substituted(gradient[i], atY))),
  };
}

function refuseNonsense({ dimension, gradient, gamma, horizon, control }: DeepRelaxationOptions): void {
  if (gradient.length !== dimension) {
    throw new InputError(
      `the gradient has ${gradient.length} components`,
      `the dimension is ${dimension}`,
      'give one component per dimension',
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
