/** What every command does last: print, say what failed, and end with its exit code. */
import type { Outcome } from '../../../solvers/index.ts';
import { exitCodes, type Given, type Request } from '../flags/command.ts';
import { valuesSet } from '../flags/set.ts';

/** The result of a command: one JSON document with --json, else text; warnings and failures on stderr. */
export function printResult(
  { io, given }: Request,
  result: { readonly json: object; readonly text: string; readonly warnings?: readonly string[] },
): void {
  for (const warning of result.warnings ?? []) io.stderr.write(`hjb: warning: ${warning}\n`);
  io.stdout.write(given.on('json') ? `${JSON.stringify(withSet(given, result.json), null, 2)}\n` : result.text);
}

/** The document with what was set beside the scenario. */
function withSet(given: Given, json: object): object {
  const entries = Object.entries(json);
  const place = entries.findIndex(([key]) => key === 'scenario') + 1;
  const set = valuesSet(given);
  if (place === 0 || Object.keys(set).length === 0 || 'set' in json) return json;
  return Object.fromEntries([...entries.slice(0, place), ['set', set], ...entries.slice(place)]);
}

/** The exit code of an outcome; whatever is no success is said on stderr. */
export function exitCodeOf({ io }: Request, outcome: Outcome, axes: readonly string[]): number {
  if (outcome.status === 'converged') return exitCodes.done;
  io.stderr.write(`hjb: ${shownOutcome(outcome, axes)}\n`);
  return outcome.status === 'cancelled' ? exitCodes.cancelled : exitCodes.notConverged;
}

/** The first outcome that is no success. */
export function worstOf(solutions: readonly { readonly outcome: Outcome }[]): Outcome {
  const failed = solutions.find(({ outcome }) => outcome.status !== 'converged');
  return failed?.outcome ?? { status: 'converged' };
}

/** What is printed of an outcome: diverged at step 27, node x = 1, y = 0.5 – advice. */
export function shownOutcome(outcome: Outcome, axes: readonly string[]): string {
  if (outcome.status === 'stalled') return `stalled with residual ${outcome.residual} – ${outcome.advice}`;
  if (outcome.status === 'converged') return outcome.status;
  if (outcome.status === 'cancelled') {
    return `cancelled after ${outcome.step} of ${outcome.steps} steps, at τ = ${Number(outcome.tau.toPrecision(3))}`;
  }
  const node = outcome.node.map((value, i) => `${axes[i]} = ${Number(value.toPrecision(6))}`).join(', ');
  return `diverged at step ${outcome.step}, node ${node} – ${outcome.advice}`;
}
