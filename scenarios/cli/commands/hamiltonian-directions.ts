import { dimensionsOf } from '../../../src/model/problem.ts';
import { packageVersion } from '../../package.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import type { Scenario } from '../../scenario.ts';
import { type DirectionStudy, directionTable, studyDirections } from '../../study/direction-study.ts';
import type { Given, Request } from '../flags/command.ts';
import { refuseDirections } from '../flags/limits.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { namesOf, pointsOf } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { hessianOf, nodesPerFastAxis, positiveNumbers, wholeNumber } from '../flags/values.ts';
import { hessianFacts, hessianJson } from '../print/hessian.ts';
import { facts, heading, shownSeconds } from '../print/layout.ts';
import { exitCodeOf, printResult, worstOf } from '../print/result.ts';

/** Flags that only `--directions` reads. */
const directionFlags = ['x', 'lengths', 'out'] as const;

/** `hjb hamiltonian --directions K`: H̄(x,·) on K directions with the velocities of the extended controls. */
export async function runDirections(request: Request): Promise<number> {
  const { io, given } = request;
  const directions = wholeNumber(given, 'directions', 2) as number;
  const lengths = positiveNumbers(given, 'lengths') ?? [1];
  const method = routeOf(given);
  refuseAt(given);
  const directory = given.value('out');
  if (directory !== undefined) refuseFile(directory);
  const scenario = openScenario(request);
  const nodes = nodesPerFastAxis(given, dimensionsOf(scenario.problem).m);
  const points = slowPointsOf(given, scenario);
  const M = hessianOf(given, dimensionsOf(scenario.problem).n);
  refuseDirections(directions, points.length * lengths.length);
  const checked = checkedAssumptions(scenario);
  const started = io.clock();
  const found = await inScenario(scenario, () =>
    studyDirections(scenario, { points, directions, lengths, method, nodes, M }),
  );
  const seconds = io.clock() - started;
  const doubts = [...checked.warnings, ...new Set(found.tables.flatMap((table) => table.warnings))];
  const warnings = [...doubts, ...unused(given)];
  const written = directory === undefined ? [] : await writeTo(found, directory, doubts);
  printResult(request, {
    json: {
      command: 'hamiltonian',
      scenario: scenario.name,
      ...hessianJson(scenario, M),
      seconds,
      ...recordOf(found),
      warnings,
      written,
    },
    text: directionText(request, found, { seconds, written, hessian: hessianFacts(scenario, M) }),
    warnings,
  });
  return exitCodeOf(request, worstOf(found.tables), namesOf(scenario).y);
}

async function writeTo(found: DirectionStudy, directory: string, warnings: readonly string[]): Promise<string[]> {
  const { writeDirections } = await import('../../report/directions-page.ts');
  return writing(directory, () => writeDirections(found, directory, { version: packageVersion(), warnings }));
}

function recordOf({ directions, lengths, tables }: DirectionStudy): object {
  return { directions, lengths, tables };
}

interface Shown {
  readonly seconds: number;
  readonly written: readonly string[];
  readonly hessian: readonly [string, string][];
}

function directionText({ io }: Request, found: DirectionStudy, { seconds, written, hessian }: Shown): string {
  const { method } = found.tables[0];
  const how = {
    gibbs: 'quadrature split where the control switches',
    stationary: 'maximum over extended controls, compared with Σπ_j H_j on the y-nodes',
  }[method];
  return [
    heading(io, `${found.title}: H̄(x,p) and the velocities of the extended controls`),
    '\n',
    facts([
      ['H̄', `${method}, ${how}`],
      ['φ̄(x,νₚ)', 'stationary measure on the y-nodes, corrected where νₚ switches'],
      ...hessian,
      ['time', shownSeconds(seconds)],
      ...written.map((path, k): [string, string] => [k === 0 ? 'written' : '', path]),
    ]),
    '\n',
    tableToTerminal(directionTable(found), { colour: io.colour, width: io.stdout.columns }),
  ].join('');
}

function routeOf(given: Given): 'gibbs' | 'stationary' | undefined {
  const method = given.value('method');
  if (method === undefined || method === 'gibbs' || method === 'stationary') return method;
  throw new ScenarioError(
    '--method',
    `--method ${method} does not go with --directions`,
    'a table over directions uses one measure for all of them, and this method solves an equation for every p',
    'take gibbs or stationary, or leave the method out',
  );
}

function refuseAt(given: Given): void {
  if (given.values('at').length === 0) return;
  throw new ScenarioError(
    '--at',
    '--at does not go with --directions',
    'the slopes are the directions here',
    `give the points as --x, for example --x x=1 with one slow variable`,
  );
}

/** Flags of a single p need --directions to mean something. */
export function refuseDirectionFlags(given: Given): void {
  const flag = directionFlags.find((name) => given.value(name) !== undefined);
  if (flag === undefined) return;
  throw new ScenarioError(
    `--${flag}`,
    `--${flag} is given without --directions`,
    'it belongs to the table over directions of p',
    'add --directions 16 (2 with one slow variable), or give points x and p as --at',
  );
}

function unused(given: Given): string[] {
  return ['radius', 'alpha']
    .filter((flag) => given.value(flag) !== undefined)
    .map((flag) => `--${flag} changes nothing – it belongs to --method cell – leave it out`);
}

/** The points of --x, or those of the study, each once. */
function slowPointsOf(given: Given, scenario: Scenario): (readonly number[])[] {
  const points = pointsOf(given, 'x', namesOf(scenario).x);
  if (points.length > 0) return points;
  const known = scenario.study.cell.at.map(({ x }) => x);
  return known.filter((x, k) => known.findIndex((other) => other.join() === x.join()) === k);
}
