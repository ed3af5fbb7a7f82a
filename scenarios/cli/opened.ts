/** What every command on a scenario does first and last: read it, check its assumptions, print. */

import type { Outcome } from '../../solvers/index.ts';
import { LARGEST_TAIL, largestTail } from '../../solvers/verification/certificate-domain.ts';
import { type Assumption, checkAssumptions, failureOf } from '../../src/assumptions/assumptions.ts';
import { InputError } from '../../src/input/input-error.ts';
import { dimensionsOf, type Interval } from '../../src/model/problem.ts';
import { fastDomain } from '../grids.ts';
import { readScenario } from '../read/read-scenario.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Scenario } from '../scenario.ts';
import { exitCodes, type Request } from './command.ts';
import { shownInterval } from './layout.ts';

/** The scenario of a command line. Throws ScenarioError. */
export function openScenario({ given }: Request): Scenario {
  try {
    return readScenario(given.subject);
  } catch (error) {
    throw placed(error, () => given.subject);
  }
}

/** What `work` makes; an InputError it throws without a place gets the line of the scenario it speaks of. */
export async function inScenario<Value>(scenario: Scenario, work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    throw placed(error, ({ subject }) => scenario.placeOf(subject ?? ''));
  }
}

function placed(error: unknown, placeOf: (error: InputError) => string): unknown {
  if (!(error instanceof InputError) || error instanceof ScenarioError) return error;
  return new ScenarioError(placeOf(error), error.fact, error.cause, error.remedy, error.subject);
}

export interface Checked {
  readonly assumptions: readonly Assumption[];
  readonly slow: readonly Interval[];
  readonly fast: readonly Interval[];
  readonly warnings: readonly string[];
}

/** The assumptions of a scenario on its boxes; where no y-box carries the measure, on a guess of it. */
export function checkedAssumptions(scenario: Scenario): Checked {
  const { problem, domain } = scenario;
  const slow = domain.x;
  const boxWarnings: string[] = [];
  let fast = domain.y ?? scenario.observe.y ?? guessedFastBox(scenario);
  if (dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1) {
    try {
      fast = fastDomain(scenario);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      boxWarnings.push(
        `${error.fact}; the assumptions are checked on y ∈ ${fast.map(shownInterval).join(' × ')} instead`,
      );
    }
  }
  const assumptions = checkAssumptions(problem, { slow, fast });
  boxWarnings.push(...cutWarnings(scenario));
  const failing = assumptions.filter(({ holds }) => !holds).map(failureOf);
  return { assumptions, slow, fast, warnings: [...boxWarnings, ...failing] };
}

/** What a given y-box leaves out of the invariant measure; nothing where the measure is not known. */
function cutWarnings({ problem, domain }: Scenario): string[] {
  if (domain.y === null) return [];
  try {
    const lost = largestTail(problem, domain.x, domain.y);
    if (lost <= LARGEST_TAIL) return [];
    return [
      `domain.y leaves out up to ${lost.toPrecision(2)} of the invariant measure – the process is reflected there, ` +
        'so that values, H̄ and v are those of another process – choose a wider domain.y, or leave it out',
    ];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Deep relaxation keeps Y near X; anything else is looked at around the origin. */
function guessedFastBox({ problem, domain }: Scenario): readonly Interval[] {
  if (problem.fast.deepRelaxation !== undefined) return domain.x;
  return Array.from({ length: dimensionsOf(problem).m }, () => ({ lower: -3, upper: 3 }));
}

/** The result of a command: one JSON document with --json, else text; warnings and failures on stderr. */
export function printResult(
  { io, given }: Request,
  result: { readonly json: object; readonly text: string; readonly warnings?: readonly string[] },
): void {
  for (const warning of result.warnings ?? []) io.stderr.write(`hjb: warning: ${warning}\n`);
  io.stdout.write(given.on('json') ? `${JSON.stringify(result.json, null, 2)}\n` : result.text);
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

/** diverged at step 27, node x = 1, y = 0.5 – advice. */
export function shownOutcome(outcome: Outcome, axes: readonly string[]): string {
  if (outcome.status === 'stalled') return `stalled with residual ${outcome.residual} – ${outcome.advice}`;
  if (outcome.status !== 'diverged') return outcome.status;
  const node = outcome.node.map((value, i) => `${axes[i]} = ${Number(value.toPrecision(6))}`).join(', ');
  return `diverged at step ${outcome.step}, node ${node} – ${outcome.advice}`;
}
