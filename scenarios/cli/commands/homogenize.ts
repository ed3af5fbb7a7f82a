import { type EffectiveCoefficients, type Estimated, homogenize } from '../../../solvers/index.ts';
import { onlyControl } from '../../../src/control/control-set.ts';
import { dimensionsOf } from '../../../src/model/problem.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import { type CommandBody, commonFlags, type Given, type Request, scenarioArgument } from '../flags/command.ts';
import { namesOf, pointsOf } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { nodesPerFastAxis } from '../flags/values.ts';
import { columns, heading, valueWithError } from '../print/layout.ts';
import { finiteOrNull, named, scalarOrList } from '../print/points.ts';
import { exitCodeOf, printResult, worstOf } from '../print/result.ts';

export const homogenizeCommand: CommandBody = {
  args: {
    ...scenarioArgument,
    x: { value: 'x=1', multiple: true, description: 'a point x (default: five across the x-box, on its middle line)' },
    u: { value: 'u=1', description: 'the control that is held (default: the only one there is)' },
    nodes: {
      value: 'N',
      description: 'nodes per axis of the finest of three grids in y (default: 1601, 257, 65 by m)',
    },
    ...commonFlags,
  },
  examples: [
    'hjb homogenize quadratic-uncontrolled --x x=1 --x x=0.5',
    'hjb homogenize multiwell --u u=1 --x x=1 --json',
  ],
  run: runHomogenize,
};

async function runHomogenize(request: Request): Promise<number> {
  const { io, given } = request;
  const scenario = openScenario(request);
  const { problem } = scenario;
  const names = namesOf(scenario);
  const nodes = nodesPerFastAxis(given, dimensionsOf(problem).m);
  const u = controlHeld(given, scenario);
  const points = slowPoints(given, scenario);
  const box = scenario.domain.y ?? undefined;
  const found = await inScenario(scenario, () => points.map((x) => homogenize(problem, { x, u, nodes, box })));
  const warnings = [...checkedAssumptions(scenario).warnings, ...new Set(found.flatMap((each) => each.warnings))];
  printResult(request, {
    json: {
      command: 'homogenize',
      scenario: scenario.name,
      at: found.map((each) => recordOf(each, names.x)),
      warnings,
    },
    text: [
      heading(io, `${scenario.title}: dX = F dt + σ̄ dW as ε → 0`),
      '\n',
      table(found, names.x),
      `\n  A = σ̄σ̄ᵀ. ± is what another halving of the spacing in y has changed.\n`,
    ].join(''),
    warnings,
  });
  return exitCodeOf(request, worstOf(found), names.y);
}

/** --u, admissible or not; what is held is checked where it is used. */
function controlHeld(given: Given, { problem: { controls } }: Scenario): readonly number[] | undefined {
  const [u] = pointsOf(given, 'u', controls.names);
  if (u !== undefined || onlyControl(controls) !== null) return u;
  throw new ScenarioError(
    '--u',
    'the system has a control, and none is held',
    'effective coefficients are those of a system without one',
    `give --u ${controls.names.map((name) => `${name}=1`).join(',')}`,
  );
}

/** Points of a row. */
const ROW = 5;

/** Those of --x; without it a row across the first side of the x-box, in the middle of the second. */
function slowPoints(given: Given, scenario: Scenario): (readonly number[])[] {
  const points = pointsOf(given, 'x', namesOf(scenario).x);
  if (points.length > 0) return points;
  const [first, ...others] = scenario.domain.x;
  const rest = others.map(({ lower, upper }) => (lower + upper) / 2);
  return Array.from({ length: ROW }, (_, k) => [
    (first.lower * (ROW - k) + first.upper * (k + 1)) / (ROW + 1),
    ...rest,
  ]);
}

function recordOf({ x, drift, diffusion, centring, nodes, box }: EffectiveCoefficients, names: readonly string[]) {
  const alone = <T>(all: readonly T[]) => (all.length === 1 ? all[0] : all);
  const values = (all: readonly Estimated[]) => alone(all.map(({ value }) => finiteOrNull(value)));
  const errors = (all: readonly Estimated[]) => alone(all.map(({ error }) => finiteOrNull(error)));
  const matrix = (of: (all: readonly Estimated[]) => unknown) =>
    diffusion.length === 1 ? of(diffusion[0]) : diffusion.map(of);
  return {
    ...named(names, x),
    drift: values(drift),
    driftError: errors(drift),
    diffusion: matrix(values),
    diffusionError: matrix(errors),
    centring: centring && values(centring),
    nodes: scalarOrList(nodes),
    box,
  };
}

function table(found: readonly EffectiveCoefficients[], names: readonly string[]): string {
  const slow = names.map((_, i) => i);
  const pairs = slow.flatMap((i) => slow.filter((j) => j >= i).map((j) => [i, j] as const));
  const isLine = names.length === 1;
  const shown = ({ value, error }: Estimated) => valueWithError(value, error);
  return columns(
    [
      ...names,
      ...slow.map((i) => (isLine ? 'F' : `F${i + 1}`)),
      ...pairs.map(([i, j]) => (isLine ? 'A' : `A${i + 1}${j + 1}`)),
      ...(found[0].centring === null ? [] : ['∫g dμ']),
    ],
    found.map(({ x, drift, diffusion, centring }) => [
      ...x.map((value) => String(Number(value.toPrecision(6)))),
      ...slow.map((i) => shown(drift[i])),
      ...pairs.map(([i, j]) => shown(diffusion[i][j])),
      ...(centring === null ? [] : [centring.map(shown).join(', ')]),
    ]),
  );
}
