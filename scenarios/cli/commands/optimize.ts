import { join } from 'node:path';
import type { Interval } from '../../../src/model/problem.ts';
import type { OptimiserName } from '../../../src/optimiser/optimiser.ts';
import { type Comparison, rateWarnings } from '../../optimise/comparison.ts';
import { comparisonTable } from '../../optimise/comparison-table.ts';
import { type Experiment, entropicNames, optimiserNames, type RateName } from '../../optimise/experiment.ts';
import { packageVersion } from '../../package.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import type { Scenario } from '../../scenario.ts';
import { type CommandBody, commonFlags, exitCodes, type Request, setFlag } from '../flags/command.ts';
import { refuseRuns } from '../flags/limits.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { namesOf } from '../flags/points.ts';
import { inScenario, openScenario } from '../flags/scenario.ts';
import { coordinatesOf, pointIn, wholeNumber } from '../flags/values.ts';
import { facts, heading } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';
import { printResult } from '../print/result.ts';

export const optimize: CommandBody = {
  args: {
    scenario: {
      positional: true,
      description: 'a deep-relaxation scenario, by name or path; or digits, a small network that learns handwriting',
    },
    method: { options: [...optimiserNames], description: 'one method alone (default: compare all)' },
    seeds: { value: 'N', description: 'runs of every method (default 100; digits 10)' },
    seed: { value: 'K', description: 'seed of starts and noise (default 1)' },
    steps: {
      value: 'N',
      description: 'gradient evaluations every method may spend (default: optimize.evaluations of the scenario)',
    },
    from: { value: 'x1=…,x2=…', description: 'start of every run (default: random in optimize.from of the scenario)' },
    rate: {
      options: ['fixed', 'limit'],
      description: 'learning rate of the entropic methods: the upper end of U, or the feedback of the limit problem',
    },
    ...setFlag,
    out: { value: 'DIR', description: 'the folder of the report (default results/optimize-NAME)' },
    ...commonFlags,
  },
  examples: [
    'hjb optimize rastrigin-2d --seeds 20',
    'hjb optimize rastrigin-2d --method entropy-sgd --rate limit --from x1=2,x2=2 --json',
    'hjb optimize digits --method entropy-sgd',
  ],
  run: runOptimize,
};

async function runOptimize(request: Request): Promise<number> {
  const { io, given } = request;
  const seeds = wholeNumber(given, 'seeds', 1);
  const seed = wholeNumber(given, 'seed', 0) ?? 1;
  const budget = wholeNumber(given, 'steps', 1);
  const { experiment, view, work } = await openExperiment(request);
  const methods = methodsOf(given.value('method'));
  const rate = (given.value('rate') ?? 'fixed') as RateName;
  refuseIdleRate(rate, methods);
  refuseRuns(seeds ?? experiment.seeds, budget ?? experiment.evaluations, {
    methods: methods.length,
    dimension: experiment.task(0).objective.dimension,
  });
  const directory = given.value('out') ?? join('results', `optimize-${experiment.name}`);
  refuseFile(directory);
  const { compareOptimisers } = await import('../../optimise/compare.ts');
  const found = await withProgress(request, (progress) =>
    work(() =>
      compareOptimisers(experiment, {
        methods,
        rate,
        seed,
        seeds: seeds ?? experiment.seeds,
        evaluations: budget ?? experiment.evaluations,
        view,
        progress,
        signal: io.signal,
      }),
    ),
  );
  const { writeComparison } = await import('../../report/descent-page.ts');
  const written = await writing(directory, () => writeComparison(found, directory, { version: packageVersion() }));
  const { landscape: _, ...record } = found;
  const diverged = divergences(found);
  const warnings = [...diverged, ...rateWarnings(found)];
  printResult(request, {
    json: { command: 'optimize', ...record, warnings, written },
    text: comparisonText(request, found, written),
    warnings,
  });
  return diverged.length === 0 ? exitCodes.done : exitCodes.notConverged;
}

interface Opened {
  readonly experiment: Experiment;
  readonly view: readonly Interval[] | null;
  /** Runs a task; what it refuses gets the line of the scenario. */
  work<Value>(task: () => Promise<Value>): Promise<Value>;
}

async function openExperiment(request: Request): Promise<Opened> {
  const from = request.given.value('from');
  if (request.given.subject === 'digits') {
    if (from !== undefined) {
      throw new ScenarioError('--from', '--from has no meaning for digits', 'its weights start at random', 'remove it');
    }
    if (request.given.values('set').length > 0) {
      throw new ScenarioError('--set', '--set has no meaning for digits', 'it has no parameters', 'remove it');
    }
    const { digitsExperiment } = await import('../../optimise/digits-experiment.ts');
    return { experiment: digitsExperiment(), view: null, work: (task) => task() };
  }
  const scenario = openScenario(request);
  const { scenarioExperiment } = await import('../../optimise/scenario-experiment.ts');
  const experiment = await inScenario(scenario, () => scenarioExperiment(startingAt(scenario, from)));
  return { experiment, view: scenario.domain.x, work: (task) => inScenario(scenario, task) };
}

function startingAt(scenario: Scenario, from: string | undefined): Scenario {
  if (from === undefined || scenario.optimize === null) return scenario;
  const names = namesOf(scenario).x;
  const point = coordinatesOf(pointIn(from, names, [], '--from'), names);
  const fixed = point.map((value) => ({ lower: value, upper: value }));
  return { ...scenario, optimize: { ...scenario.optimize, from: fixed } };
}

function methodsOf(name: string | undefined): readonly OptimiserName[] {
  return name === undefined ? optimiserNames : [name as OptimiserName];
}

function refuseIdleRate(rate: RateName, methods: readonly OptimiserName[]): void {
  if (rate === 'fixed' || methods.some((method) => entropicNames.includes(method))) return;
  throw new ScenarioError(
    '--rate',
    `--rate ${rate} has no meaning for ${methods[0]}`,
    'only the entropic methods have a learning rate u',
    `remove it, or choose --method ${entropicNames.join(' or ')}`,
  );
}

function divergences({ methods, seeds }: Comparison): string[] {
  return methods
    .filter(({ diverged }) => diverged > 0)
    .map(({ title, diverged, runs }) => {
      const first = runs.find(({ divergedAt }) => divergedAt !== null);
      const place = `first in run ${first?.run} at step ${first?.divergedAt}`;
      return `${title} diverged in ${diverged} of ${seeds} runs, ${place} – shorten its steps under optimize`;
    });
}

function comparisonText({ io }: Request, found: Comparison, written: readonly string[]): string {
  return [
    heading(io, found.title),
    '\n',
    facts(found.methods.map(({ title, formula }) => [title, formula])),
    '\n',
    `${tableToTerminal(comparisonTable(found), { colour: io.colour, width: io.stdout.columns })}\n`,
    facts([
      ['report', written[0]],
      ['data', written[1]],
    ]),
  ].join('');
}
