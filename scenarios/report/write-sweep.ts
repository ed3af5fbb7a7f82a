import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { publishFolder } from '../store/publish-folder.ts';
import type { Study } from '../study/study.ts';
import { MOST_REPORTS, type Sweep } from '../sweep/sweep.ts';
import { sweptFields } from '../sweep/swept-fields.ts';
import { writeFileAtomically, writeTexts } from './atomic-file.ts';
import { originOf, writeHdf5 } from './hdf5.ts';
import { renderSweep } from './sweep-page.ts';
import { tableFields } from './table-fields.ts';
import { TABLE_ENDINGS, tableFiles } from './table-formats.ts';
import { filesOfStudyIn, writeStudyParts } from './write-study.ts';

/**
 * Publishes sweep.json, tables/sweep.{csv,md,tex}, fields.h5 and report.html with the studies of the members in folders
 * of their own, all as a whole; the paths of the sweep's files.
 */
export function writeSweep(sweep: Sweep, studies: ReadonlyMap<string, Study>, directory: string): Promise<string[]> {
  return publishFolder(directory, filesOfSweepIn, async (part) => {
    for (const [folder, study] of studies) {
      await writeStudyParts(study, join(part, folder), { report: studies.size <= MOST_REPORTS });
    }
    return writeSweepParts(sweep, part);
  });
}

async function writeSweepParts(sweep: Sweep, directory: string): Promise<string[]> {
  const owner = { name: sweep.scenario.name, run: sweep.run };
  const table = tableFiles(join('tables', sweep.table.name), sweep.table, owner);
  const texts = await writeTexts(directory, { 'sweep.json': sweepJson(sweep), ...table });
  const fields = join(directory, 'fields.h5');
  const { axes, variables } = sweptFields(sweep);
  const ofTable = tableFields(sweep.table);
  await writeHdf5(fields, {
    axes: [...axes, ...ofTable.axes],
    variables: [...variables, ...ofTable.variables],
    texts: ofTable.texts,
    attributes: { ...originOf(sweep), verdict: sweep.verdict.word },
  });
  return [...texts, fields, await writeSweepReport(sweep, directory)];
}

/** The files of the sweep that was published in a folder before, with those of its members. */
function filesOfSweepIn(directory: string): string[] {
  const tables = TABLE_ENDINGS.map((ending) => `tables/sweep.${ending}`);
  const own = ['sweep.json', 'fields.h5', 'report.html', ...tables];
  try {
    const { members } = JSON.parse(readFileSync(join(directory, 'sweep.json'), 'utf8'));
    const folders = (members as { readonly folder: string }[]).map(({ folder }) => folder);
    const inside = (folder: string) => filesOfStudyIn(join(directory, folder)).map((name) => `${folder}/${name}`);
    return [...own, ...folders.flatMap(inside)];
  } catch {
    return own;
  }
}

/** Writes report.html alone, with links to the data and to the members where they are; its path. */
export async function writeSweepReport(sweep: Sweep, directory: string, data = directory): Promise<string> {
  const report = join(directory, 'report.html');
  await writeFileAtomically(report, renderSweep(sweep, relative(directory, data)));
  return report;
}

/** The sweep without its fields, which fields.h5 and the study.json of every member hold. */
export function sweepRecord({ members, ...sweep }: Sweep): object {
  return { ...sweep, members: members.map(({ fields: _, ...member }) => member) };
}

function sweepJson(sweep: Sweep): string {
  return `${JSON.stringify(sweepRecord(sweep), null, 2)}\n`;
}
