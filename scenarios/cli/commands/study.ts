import { dirname, join } from 'node:path';
import { InputError } from '../../../src/input/input-error.ts';
import { packageVersion } from '../../package.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import type { Scenario } from '../../scenario.ts';
import { codeVersion } from '../../store/code-version.ts';
import type { TableName } from '../../study/chosen-tables.ts';
import type { Study } from '../../study/study.ts';
import { type CommandBody, commonFlags, exitCodes, type Request, scenarioArgument } from '../flags/command.ts';
import { executorFlags } from '../flags/executor.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodGiven, methodNames } from '../flags/method.ts';
import { prepareFolder, writtenOrNot } from '../flags/out.ts';
import { inScenario, openScenario } from '../flags/scenario.ts';
import { facts, heading, shownSeconds } from '../print/layout.ts';
import { printResult } from '../print/result.ts';
import { printStatus } from './study-status.ts';
import { runSweepCommand } from './study-sweep.ts';
import { keptPieces, type StudyWork, withStudyWork } from './study-work.ts';

export const study: CommandBody = {
  args: {
    ...scenarioArgument,
    out: { value: 'DIR', description: 'the folder of the results (default results/<name>)' },
    only: {
      value: 'epsilon,cell',
      description: 'these tables alone, of epsilon, grid-x, grid-y, time, cell, values, budget, … (default: all)',
    },
    ...methodFlags(['epsilon', 'effective']),
    ...executorFlags,
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb study quadratic',
    'hjb study quadratic --scheme filtered --out results/filtered',
    'hjb study quadratic --only epsilon,cell --out results/quick',
    'hjb study my-scenario.yaml --out results/first --json',
    'hjb study rastrigin-2d --executor slurm --workers 40 --sbatch "--mem=4G"',
    'hjb study --status results/rastrigin-2d',
  ],
  run: (request) => (request.given.on('status') ? printStatus(request) : runStudyCommand(request)),
};

async function runStudyCommand(request: Request): Promise<number> {
  const { io, given } = request;
  const started = io.clock();
  const chosen = given.value('scheme') !== undefined || given.value('time') !== undefined;
  const method = chosen ? methodNames(methodGiven(request, 'epsilon')) : {};
  const scenario = openScenario(request);
  const only = await tablesGiven(request, scenario);
  if (scenario.sweep.length > 0) return runSweepCommand(request, scenario, method);
  const directory = given.value('out') ?? join('results', scenario.name);
  const { planStudy } = await import('../../study/study-plan.ts');
  const { studyOf } = await import('../../study/run-study.ts');
  const { checkMarches } = await import('../../study/check-marches.ts');
  const plan = await inScenario(scenario, () => planStudy(scenario, method, only));
  await inScenario(scenario, () => checkMarches(plan));
  await prepareFolder(directory);
  const versions = { version: packageVersion(), code: codeVersion() };
  const work = { scenario, pieces: plan.pieces, directory, only };
  const found = await withStudyWork(request, work, (results) => studyOf(plan, (key) => results.read(key), versions));
  if (found === null) return exitCodes.done;
  return published(request, { ...found, timings: { seconds: io.clock() - started } }, work);
}

/** The tables of --only. Throws ScenarioError. */
async function tablesGiven({ given }: Request, scenario: Scenario): Promise<readonly TableName[] | undefined> {
  const text = given.value('only');
  if (text === undefined) return undefined;
  if (scenario.sweep.length > 0) {
    const cause = 'the tables of a sweep are made of all tables of its members';
    throw new ScenarioError(
      '--only',
      `${scenario.file} is a sweep`,
      cause,
      'remove --only, or study one member by --set',
    );
  }
  const { readTableNames } = await import('../../study/chosen-tables.ts');
  try {
    const names = readTableNames(text);
    if (!names.includes('paths') || scenario.study.paths !== null) return names;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ScenarioError('--only', error.fact, error.cause, error.remedy);
  }
  const fact = `${scenario.file} asks for no paths`;
  throw new ScenarioError('--only', fact, 'it has no study.paths', 'add study.paths, or leave paths out');
}

/** Writes the results as a whole and prints them; what cannot be written is printed all the same. */
async function published(request: Request, found: Study, work: StudyWork): Promise<number> {
  const { io } = request;
  const { directory } = work;
  const { writeStudy } = await import('../../report/write-study.ts');
  const { written, trouble } = await writtenOrNot(directory, () => writeStudy(found, directory));
  const { fields: _, ...record } = found;
  printResult(request, {
    json: { ...record, written },
    text: studyText(request, found, written),
    warnings: found.warnings,
  });
  if (trouble !== null) {
    io.stderr.write(`${trouble} – ${keptPieces(work)}\n`);
    return exitCodes.noOutput;
  }
  const { word } = found.verdict;
  if (word === 'converged' || word === 'with doubts') return exitCodes.done;
  io.stderr.write(`hjb: ${word} – ${found.outcome.advice ?? 'a certificate fails: see the warnings and the report'}\n`);
  return exitCodes.notConverged;
}

function studyText({ io }: Request, found: Study, written: readonly string[]): string {
  const options = { colour: io.colour, width: io.stdout.columns };
  return [
    heading(io, found.scenario.title),
    '\n',
    facts(found.settings),
    '\n',
    ...found.tables.map((table) => `${tableToTerminal(table, options)}\n`),
    heading(io, `Done in ${shownSeconds(found.timings.seconds)}`),
    facts([['verdict', [found.verdict.word, ...found.verdict.parts].join(' · ')], ...writtenFiles(found, written)]),
  ].join('');
}

/** The page to open first; the three formats of every table count as one line. */
function writtenFiles(found: Study, written: readonly string[]): [string, string][] {
  if (written.length === 0) return [];
  const named = (name: string) => written.find((path) => path.endsWith(name)) ?? name;
  return [
    ['report', named('report.html')],
    ['data', `${named('study.json')}, ${named('fields.h5')}`],
    ['tables', `${join(dirname(named('study.json')), 'tables')} – ${found.tables.length} tables as csv, md and tex`],
  ];
}
