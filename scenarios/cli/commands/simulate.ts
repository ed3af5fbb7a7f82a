import type { TwoScaleEnsemble } from '../../../solvers/index.ts';
import type { Card } from '../../../src/kernel/gpu/gpu.ts';
import { allSchemes } from '../../../src/time/schemes.ts';
import { packageVersion } from '../../package.ts';
import type { Scenario } from '../../scenario.ts';
import { limitPathOf, recordPaths } from '../../study/path-record.ts';
import { besideCost, landscapeOf, warningsOf } from '../../study/path-study.ts';
import { solvedControl } from '../../study/solved-control.ts';
import {
  type CommandBody,
  commonFlags,
  exitCodes,
  type Given,
  type Request,
  scenarioArgument,
} from '../flags/command.ts';
import { gridFlags, gridsOf } from '../flags/grid.ts';
import { cardOf, kernelFlags } from '../flags/kernel.ts';
import { refusePaths } from '../flags/limits.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { pointsInside } from '../flags/points.ts';
import { checkedAssumptions, inScenario, openScenario } from '../flags/scenario.ts';
import { positiveNumber, wholeNumber } from '../flags/values.ts';
import { printFacts } from '../print/fact-list.ts';
import { named, shownNodes } from '../print/points.ts';
import { controlAsked, schemeGiven } from './simulate-control.ts';
import { type Simulated, simulationFacts, titleOf } from './simulate-facts.ts';
import { onFaster, type PathRates } from './simulate-faster.ts';
import { solving } from './solving.ts';

/** Times of the fan on a page. */
const PAGE_RECORDS = 50;
const DEFAULT_PATHS = 20000;
const DEFAULT_SEED = 1;

export const simulate: CommandBody = {
  args: {
    ...scenarioArgument,
    epsilon: { required: true, value: 'E', description: 'the scale separation ε > 0' },
    at: { value: 'x=1,y=0', description: 'the start (default: middle of the right side of K)' },
    control: {
      value: 'feedback|extended|u=1',
      description: 'argmin of Vᵉ, argmin of the limit v, or formulas in t, x, y (default: feedback, or the only value)',
    },
    paths: { value: 'N', description: `paths (default: the scenario's, else ${DEFAULT_PATHS})` },
    seed: { value: 'K', description: `seed (default: the scenario's, else ${DEFAULT_SEED})` },
    records: { value: 'K', description: 'times of the fan of quantiles in the JSON (default 1)' },
    ...gridFlags,
    scheme: {
      options: allSchemes.map(({ name }) => name),
      description: `scheme of Vᵉ or v and of its feedback (default: the scenario's, else ${allSchemes[0].name})`,
    },
    steps: { value: 'K', description: 'time steps of a path (default: see docs/trajectories.md)' },
    out: { value: 'DIR', description: 'write a page with fans, controls and ends of the paths there' },
    ...kernelFlags,
    backend: {
      ...kernelFlags.backend,
      options: [...kernelFlags.backend.options, 'fastest'],
      description: `${kernelFlags.backend.description}, or fastest: paths on the one that a short piece shows to be`,
    },
    ...commonFlags,
  },
  examples: [
    'hjb simulate quadratic-uncontrolled --epsilon 0.01 --paths 20000 --seed 1 --at x=1,y=0',
    'hjb simulate quadratic --epsilon 0.1 --control feedback --at x=1,y=0',
    'hjb simulate multiwell --epsilon 0.1 --control extended --at x=1.8,y=0 --json',
    'hjb simulate quadratic --epsilon 0.1 --control "u=1-t" --at x=1,y=0',
  ],
  run: runSimulate,
};

