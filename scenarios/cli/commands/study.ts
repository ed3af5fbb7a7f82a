import { dirname, join } from 'node:path';
import { packageVersion } from '../../package.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import type { Study } from '../../study/study.ts';
import { type CommandBody, commonFlags, exitCodes, type Request, scenarioArgument } from '../flags/command.ts';
import { kernelFlags, onKernel } from '../flags/kernel.ts';
import { methodFlags, methodGiven, methodNames } from '../flags/method.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { inScenario, openScenario } from '../flags/scenario.ts';
import { facts, heading, shownSeconds } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';
import { printResult } from '../print/result.ts';
import { runSweepCommand } from './study-sweep.ts';

export const study: CommandBody = {
  args: {
    ...scenarioArgument,
    out: { value: 'DIR', description: 'the folder of the results (default results/<name>)' },
    ...methodFlags(['epsilon', 'effective']),
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb study quadratic',
    'hjb study quadratic --scheme filtered --out results/filtered',
    'hjb study my-scenario.yaml --out results/first --json',
  ],
  run: runStudyCommand,
};

async function runStudyCommand(request: Request): Promise<number> {
  const { io, given } = request;
  const chosen = given.value('scheme') !== undefined || given.value('time') !== undefined;
  const method = chosen ? methodNames(methodGiven(request, 'epsilon')) : {};
  const scenario = openScenario(request);
  if (scenario.sweep.length > 0) return runSweepCommand(request, scenario, method);
  const directory = given.value('out') ?? join('results', scenario.name);
  refuseFile(directory);
  const { runStudy } = await import('../../study/run-study.ts');
  const found = await withProgress(request, (progress) => {
    const run = { progress, clock: io.clock, signal: io.signal, version: packageVersion(), method };
    return onKernel(request, (kernel) => inScenario(scenario, () => runStudy(scenario, { ...run, kernel })));
  });
  if (found.outcome.status === 'cancelled') {
    io.stderr.write('hjb: cancelled; nothing was written\n');
    return exitCodes.cancelled;
  }
  const { writeStudy } = await import('../../report/write-study.ts');
  const written = await writing(directory, () => writeStudy(found, directory));
  const { fields: _, ...record } = found;
  printResult(request, {
    json: { ...record, written },
    text: studyText(request, found, written),
    warnings: found.warnings,
  });
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
  const named = (name: string) => written.find((path) => path.endsWith(name)) ?? name;
  return [
    ['report', named('report.html')],
    ['data', `${named('study.json')}, ${named('fields.h5')}`],
    ['tables', `${join(dirname(named('study.json')), 'tables')} – ${found.tables.length} tables as csv, md and tex`],
  ];
}
