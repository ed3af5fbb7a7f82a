import type { Problem } from './problem.ts';

/** Answers kept for one problem; a page that asks at ever new points starts anew then. */
const MOST = 1000;

/**
 * The same function of a problem and numbers, which computes an answer once: problems do not change. Answers live as
 * long as their problem; what throws is asked again.
 */
export function oncePerProblem<Value>(
  compute: (problem: Problem, numbers: readonly number[]) => Value,
): (problem: Problem, numbers: ArrayLike<number>) => Value {
  const known = new WeakMap<Problem, Map<string, Value>>();
  return (problem, numbers) => {
    const answers = known.get(problem) ?? new Map<string, Value>();
    known.set(problem, answers);
    const at = Array.from(numbers);
    const key = at.join();
    const answer = answers.get(key);
    if (answer !== undefined) return answer;
    const found = compute(problem, at);
    if (answers.size === MOST) answers.clear();
    answers.set(key, found);
    return found;
  };
}
