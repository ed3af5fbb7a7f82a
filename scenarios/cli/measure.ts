import { requireOneByOne } from '../../solvers/dimensions.ts';
import { invariantMeasure } from '../../solvers/index.ts';
import type { Scenario } from '../scenario.ts';
import { type Command, commonFlags, exitCodes, type Given, type Request, scenarioArgument } from './command.ts';
import { coordinatesOf, pointIn } from './flag-values.ts';
import { columns, heading, preciseValue } from './layout.ts';
import { checkedAssumptions, inScenario, openScenario, printResult } from './opened.ts';
import { namesOf } from './points.ts';

export const measure: Command = {
  name: 'measure',
  about: 'print the invariant measure at frozen x: local entropy F, ∇F, mean, covariance, normaliser',
  args: {
    ...scenarioArgument,
    at: { type: 'string', valueHint: 'x=1', description: 'a frozen x; may be repeated (default: those of the study)' },
    ...commonFlags,
  },
  examples: ['hjb measure quadratic --at x=1', 'hjb measure multiwell --at x=-1.5 --at x=0.2 --json'],
  run: runMeasure,
};

async function runMeasure(request: Request): Promise<number> {
  const { io } = request;
  const scenario = openScenario(request);
  await inScenario(scenario, () => requireOneByOne(scenario.problem, 'the invariant measure'));
  const points = frozenPoints(request.given, scenario);
  const { warnings } = checkedAssumptions(scenario);
  const at = await inScenario(scenario, () =>
    points.map((x) => {
      const { localEntropy, gradient, mean, covariance, normalizer } = invariantMeasure(scenario.problem, x);
      return { x: x[0], F: localEntropy, gradF: gradient, mean, covariance, normalizer };
    }),
  );
  const shown = (value: number | null) => (value === null ? '–' : preciseValue(value));
  const note =
    scenario.problem.fastPotential === undefined
      ? '\n  F, ∇F and ∫e^−Φ need a potential Φ; b is given as a drift.\n'
      : '';
  printResult(request, {
    json: { command: 'measure', scenario: scenario.name, at, warnings },
    text: [
      heading(io, `${scenario.title}: the invariant measure μ_x of the fast process`),
      '\n',
      columns(
        ['x', 'F = log ∫e^−Φ', '∇F', 'mean', 'covariance', '∫e^−Φ'],
        at.map(({ x, F, gradF, mean, covariance, normalizer }) =>
          [String(x)].concat([F, gradF, mean, covariance, normalizer].map(shown)),
        ),
      ),
      note,
    ].join(''),
    warnings,
  });
  return exitCodes.done;
}

function frozenPoints(given: Given, scenario: Scenario): (readonly number[])[] {
  const { x } = namesOf(scenario);
  const points = given.values('at').map((text) => coordinatesOf(pointIn(text, x), x));
  return points.length > 0 ? points : scenario.study.cell.at.map((point) => point.x);
}