async function runSimulate(request: Request): Promise<number> {
  const { given } = request;
  const epsilon = positiveNumber(given, 'epsilon') as number;
  const steps = wholeNumber(given, 'steps', 1);
  const out = given.value('out');
  if (out !== undefined) refuseFile(out);
  const scenario = openScenario(request);
  const { problem } = scenario;
  const paths = wholeNumber(given, 'paths', 1) ?? scenario.study.paths?.count ?? DEFAULT_PATHS;
  const seed = wholeNumber(given, 'seed', 0) ?? scenario.study.paths?.seed ?? DEFAULT_SEED;
  const fan = wholeNumber(given, 'records', 1) ?? 1;
  const records = out === undefined ? fan : Math.max(fan, PAGE_RECORDS);
  refusePaths(problem, { paths, seed, steps, records });
  const { names, slow, fast } = await inScenario(scenario, () => gridsOf(scenario, request));
  const asked = controlAsked(given, scenario, [...slow, ...fast]);
  const method = schemeGiven(given, scenario, asked);
  const { x, y } = startOf(given, scenario, { names, slow, fast });
  const checked = checkedAssumptions(scenario);
  const found = await solving(request, `paths, ε = ${epsilon}`, scenario, async (run) => {
    const { control, reference } = await solvedControl(problem, asked, { epsilon, x, y, slow, fast, method }, run);
    const limit = await limitPathOf(problem, { control, x, slow, fast, records, seed }, run);
    const options = { epsilon, x, y, control, paths, seed, slow, fast, steps, records };
    const lent = { ...run, threads: run.kernel.threads };
    const recorded = async (card: Card | undefined, rates: PathRates | null = null) => {
      const record = await recordPaths(problem, options, limit, { ...lent, card });
      return { ...record, limit: limit.path, reference, rates, card };
    };
    if (given.value('backend') === 'fastest') return onFaster(problem, options, lent, recorded);
    return recorded(cardOf(run.kernel));
  });
  const nodes = shownNodes([...slow, ...fast]);
  const simulated = { ...found, x, y, control: asked.label, nodes };
  const doubts = warningsOf({ ...found.record, reference: found.reference });
  const warnings = [...checked.warnings, ...(found.reference?.warnings ?? []), ...doubts];
  const written = out === undefined ? [] : await writtenTo(out, scenario, simulated, warnings);
  const at = { ...named(names.x, x), ...named(names.y, y) };
  const list = simulationFacts(scenario, simulated, { at, names: names.x, fan, written });
  printFacts(request, titleOf(scenario, simulated, at), { list, warnings });
  return exitCodeOf(request, found.ensemble);
}

function exitCodeOf({ io }: Request, { outcome }: TwoScaleEnsemble): number {
  if (outcome.status === 'converged') return exitCodes.done;
  if (outcome.status === 'cancelled') return exitCodes.cancelled;
  io.stderr.write(`hjb: path ${outcome.path} diverged before t = ${outcome.time} – ${outcome.advice}\n`);
  return exitCodes.notConverged;
}

/** The page and the data of an ensemble. */
async function writtenTo(
  directory: string,
  scenario: Scenario,
  found: Simulated,
  warnings: readonly string[],
): Promise<string[]> {
  const { x, y, control, record, limit, reference, nodes } = found;
  const landscape = landscapeOf(scenario.problem, scenario.domain.x, y);
  const source = reference?.scheme == null ? 'exact' : `by the scheme ${reference.scheme} on ${nodes}`;
  const study = {
    x,
    y,
    control,
    source,
    records: [{ ...record, reference: reference && besideCost(reference) }],
    limit,
    landscape,
  };
  const { writePaths } = await import('../../report/paths-page.ts');
  const origin = { version: packageVersion(), scenario: scenario.name, title: scenario.title, warnings };
  return writing(directory, () => writePaths(study, directory, origin));
}

/** The start of the paths: one point of the box. */
function startOf(
  given: Given,
  scenario: Scenario,
  { names, slow, fast }: Omit<ReturnType<typeof gridsOf>, 'fastScheme'>,
) {
  const points = pointsInside(given, scenario, [...names.x, ...names.y], [...slow, ...fast]);
  const point = points[points.length - 1];
  return { x: point.slice(0, slow.length), y: point.slice(slow.length) };
}
