import { printable } from '../../src/input/printable.ts';
import { count, notNegative, positive, type Range, weight } from '../../src/input/require.ts';
import { dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import type { OptimizeSettings, Scenario } from '../scenario.ts';
import type { Path } from './locate.ts';
import { perAxis, refuseStrangeAxes } from './read-axes.ts';
import type { Reader } from './reader.ts';
import { dotted, type OptimizeSection, type Quantity, type ScenarioFile } from './schema.ts';

/** How to descend the loss, with defaults for what the file leaves out; null without a loss. Throws ScenarioError. */
export function readOptimize(
  file: ScenarioFile,
  reader: Reader,
  problem: Problem,
  { observe }: Pick<Scenario, 'observe'>,
): OptimizeSettings | null {
  const section = file.optimize ?? {};
  if (problem.fast.deepRelaxation === undefined) {
    if (file.optimize === undefined || file.optimize === null) return null;
    return reader.refuse(
      ['optimize'],
      'a slow-fast model has no loss to descend',
      'optimisers need the loss of a deep-relaxation model',
      'remove optimize',
    );
  }
  const { gamma } = problem.fast.deepRelaxation;
  const value = (path: readonly string[], given: Quantity | undefined, usual: number, range: Range) =>
    numberWithin(reader, ['optimize', ...path], given ?? usual, range);
  return {
    from: starts(reader, section, problem, observe.x),
    evaluations: value(['evaluations'], section.evaluations, 20_000, count),
    valleys: valleys(reader, section, problem),
    // γ exceeds Lip(∇f) where the theory holds, so that 1/γ is within the stability 2/Lip(∇f) of gradient descent.
    descent: {
      step: value(['descent', 'step'], section.descent?.step, 1 / gamma, positive),
      noise: value(['descent', 'noise'], section.descent?.noise, 0.2, notNegative),
    },
    // The Hessian of V is at most 2γ; Euler is stable below h = 1/γ and samples a measure that is wider by O(hγ).
    langevin: {
      step: value(['langevin', 'step'], section.langevin?.step, 0.2 / gamma, positive),
      temperature: value(['langevin', 'temperature'], section.langevin?.temperature, 1, notNegative),
    },
    entropySgd: {
      inner: value(['entropy-sgd', 'inner'], section['entropy-sgd']?.inner, 40, count),
      average: value(['entropy-sgd', 'average'], section['entropy-sgd']?.average, 0.05, weight),
      step: value(['entropy-sgd', 'step'], section['entropy-sgd']?.step, 0.3 / gamma, positive),
    },
    deepRelaxation: {
      epsilon: value(['deep-relaxation', 'epsilon'], section['deep-relaxation']?.epsilon, 0.025, positive),
      average: value(['deep-relaxation', 'average'], section['deep-relaxation']?.average, 0.02, weight),
    },
  };
}

function numberWithin(reader: Reader, path: Path, given: Quantity, { holds, words }: Range): number {
  const value = reader.number(path, given);
  if (holds(value)) return value;
  return reader.refuse(path, `${dotted(path)} is ${value}`, `it must be ${words}`, 'write such a number');
}

function starts(
  reader: Reader,
  { from }: OptimizeSection,
  problem: Problem,
  usual: readonly Interval[],
): readonly Interval[] {
  if (from === undefined) return usual;
  const path = ['optimize', 'from'];
  refuseStrangeAxes(reader, path, Object.keys(from), { x: dimensionsOf(problem).n });
  const read = (at: Path, given: Quantity | readonly [Quantity, Quantity]): Interval => {
    if (Array.isArray(given)) return reader.closedInterval(at, given as readonly [Quantity, Quantity]);
    const value = reader.number(at, given as Quantity);
    return { lower: value, upper: value };
  };
  return perAxis(reader, path, from, { letter: 'x', dimension: dimensionsOf(problem).n, read }) ?? usual;
}

function valleys(reader: Reader, section: OptimizeSection, problem: Problem): OptimizeSettings['valleys'] {
  const dimension = dimensionsOf(problem).n;
  return Object.entries(section.valleys ?? {}).map(([name, given]) => {
    const path = ['optimize', 'valleys', name];
    refuseStrangeAxes(reader, path, Object.keys(given), { x: dimension });
    const box =
      perAxis(reader, path, given, { letter: 'x', dimension, read: reader.interval }) ??
      reader.refuse(
        path,
        `the valley ${name} has no axes`,
        `a valley is a box in ${axisNames('x', dimension).join(', ')}`,
        'add x: [lower, upper]',
      );
    return { name: printable(name), box };
  });
}
