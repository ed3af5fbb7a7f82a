/** What every command on a scenario does first: read it and check its assumptions. */
import { largestTail } from '../../../solvers/workbench.ts';
import { type Assumption, doubtsAbout } from '../../../src/assumptions/assumption.ts';
import { checkAssumptions } from '../../../src/assumptions/assumptions.ts';
import { product } from '../../../src/control/control-set.ts';
import { InputError } from '../../../src/input/input-error.ts';
import { contractionBox } from '../../../src/measure/contraction-box.ts';
import { LARGEST_OUTSIDE } from '../../../src/measure/grid-resolution.ts';
import { dimensionsOf, type Interval, united } from '../../../src/model/problem.ts';
import { fastDomain, shownInterval } from '../../grids.ts';
import { readScenario } from '../../read/read-scenario.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { Request } from './command.ts';
import { valuesSet } from './set.ts';

/** The scenario of a command line, with the values of --set. Throws ScenarioError. */
export function openScenario({ given }: Pick<Request, 'given'>): Scenario {
  return openNamed(given.subject, valuesSet(given));
}

/** A scenario by its name or path, some of its values replaced. Throws ScenarioError. */
export function openNamed(subject: string, set: Readonly<Record<string, string>>): Scenario {
  try {
    return readScenario(subject, set);
  } catch (error) {
    throw placed(error, () => subject);
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

interface Checked {
  readonly assumptions: readonly Assumption[];
  readonly slow: readonly Interval[];
  readonly fast: readonly Interval[];
  readonly warnings: readonly string[];
  /** What a given y-box leaves out, which a solve says of its own nodes; among the warnings. */
  readonly cut: readonly string[];
}

/** The assumptions of a scenario on its boxes; where no y-box carries the measure, on a guess of it. */
export function checkedAssumptions(scenario: Scenario): Checked {
  const { problem, domain } = scenario;
  const slow = domain.x;
  const boxWarnings: string[] = [];
  let fast = domain.y ?? scenario.observe.y ?? guessedFastBox(scenario);
  try {
    fast = yBoxOf(scenario);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    boxWarnings.push(
      `${error.fact}; the assumptions are checked on y ∈ ${fast.map(shownInterval).join(' × ')} instead`,
    );
  }
  const assumptions = checkAssumptions(problem, { slow, fast });
  const cut = cutWarnings(scenario);
  return { assumptions, slow, fast, warnings: [...boxWarnings, ...cut, ...doubtsAbout(assumptions)], cut };
}

/**
 * The y-box of the solves. Of several fast variables whose drift has no potential and contracts it is the larger box
 * that the contraction proves, where the search for theirs takes seconds.
 */
function yBoxOf(scenario: Scenario): readonly Interval[] {
  const { problem, domain } = scenario;
  if (domain.y !== null || problem.fast.kind === 'potential' || dimensionsOf(problem).m === 1)
    return fastDomain(scenario);
  const corners = product(domain.x.map(({ lower, upper }) => [lower, upper]));
  const boxes = corners.map((x) => contractionBox(problem, x)).filter((box) => box !== null);
  return boxes.length < corners.length
    ? fastDomain(scenario)
    : boxes[0].map((_, a) => united(boxes.map((box) => box[a])));
}

/** What a given y-box leaves out of the invariant measure; nothing where the measure is not known. */
function cutWarnings({ problem, domain }: Scenario): string[] {
  if (domain.y === null) return [];
  try {
    const { x, mass } = largestTail(problem, domain.x, domain.y);
    if (mass <= LARGEST_OUTSIDE) return [];
    if (Number.isNaN(mass)) {
      return [
        `what domain.y leaves out of the invariant measure is not known, at x = ${x.join(', ')} – e^−Φ has no finite ` +
          'integral there – give a potential or drift that is finite and confines',
      ];
    }
    return [
      `domain.y leaves out up to ${mass.toPrecision(2)} of the invariant measure, at x = ${x.join(', ')} – the ` +
        'process is reflected there, so that values, H̄ and v are those of another process – choose a wider ' +
        'domain.y, or leave it out',
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
