import type { Scenario } from '../scenario.ts';
import { studyVerdicts } from '../study/study-verdict.ts';
import type { Sweep, SweptMember } from './sweep.ts';
import { sweepTable } from './sweep-table.ts';

type Rows = Sweep['settings'];

/** From the worst on. */
const verdicts: readonly SweptMember['verdict'][] = ['not solved', ...studyVerdicts];

/** More values than this of a row that differs between members are not written out. */
const MOST_SHOWN = 8;

/** The sweep of a scenario from its members, in the order of the product. */
export function sweepOf(
  { name, title, source, set, sweep }: Pick<Scenario, 'name' | 'title' | 'source' | 'set' | 'sweep'>,
  run: { readonly name: string; readonly version: string },
  members: readonly SweptMember[],
): Sweep {
  const words = members.map(({ verdict }) => verdict);
  const present = verdicts.filter((word) => words.includes(word));
  const counted = present.map((word) => `${word} ${words.filter((each) => each === word).length}`);
  const given = Object.entries(set).map(([key, value]) => `${key} = ${value}`);
  return {
    command: 'sweep',
    version: run.version,
    run: run.name,
    scenario: { name, title, source },
    swept: sweep,
    equations: together(members.map(({ equations }) => equations)),
    settings: [
      ...sweep.map(({ name: of, values }) => [`sweep of ${of}`, shownList(values.map(String))] as const),
      ...(given.length === 0 ? [] : [['set', given.join(', ')] as const]),
      ...together(members.map(({ settings }) => settings)),
    ],
    table: sweepTable(sweep, members),
    members,
    warnings: warningsOf(members),
    verdict: { word: present[0] ?? 'converged', parts: [`members: ${counted.join(', ')}`] },
  };
}

/** Rows of all members by their labels; where they differ, every text once. */
function together(all: readonly Rows[]): Rows {
  const texts = new Map<string, Set<string>>();
  for (const [label, text] of all.flat()) texts.set(label, (texts.get(label) ?? new Set()).add(text));
  return [...texts].map(([label, different]) => [label, shownList([...different])]);
}

function shownList(texts: readonly string[]): string {
  const more = texts.length > MOST_SHOWN ? `; … ${texts.length} in all` : '';
  return texts.slice(0, MOST_SHOWN).join(texts.some((text) => text.includes(',')) ? '; ' : ', ') + more;
}

/** Every warning once, with the members it is about. */
function warningsOf(members: readonly SweptMember[]): string[] {
  const folders = new Map<string, string[]>();
  for (const { folder, warnings } of members) {
    for (const warning of warnings) folders.set(warning, [...(folders.get(warning) ?? []), folder]);
  }
  return [...folders].map(([warning, of]) => {
    if (of.length === members.length) return `every member: ${warning}`;
    return `${of.length > MOST_SHOWN ? `${of.length} members` : of.join('; ')}: ${warning}`;
  });
}
