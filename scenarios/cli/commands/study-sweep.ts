/** `hjb study` of a scenario with `sweep:`: the study of every member, and what they say together. */
import { join } from 'node:path';
import { packageVersion } from '../../package.ts';
import { folderOf, type Member, membersOf } from '../../read/members.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import { runName } from '../../run/run-name.ts';
import type { Scenario } from '../../scenario.ts';
import { codeVersion } from '../../store/code-version.ts';
import type { MethodChoice } from '../../study/setup.ts';
import type { Study } from '../../study/study.ts';
import type { MemberStudy } from '../../sweep/member-pieces.ts';
import type { Sweep } from '../../sweep/sweep.ts';
import { exitCodes, type Request } from '../flags/command.ts';
import { prepareFolder, writtenOrNot } from '../flags/out.ts';
import { inScenario } from '../flags/scenario.ts';
import { facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';
import { keptPieces, type StudyWork, withStudyWork } from './study-work.ts';

/** Finds and publishes the studies of a sweep and the sweep; the worst exit code of its members. Throws InputError. */
export async function runSweepCommand(request: Request, scenario: Scenario, method: MethodChoice): Promise<number> {
  const { io, given } = request;
  const directory = given.value('out') ?? join('results', scenario.name);
  const members = await inScenario(scenario, () => membersOf(scenario));
  const { memberPiece, sizeOf } = await import('../../sweep/member-pieces.ts');
  const { planStudy } = await import('../../study/study-plan.ts');
  // What no study takes, such as a third fast variable, is said of the first member, before any work.
  const { checkMarches } = await import('../../study/check-marches.ts');
  const plan = await inScenario(scenario, () => planStudy(members[0].scenario, method));
  await inScenario(scenario, () => checkMarches(plan));
  const size = sizeOf(plan);
  await prepareFolder(directory);
  const versions = { version: packageVersion(), code: codeVersion() };
  const pieces = members.map((member) =>
    memberPiece(member.scenario, { folder: folderOf(member.values), method, versions, size }),
  );
  if (!given.on('quiet')) io.stderr.write(`hjb: ${members.length} studies: ${shownSizes(scenario)}\n`);
  const work = { scenario, pieces, directory };
  const found = await withStudyWork(request, work, (results) =>
    pieces.map(({ key }) => results.read(key) as MemberStudy),
  );
  if (found === null) return exitCodes.done;
  const run = { name: runName(pieces, versions.code), version: versions.version };
  return published(request, await sweptBy(scenario, run, { members, found }), work);
}

function shownSizes({ sweep }: Scenario): string {
  return sweep.map(({ name, values }) => `${values.length} of ${name}`).join(' × ');
}

interface Found {
  readonly members: readonly Member[];
  readonly found: readonly MemberStudy[];
}

interface Swept {
  readonly sweep: Sweep;
  /** The studies to write, by their folders. */
  readonly studies: ReadonlyMap<string, Study>;
}

async function sweptBy(
  scenario: Scenario,
  run: { readonly name: string; readonly version: string },
  { members, found }: Found,
): Promise<Swept> {
  const { sweptMember, unsolvedMember } = await import('../../sweep/swept-member.ts');
  const { sweepOf } = await import('../../sweep/sweep-of.ts');
  const studies = new Map<string, Study>();
  const swept = members.map(({ values }, k) => {
    const [place, member] = [{ values, folder: folderOf(values) }, found[k]];
    if ('unsolved' in member) return unsolvedMember(place, member.unsolved);
    // Who solved it, and how fast, is no part of a sweep.
    const study = { ...member, timings: { seconds: 0 } };
    studies.set(place.folder, study);
    return sweptMember(place, study);
  });
  return { sweep: sweepOf(scenario, run, swept), studies };
}

/** Writes the results as a whole and prints them; what cannot be written is printed all the same. */
async function published(request: Request, { sweep, studies }: Swept, work: StudyWork): Promise<number> {
  const { directory } = work;
  const { sweepRecord, writeSweep } = await import('../../report/write-sweep.ts');
  const { written, trouble } = await writtenOrNot(directory, () => writeSweep(sweep, studies, directory));
  printResult(request, {
    json: { ...sweepRecord(sweep), written },
    text: sweepText(request, sweep, directory),
    warnings: sweep.warnings,
  });
  if (trouble === null) return exitCodeOfSweep(request, sweep);
  request.io.stderr.write(`${trouble} – ${keptPieces(work)}\n`);
  return exitCodes.noOutput;
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
