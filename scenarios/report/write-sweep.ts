import { join } from 'node:path';
import type { Sweep } from '../sweep/sweep.ts';
import { writeFileAtomically, writeTexts } from './atomic-file.ts';
import { writeHdf5 } from './hdf5.ts';
import { writeSweepFields } from './hdf5-sweep.ts';
import { renderSweep } from './sweep-page.ts';
import { tableFiles } from './table-formats.ts';

/** Writes sweep.json, tables/sweep.{csv,md,tex}, fields.h5 and report.html, each file whole; the paths written. */
export async function writeSweep(sweep: Sweep, directory: string): Promise<string[]> {
  const table = tableFiles(join('tables', sweep.table.name), sweep.table, sweep.scenario.name);
  const texts = await writeTexts(directory, { 'sweep.json': sweepJson(sweep), ...table });
  const fields = join(directory, 'fields.h5');
  await writeHdf5(fields, sweep, (file) => writeSweepFields(file, sweep));
  return [...texts, fields, await writeSweepReport(sweep, directory)];
}

/** Writes report.html alone; its path. */
export async function writeSweepReport(sweep: Sweep, directory: string): Promise<string> {
  const report = join(directory, 'report.html');
  await writeFileAtomically(report, renderSweep(sweep));
  return report;
}

/** The sweep without its fields, which fields.h5 and the study.json of every member hold. */
export function sweepRecord({ members, ...sweep }: Sweep): object {
  return { ...sweep, members: members.map(({ fields: _, ...member }) => member) };
}

function sweepJson(sweep: Sweep): string {
  return `${JSON.stringify(sweepRecord(sweep), null, 2)}\n`;
}
