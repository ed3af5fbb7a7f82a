import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { publishFolder } from '../store/publish-folder.ts';
import type { Study } from '../study/study.ts';
import { writeFileAtomically, writeTexts } from './atomic-file.ts';
import { writeFields } from './hdf5.ts';
import { studySchema } from './read-study.ts';
import { renderReport } from './study-page.ts';
import { TABLE_ENDINGS, tableFiles } from './table-formats.ts';

/** Publishes study.json, tables/NAME.{csv,md,tex}, fields.h5 and report.html as a whole; the paths of the files. */
export function writeStudy(study: Study, directory: string): Promise<string[]> {
  return publishFolder(directory, filesOfStudyIn, (part) => writeStudyParts(study, part, { report: true }));
}

/** Writes the files of a study into a folder that nobody looks into yet; the report unless it is not wanted. */
export async function writeStudyParts(
  study: Study,
  directory: string,
  { report }: { readonly report: boolean },
): Promise<string[]> {
  const owner = { name: study.scenario.name, run: study.run };
  const tables = study.tables.map((table) => tableFiles(join('tables', table.name), table, owner));
  const texts = await writeTexts(directory, Object.assign({ 'study.json': studyJson(study) }, ...tables));
  const fields = join(directory, 'fields.h5');
  await writeFields(study, fields);
  return [...texts, fields, ...(report ? [await writeReport(study, directory)] : [])];
}

/** The files of the study that was published in a folder before. */
export function filesOfStudyIn(directory: string): string[] {
  const always = ['study.json', 'fields.h5', 'report.html'];
  try {
    const { tables } = JSON.parse(readFileSync(join(directory, 'study.json'), 'utf8'));
    const names = (tables as { readonly name: string }[]).map(({ name }) => name);
    return [...always, ...names.flatMap((name) => TABLE_ENDINGS.map((ending) => `tables/${name}.${ending}`))];
  } catch {
    return always;
  }
}

/** Writes report.html alone, with links to the data where they are; its path. */
export async function writeReport(study: Study, directory: string, data = directory): Promise<string> {
  const path = join(directory, 'report.html');
  await writeFileAtomically(path, renderReport(study, relative(directory, data)));
  return path;
}

/** JSON with the keys in the order of the schema, two spaces, and every list of numbers on one line. */
function studyJson(study: Study): string {
  const ordered = Object.fromEntries(Object.keys(studySchema.shape).map((key) => [key, study[key as keyof Study]]));
  // Texts in JSON have no raw line breaks, so a bracket followed by one is always a list.
  const flat = JSON.stringify(ordered, null, 2).replace(/\[\n[-\d.eE+,\snul]*\]/g, (list) => list.replace(/\s+/g, ''));
  return `${flat}\n`;
}
