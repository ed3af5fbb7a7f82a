import { join } from 'node:path';
import type { Study } from '../study/study.ts';
import { writeFileAtomically, writeTexts } from './atomic-file.ts';
import { writeFields } from './hdf5.ts';
import { studySchema } from './read-study.ts';
import { renderReport } from './study-page.ts';
import { tableFiles } from './table-formats.ts';

/** Writes study.json, tables/NAME.{csv,md,tex}, fields.h5 and report.html, each file whole; the paths written. */
export async function writeStudy(study: Study, directory: string): Promise<string[]> {
  const tables = study.tables.map((table) => tableFiles(join('tables', table.name), table, study.scenario.name));
  const texts = await writeTexts(directory, Object.assign({ 'study.json': studyJson(study) }, ...tables));
  const fields = join(directory, 'fields.h5');
  await writeFields(study, fields);
  return [...texts, fields, await writeReport(study, directory)];
}

/** Writes report.html alone; its path. */
export async function writeReport(study: Study, directory: string): Promise<string> {
  const path = join(directory, 'report.html');
  await writeFileAtomically(path, renderReport(study));
  return path;
}

/** JSON with the keys in the order of the schema, two spaces, and every list of numbers on one line. */
function studyJson(study: Study): string {
  const ordered = Object.fromEntries(Object.keys(studySchema.shape).map((key) => [key, study[key as keyof Study]]));
  // Texts in JSON have no raw line breaks, so a bracket followed by one is always a list.
  const flat = JSON.stringify(ordered, null, 2).replace(/\[\n[-\d.eE+,\snul]*\]/g, (list) => list.replace(/\s+/g, ''));
  return `${flat}\n`;
}
