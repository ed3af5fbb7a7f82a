/** `hjb study` of a scenario with `sweep:`: the study of every member, and what they say together. */
import { join } from 'node:path';
import { InputError } from '../../../src/input/input-error.ts';
import { packageVersion } from '../../package.ts';
import { folderOf, type Member, membersOf } from '../../read/members.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import type { Scenario } from '../../scenario.ts';
import type { MethodChoice } from '../../study/setup.ts';
import type { Study } from '../../study/study.ts';
import type { Sweep, SweptMember } from '../../sweep/sweep.ts';
import { exitCodes, type Request } from '../flags/command.ts';
import { onKernel } from '../flags/kernel.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { inScenario } from '../flags/scenario.ts';
import { facts, heading } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';
import { printResult } from '../print/result.ts';

/** Runs and writes the studies of a sweep, then the sweep; the worst exit code of its members. Throws InputError. */
export async function runSweepCommand(request: Request, scenario: Scenario, method: MethodChoice): Promise<number> {
  const { io, given } = request;
  const directory = given.value('out') ?? join('results', scenario.name);
  refuseFile(directory);
  const members = await inScenario(scenario, () => membersOf(scenario));
  io.stderr.write(given.on('quiet') ? '' : `${members.length} studies: ${shownSizes(scenario)}\n`);
  const found = await withProgress(request, (progress) =>
    onKernel(request, async (kernel) => {
      const { sweptMember, unsolvedMember } = await import('../../sweep/swept-member.ts');
      const studied: SweptMember[] = [];
      for (const [k, member] of members.entries()) {
        const folder = folderOf(member.values);
        const run = {
          kernel,
          method,
          clock: io.clock,
          signal: io.signal,
          version: packageVersion(),
          progress: (label: string, part: number) => progress(`${folder}, ${label}`, (k + part) / members.length),
        };
        const found = await studiedMember(member, join(directory, folder), run);
        // What no study takes, such as a third fast variable, is said of the first member, before any work.
        if (found instanceof InputError && k === 0) throw found;
        const place = { values: member.values, folder };
        studied.push(found instanceof InputError ? unsolvedMember(place, found.message) : sweptMember(place, found));
      }
      return studied;
    }),
  );
  const { sweepOf } = await import('../../sweep/sweep-of.ts');
  const { sweepRecord, writeSweep } = await import('../../report/write-sweep.ts');
  const sweep = sweepOf(scenario, packageVersion(), found);
  const written = await writing(directory, () => writeSweep(sweep, directory));
  printResult(request, {
    json: { ...sweepRecord(sweep), written },
    text: sweepText(request, sweep, directory),
    warnings: sweep.warnings,
  });
  return exitCodeOfSweep(request, sweep);
}

function shownSizes({ sweep }: Scenario): string {
  return sweep.map(({ name, values }) => `${values.length} of ${name}`).join(' × ');
}

type StudyRun = Parameters<typeof import('../../study/run-study.ts').runStudy>[1];

/** The study of a member, written as soon as it is there, or why it cannot be solved. */
async function studiedMember({ scenario }: Member, directory: string, run: StudyRun): Promise<Study | InputError> {
  const { runStudy } = await import('../../study/run-study.ts');
  const { writeStudy } = await import('../../report/write-study.ts');
  try {
    const study = await inScenario(scenario, () => runStudy(scenario, run));
    if (study.outcome.status === 'cancelled') throw new DOMException('the sweep was cancelled', 'AbortError');
    await writing(directory, () => writeStudy(study, directory));
    return study;
  } catch (error) {
    // That nothing can be written is no matter of the member.
    if (!(error instanceof InputError) || (error instanceof ScenarioError && error.place === '--out')) throw error;
    return error;
  }
}

function sweepText({ io }: Request, sweep: Sweep, directory: string): string {
  return [
    heading(io, sweep.scenario.title),
    '\n',
    facts(sweep.settings),
    '\n',
    `${tableToTerminal(sweep.table, { colour: io.colour, width: io.stdout.columns })}\n`,
    heading(io, 'Done'),
    facts([
      ['verdict', [sweep.verdict.word, ...sweep.verdict.parts].join(' · ')],
      ['report', join(directory, 'report.html')],
      ['data', `${join(directory, 'sweep.json')}, ${join(directory, 'fields.h5')}`],
      ['table', `${join(directory, 'tables', sweep.table.name)}.{csv,md,tex}`],
      ['members', `${join(directory, sweep.members[0].folder)} and ${sweep.members.length - 1} more`],
    ]),
  ].join('');
}

function exitCodeOfSweep({ io }: Request, { members, verdict: { word } }: Sweep): number {
  const unsolved = members.filter(({ verdict }) => verdict === 'not solved');
  for (const { folder, advice } of unsolved) io.stderr.write(`hjb: ${folder} was not solved – ${advice}\n`);
  if (unsolved.length > 0) return exitCodes.badInput;
  if (word === 'converged' || word === 'with doubts') return exitCodes.done;
  const worst = members.filter(({ verdict }) => verdict === word).map(({ folder }) => folder);
  io.stderr.write(`hjb: ${word} – ${worst.join('; ')}: see the report\n`);
  return exitCodes.notConverged;
}
