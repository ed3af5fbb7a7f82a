/** What `--control` of `hjb simulate` says. */

import type { PathControl } from '../../../solvers/index.ts';
import { lawOf } from '../../../solvers/workbench.ts';
import { isAdmissible, onlyControl } from '../../../src/control/control-set.ts';
import { compileExpressions, type Expression, namesIn, parseExpression } from '../../../src/formula/expression.ts';
import { InputError } from '../../../src/input/input-error.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../../../src/model/problem.ts';
import { type Method, methodOf } from '../../../src/time/schemes.ts';
import { shownControls } from '../../read/read-controls.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { AskedControl } from '../../study/solved-control.ts';
import type { Given } from '../flags/command.ts';
import { namesOf } from '../flags/points.ts';

const TIME = 't';

/** What --control says; without it the only control there is, else the feedback. Throws ScenarioError. */
export function controlAsked(
  given: Given,
  scenario: Scenario,
  box: readonly Interval[],
): AskedControl & { readonly label: string } {
  const { problem } = scenario;
  const text = given.value('control');
  const only = onlyControl(problem.controls);
  if (text === 'feedback' || text === 'extended') return { label: text, kind: text };
  if (text === undefined) {
    if (only === null) return { label: 'feedback', kind: 'feedback' };
    const label = problem.controls.names.map((name, i) => `${name}=${only[i]}`).join(',') || 'no control';
    return { label, kind: 'given', control: { kind: 'constant', u: only } };
  }
  const control = writtenControl(formulasIn(text, scenario), scenario);
  refuseOutside(control, problem, box);
  return { label: text.replaceAll(' ', ''), kind: 'given', control };
}

/** The method of --scheme; without it that of the scenario's paths, else the first one. Throws ScenarioError. */
export function schemeGiven(
  given: Given,
  scenario: Scenario,
  { kind, label }: ReturnType<typeof controlAsked>,
): Method {
  const scheme = given.value('scheme');
  if (scheme !== undefined && kind === 'given') {
    throw new ScenarioError(
      '--scheme',
      `--scheme is ${scheme} under the control ${label}`,
      'a scheme finds Vᵉ or v, whose argmin is the control feedback or extended',
      'leave --scheme out, or give --control feedback',
    );
  }
  return methodOf('epsilon', { scheme: scheme ?? scenario.study.paths?.scheme ?? undefined });
}

/** One formula in t and the names of x and y per control. */
function formulasIn(text: string, scenario: Scenario): Expression[] {
  const { names } = scenario.problem.controls;
  // A comma that a name and "=" follow separates controls; others belong to functions.
  const parts = text.split(/,(?=\s*\w+\s*=)/).map((part) => part.match(/^\s*(\w+)\s*=(.+)$/s));
  const given = new Map(parts.map((part) => [part?.[1] ?? '', part?.[2] ?? '']));
  const unknown = [...given.keys()].find((name) => !names.includes(name));
  const missing = names.filter((name) => !given.has(name));
  if (unknown !== undefined || missing.length > 0 || given.size < parts.length) {
    throw new ScenarioError(
      '--control',
      unknown === undefined || unknown === ''
        ? `--control ${text} does not give every control once`
        : `--control ${text} names the coordinate "${unknown}"`,
      `the controls here are ${names.join(', ')}`,
      `write feedback, extended or ${names.map((name) => `${name}=1`).join(',')}; formulas may use t, x and y`,
    );
  }
  const { x, y } = namesOf(scenario);
  const vocabulary = { names: [TIME, ...x, ...y], parameters: scenario.parameters };
  try {
    return names.map((name) => parseExpression(given.get(name) as string, vocabulary));
  } catch (error) {
    throw error instanceof InputError && !(error instanceof ScenarioError)
      ? new ScenarioError('--control', error.fact, error.cause, error.remedy)
      : error;
  }
}

/** A constant, an open loop where the formulas depend on t alone, else a feedback. */
function writtenControl(formulas: readonly Expression[], scenario: Scenario): PathControl {
  const used = new Set(formulas.flatMap((formula) => [...namesIn(formula)]));
  if ([...used].every((name) => name === TIME)) {
    const compiled = compileExpressions(formulas, [TIME]);
    const at = (t: number) => compiled.map((formula) => formula([t]));
    if (used.size === 0) return { kind: 'constant', u: at(0) };
    return { kind: 'open-loop', at: Object.assign(at, { trees: formulas.map(({ tree }) => tree) }) };
  }
  const { x, y } = namesOf(scenario);
  const compiled = compileExpressions(formulas, [TIME], x, y);
  const law = (t: number, atX: Coordinates, atY: Coordinates) => compiled.map((each) => each([t], atX, atY));
  return { kind: 'feedback', at: Object.assign(law, { trees: formulas.map(({ tree }) => tree) }) };
}

/** Points of [0,T] × the box at which a control is looked at, per axis. */
const PROBES = 5;
/** The same where there is no axis but time. */
const PROBES_IN_TIME = 65;

function refuseOutside(control: PathControl, problem: Problem, box: readonly Interval[]): void {
  const { controls, horizon } = problem;
  const { n } = dimensionsOf(problem);
  const time = { lower: 0, upper: horizon };
  const sides = control.kind === 'constant' ? [] : control.kind === 'open-loop' ? [time] : [time, ...box];
  const law = lawOf(problem, control);
  const probes = sides.length === 1 ? PROBES_IN_TIME : PROBES;
  for (let k = 0; k < probes ** sides.length; k++) {
    const point = sides.map(({ lower, upper }, a) => {
      return lower + ((upper - lower) * (Math.floor(k / probes ** a) % probes)) / (probes - 1);
    });
    const [t, ...z] = point;
    const u = law(t, z.slice(0, n), z.slice(n));
    if (isAdmissible(controls, u)) continue;
    const shown = Array.from(u, (value) => Number(value.toPrecision(4))).join(', ');
    const isHeld = control.kind === 'constant';
    throw new ScenarioError(
      '--control',
      `the control ${shown}${isHeld ? '' : placeOf(point)} is not admissible`,
      `U is ${shownControls(controls)}`,
      isHeld ? 'choose one of U' : 'cut it off with min and max',
    );
  }
}

/** Where a control was looked at. */
function placeOf(point: readonly number[]): string {
  const numbers = point.map((value) => Number(value.toPrecision(3)));
  return numbers.length === 1 ? ` at t = ${numbers[0]}` : ` at (t,x,y) = (${numbers})`;
}
