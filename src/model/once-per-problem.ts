import { InputError } from '../input/input-error.ts';
import type { Problem } from './problem.ts';

/** Answers kept for one problem; a page that asks at ever new points starts anew then. */
const MOST = 1000;

/**
 * The same function of a problem and numbers, which computes an answer once: problems do not change. Answers live as
 * long as their problem; an InputError is an answer too, other errors are asked again.
 */
export function oncePerProblem<Value>(
  compute: (problem: Problem, numbers: readonly number[]) => Value,
): (problem: Problem, numbers: ArrayLike<number>) => Value {
  const known = new WeakMap<Problem, Map<string, Answer<Value>>>();
  return (problem, numbers) => {
    const answers = known.get(problem) ?? new Map<string, Answer<Value>>();
    known.set(problem, answers);
    const at = Array.from(numbers);
    const key = at.join();
    let answer = answers.get(key);
    if (answer === undefined) {
      answer = answered(() => compute(problem, at));
      if (answers.size === MOST) answers.clear();
      answers.set(key, answer);
    }
    if (answer.kind === 'refused') throw answer.error;
    return answer.value;
  };
}

type Answer<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'refused'; readonly error: InputError };

function answered<Value>(compute: () => Value): Answer<Value> {
  try {
    return { kind: 'found', value: compute() };
  } catch (error) {
    if (error instanceof InputError) return { kind: 'refused', error };
    throw error;
  }
}
