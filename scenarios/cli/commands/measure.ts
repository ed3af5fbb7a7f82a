import { type InvariantMeasure, invariantMeasure } from '../../../solvers/index.ts';
import type { Scenario } from '../../scenario.ts';
import { type CommandBody, commonFlags, type Given, type Request, scenarioArgument } from '../flags/command.ts';
import { namesOf, pointsOf } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { columns, heading, preciseValue } from '../print/layout.ts';
import { named, scalarOrList } from '../print/points.ts';
import { exitCodeOf, printResult, worstOf } from '../print/result.ts';

export const measure: CommandBody = {
  args: {
    ...scenarioArgument,
    at: { value: 'x=1', multiple: true, description: 'a frozen x (default: those of the study)' },
    ...commonFlags,
  },
  examples: ['hjb measure quadratic --at x=1', 'hjb measure multiwell --at x=-1.5 --at x=0.2 --json'],
  run: runMeasure,
};

async function runMeasure(request: Request): Promise<number> {
  const { io } = request;
  const scenario = openScenario(request);
  const names = namesOf(scenario);
  const points = frozenPoints(request.given, scenario);
  const found = await inScenario(scenario, () =>
    points.map((x) => invariantMeasure(scenario.problem, x, scenario.domain.y ?? undefined)),
  );
  const warnings = [...checkedAssumptions(scenario).warnings, ...found.flatMap(({ warnings }) => warnings)];
  const at = found.map(({ localEntropy, gradient, mean, covariance, normalizer, error, law }, k) => ({
    ...named(names.x, points[k]),
    F: localEntropy,
    gradF: gradient && scalarOrList(gradient),
    mean: scalarOrList(mean),
    covariance: covariance.length === 1 ? covariance[0][0] : covariance,
    normalizer,
    error,
    ...(law === null ? {} : { law }),
  }));
  const note =
    scenario.problem.fast.kind === 'drift' ? '\n  F, ∇F and ∫e^−Φ need a potential Φ; b is given as a drift.\n' : '';
  printResult(request, {
    json: { command: 'measure', scenario: scenario.name, at, warnings },
    text: [
      heading(io, `${scenario.title}: the invariant measure μ_x of the fast process`),
      '\n',
      measureTable(points, found, names.x),
      lawLines(points, found, names.x),
      note,
    ].join(''),
    warnings,
  });
  return exitCodeOf(request, worstOf(found), names.y);
}

/** The laws in closed form, one line for all x that share it. */
function lawLines(
  points: readonly (readonly number[])[],
  found: readonly InvariantMeasure[],
  names: readonly string[],
): string {
  const laws = found.flatMap(({ law }, k) => (law === null ? [] : [{ text: law.text, x: points[k] }]));
  const isOne = laws.length === found.length && new Set(laws.map(({ text }) => text)).size === 1;
  const lines = isOne
    ? [laws[0].text]
    : laws.map(({ text, x }) => `${names.map((name, i) => `${name} = ${x[i]}`).join(', ')}: ${text}`);
  return lines.length === 0 ? '' : `\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** e^700 and e^−700 are numbers, e^710 and e^−746 no longer. */
const MOST_EXPONENT = 700;

function measureTable(
  points: readonly (readonly number[])[],
  found: readonly InvariantMeasure[],
  names: readonly string[],
): string {
  const shown = (value: number | null) => (value === null ? '–' : preciseValue(value));
  const list = (values: readonly number[] | null) =>
    values === null ? '–' : values.length === 1 ? shown(values[0]) : `(${values.map(shortValue).join(', ')})`;
  return columns(
    [...names, 'F = log ∫e^−Φ', '∇F', 'mean', 'covariance', '∫e^−Φ', 'error'],
    found.map(({ localEntropy, gradient, mean, covariance, error }, k) => [
      ...points[k].map(String),
      shown(localEntropy),
      list(gradient),
      list(mean),
      covariance.length === 1 ? shown(covariance[0][0]) : `[${covariance.map(list).join(' ')}]`,
      shownExponential(localEntropy),
      Number.isFinite(error) ? error.toExponential(1) : '–',
    ]),
  );
}

/** e^F, where numbers end from F itself. */
function shownExponential(logarithm: number | null): string {
  if (logarithm === null) return '–';
  if (Math.abs(logarithm) < MOST_EXPONENT) return preciseValue(Math.exp(logarithm));
  const decimal = logarithm / Math.LN10;
  return `${(10 ** (decimal - Math.floor(decimal))).toFixed(6)}e${Math.floor(decimal)}`;
}

/** Six digits; what is round-off beside the other entries is 0. */
function shortValue(value: number): string {
  return String(Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(6)));
}

function frozenPoints(given: Given, scenario: Scenario): (readonly number[])[] {
  const points = pointsOf(given, 'at', namesOf(scenario).x);
  return points.length > 0 ? points : scenario.study.cell.at.map((point) => point.x);
}
