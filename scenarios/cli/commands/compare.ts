import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion } from '../../package.ts';
import { libraryFiles } from '../../read/library.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { tableToTerminal } from '../../report/table-terminal.ts';
import { codeVersion } from '../../store/code-version.ts';
import type { Study } from '../../study/study.ts';
import type { Comparison } from '../../sweep/compare-studies.ts';
import { type CommandBody, commonFlags, exitCodes, type Given, type Request } from '../flags/command.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodGiven, methodNames } from '../flags/method.ts';
import { prepareFolder, refuseFile, writing } from '../flags/out.ts';
import { inScenario, openNamed } from '../flags/scenario.ts';
import { setOf } from '../flags/set.ts';
import { columns, facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';
import { withStudyWork } from './study-work.ts';

const { scheme, time } = methodFlags(['epsilon', 'effective']);
const what = 'a scenario, whose study is run, or a folder that hjb study has written';

export const compare: CommandBody = {
  args: {
    A: { positional: true, description: what },
    B: { positional: true, description: 'the same for the other side' },
    set: {
      value: 'gamma=4',
      multiple: true,
      description: 'another value of a parameter of both; A.gamma=4 or B.gamma=4 of one',
    },
    scheme: { ...scheme, multiple: true, description: `${scheme.description}; given twice: of A, then of B` },
    time: { ...time, multiple: true, description: `${time.description}; given twice: of A, then of B` },
    out: { value: 'DIR', description: 'write compare.json and the tables into this folder' },
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb compare results/quadratic results/filtered',
    'hjb compare quadratic quadratic --scheme upwind --scheme filtered',
    'hjb compare quadratic quadratic --set A.gamma=2 --set B.gamma=4 --out results/compare',
  ],
  run: runCompare,
};

type Side = 'A' | 'B';

async function runCompare(request: Request): Promise<number> {
  const { io, given } = request;
  const out = given.value('out');
  if (out !== undefined) refuseFile(out);
  // Both are read and planned before one of them is run.
  const sides = [sideOf(request, 'A'), sideOf(request, 'B')];
  const planned = [await sides[0](), await sides[1]()];
  const [a, b] = [await planned[0](), await planned[1]()];
  const { compareStudies } = await import('../../sweep/compare-studies.ts');
  const { writeComparison } = await import('../../report/comparison-table.ts');
  const comparison = compareStudies(a, b);
  const written = out === undefined ? [] : await writing(out, () => writeComparison(comparison, out));
  const text = await comparisonText(request, comparison, out);
  printResult(request, { json: { ...comparison, written }, text });
  const failed = [a, b].filter(({ outcome }) => outcome.status !== 'converged');
  for (const { scenario, outcome } of failed) {
    io.stderr.write(`hjb: ${scenario.name} ${outcome.status} – ${outcome.advice ?? 'see its report'}\n`);
  }
  return failed.length === 0 ? exitCodes.done : exitCodes.notConverged;
}

/** The study of a side, once it is planned: read from its folder, or run when it is asked for. Throws ScenarioError. */
function sideOf(request: Request, side: Side): () => Promise<() => Promise<Study>> {
  const { io } = request;
  const given = givenOf(request.given, side);
  const subject = given.subject;
  const chosen = given.value('scheme') !== undefined || given.value('time') !== undefined;
  if (isFolder(subject)) {
    // One --scheme is that of the side that is run.
    const isOther = request.given.subjects.some((each) => !isFolder(each));
    const idle = (flag: string) => flag === 'set' || !isOther || request.given.values(flag).length > 1;
    const flag = ['set', 'scheme', 'time'].find((each) => given.values(each).length > 0 && idle(each));
    if (flag !== undefined) throw noMeaning(flag, subject, side);
    return async () => {
      const found = await studyIn(subject);
      return async () => found;
    };
  }
  const method = chosen ? methodNames(methodGiven({ io, given }, 'epsilon')) : {};
  const scenario = openNamed(subject, setOf(given.values('set')));
  return async () => {
    const { planStudy } = await import('../../study/study-plan.ts');
    const { studyOf } = await import('../../study/run-study.ts');
    const { checkMarches } = await import('../../study/check-marches.ts');
    const plan = await inScenario(scenario, () => planStudy(scenario, method));
    await inScenario(scenario, () => checkMarches(plan));
    return async () => {
      // What hjb study has kept of it is used, and kept for it; without a file of its own a side starts no workers.
      const work = { scenario, pieces: plan.pieces, directory: join('results', scenario.name) };
      const here = { given, io: { ...io, program: undefined } };
      await prepareFolder(work.directory);
      const found = await withStudyWork(here, work, (results) =>
        studyOf(plan, (key) => results.read(key), { version: packageVersion(), code: codeVersion() }),
      );
      if (found === null) throw new Error('a side of a comparison is found where it is asked for');
      return { ...found, timings: { seconds: 0 } };
    };
  };
}

/** A name of the library is that scenario, whatever lies here under the same name. */
function isFolder(subject: string): boolean {
  return !libraryFiles().has(subject) && existsSync(subject) && statSync(subject).isDirectory();
}

/** The words about one side: the values of --set for it, and of --scheme and --time the one of its place. */
function givenOf(given: Given, side: Side): Given {
  const place = side === 'A' ? 0 : 1;
  const values = (flag: string): readonly string[] => {
    const all = given.values(flag);
    if (flag === 'set') {
      const other = side === 'A' ? 'B.' : 'A.';
      const own = all.filter((word) => !word.startsWith(other));
      return own.map((word) => (word.startsWith(`${side}.`) ? word.slice(2) : word));
    }
    if (flag !== 'scheme' && flag !== 'time') return all;
    if (all.length > 2) {
      throw new ScenarioError(`--${flag}`, `--${flag} is given ${all.length} times`, 'there are A and B', 'give two');
    }
    return all.length === 0 ? [] : [all[place] ?? all[0]];
  };
  return { ...given, subject: given.subjects[place], values, value: (flag) => values(flag)[0] };
}

function noMeaning(flag: string, folder: string, side: Side): ScenarioError {
  return new ScenarioError(
    `--${flag}`,
    `--${flag} has no meaning for ${folder}`,
    `${side} is a folder of results, which is read and not run`,
    flag === 'set' ? 'name the other side: --set A.name=value or B.name=value' : `leave --${flag} out`,
  );
}

async function studyIn(folder: string): Promise<Study> {
  const { isSweep } = await import('../../report/read-sweep-results.ts');
  if (isSweep(folder)) {
    const cause = 'it is the folder of a sweep, which is many studies';
    throw new ScenarioError(folder, 'it holds no study', cause, 'give the folder of a member inside it');
  }
  const { readStudy } = await import('../../report/read-study.ts');
  return readStudy(folder);
}

async function comparisonText({ io, given }: Request, comparison: Comparison, out?: string): Promise<string> {
  const { comparisonTable } = await import('../../report/comparison-table.ts');
  const { a, b, settings, tables } = comparison;
  const options = { colour: io.colour, width: io.stdout.columns };
  const where = out === undefined ? [] : [['written', `${join(out, 'compare.json')}, ${join(out, 'tables')}`] as const];
  return [
    heading(io, 'Two studies side by side'),
    '\n',
    facts([
      ['A', `${given.subjects[0]}: ${a.title} (${a.verdict})`],
      ['B', `${given.subjects[1]}: ${b.title} (${b.verdict})`],
      ...where,
    ]),
    `\n${heading(io, settings.length === 0 ? 'All settings are the same' : 'Settings that differ')}`,
    settings.length === 0 ? '' : columns(['', 'A', 'B'], settings, 3),
    '\n',
    ...tables.map((table) => `${tableToTerminal(comparisonTable(table), options)}\n`),
  ].join('');
}
