/**
 * The terms of the general system (arXiv:2208.00655) beyond φ, b, ℓ and f(x): noise in x, noise in y that is not √2, a
 * terminal cost in y, a discount; and a centred drift ε^{−1/2} g(x,y). What is written for a part of them says which it
 * takes, and refuses the others.
 */
import type { Formula } from '../formula/formula.ts';
import { dependsOn } from '../formula/tree.ts';
import { InputError, type Subject } from '../input/input-error.ts';
import type { Field, Problem } from './problem.ts';

/** A term that not everything can take. */
export type GeneralTerm = 'slowNoise' | 'fastNoise' | 'terminalInY' | 'discount' | 'centredDrift';

/** All terms of the general system: for what takes it. A centred drift is none of them. */
export const allTerms: readonly GeneralTerm[] = ['slowNoise', 'fastNoise', 'terminalInY', 'discount'];

const words: Readonly<Record<GeneralTerm, { readonly text: string; readonly subject: Subject }>> = {
  slowNoise: { text: 'noise in the slow variables', subject: 'slowNoise' },
  fastNoise: { text: 'noise in the fast variables other than √2', subject: 'fastNoise' },
  terminalInY: { text: 'a terminal cost that depends on y', subject: 'terminalCost' },
  discount: { text: 'a discount', subject: 'discount' },
  centredDrift: { text: 'a centred drift ε^(−1/2) g', subject: 'centredDrift' },
};

/** The general terms that a problem has. */
export function termsOf(problem: Problem): GeneralTerm[] {
  const { slowNoise, fast, discount = 0 } = problem;
  const has: Readonly<Record<GeneralTerm, boolean>> = {
    slowNoise: slowNoise !== undefined,
    fastNoise: fast.kind === 'drift' && fast.noise !== undefined,
    terminalInY: terminalSeesY(problem),
    discount: discount !== 0,
    centredDrift: problem.centredDrift !== undefined,
  };
  return ['centredDrift' as const, ...allTerms].filter((term) => has[term]);
}

/** Whether g may depend on y: a formula that names it, or a closure of two points. */
export function terminalSeesY({ terminalCost }: Pick<Problem, 'terminalCost'>): boolean {
  const { tree, names } = terminalCost as Partial<Formula>;
  if (tree === undefined || names === undefined) return terminalCost.length > 1;
  return (names[1] ?? []).some((name) => dependsOn(tree, name));
}

/** f(x), the terminal cost of a problem where it does not depend on y. Throws InputError where it does. */
export function slowTerminal(problem: Problem): Formula<Field> {
  if (terminalSeesY(problem)) refuse(problem, 'terminalInY', 'this');
  return problem.terminalCost as Formula<Field>;
}

/** Throws InputError for a problem with terms that `what` does not take, with what can be done instead. */
export function refuseTerms(problem: Problem, what: string, takes: readonly GeneralTerm[] = []): void {
  const term = termsOf(problem).find((each) => !takes.includes(each));
  if (term !== undefined) refuse(problem, term, what);
}

function refuse({ name }: Problem, term: GeneralTerm, what: string): never {
  const { text, subject } = words[term];
  throw new InputError(
    `${name} has ${text}`,
    `${what} is not written for it`,
    term === 'centredDrift'
      ? 'take its effective drift and diffusion (hjb homogenize), or paths (hjb simulate)'
      : 'solve the ε-problem or the effective equation (hjb solve), which take the general system',
    subject,
  );
}
