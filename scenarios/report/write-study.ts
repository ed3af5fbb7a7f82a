import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../src/input/input-error.ts';
import { certified } from '../../src/verification/certificate.ts';
import type { Study } from '../study/study.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { writeFields } from './hdf5.ts';
import { renderReport } from './study-page.ts';
import { tableToCsv } from './table-csv.ts';
import { tableToLatex } from './table-latex.ts';
import { tableToMarkdown } from './table-markdown.ts';

const FORMATS = { csv: tableToCsv, md: tableToMarkdown, tex: tableToLatex };

/** Writes study.json, tables/NAME.{csv,md,tex}, fields.h5 and report.html, each file whole; the paths written. */
export async function writeStudy(study: Study, directory: string): Promise<string[]> {
  const tables = join(directory, 'tables');
  await mkdir(tables, { recursive: true });
  const texts: [string, string][] = [[join(directory, 'study.json'), studyJson(study)]];
  for (const table of study.tables) {
    for (const [extension, format] of Object.entries(FORMATS)) {
      texts.push([join(tables, `${table.name}.${extension}`), format(table)]);
    }
  }
  for (const [path, text] of texts) await writeFileAtomically(path, text);
  const fields = join(directory, 'fields.h5');
  await writeFields(study, fields);
  return [...texts.map(([path]) => path), fields, await writeReport(study, directory)];
}

/** Writes report.html alone; its path. */
export async function writeReport(study: Study, directory: string): Promise<string> {
  const path = join(directory, 'report.html');
  await writeFileAtomically(path, renderReport(study));
  return path;
}

/** The study kept in a results folder. Throws InputError where study.json is absent or is not a study. */
export async function readStudy(directory: string): Promise<Study> {
  const path = join(directory, 'study.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `${path} cannot be read`,
      error.code === 'ENOENT' ? 'there is no such file' : error.message,
      'give the folder that hjb study has written, or run hjb study first',
    );
  });
  const study = parse(text, path);
  const missing = Object.entries(SHAPE).filter(([key, fits]) => !fits(study[key]));
  if (missing.length > 0) {
    throw new InputError(
      `${path} is not a study`,
      `missing or malformed: ${missing.map(([key]) => key).join(', ')}`,
      'run hjb study again; files of another version cannot be read',
    );
  }
  return study as unknown as Study;
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch (error) {
    throw new InputError(`${path} is not JSON`, (error as Error).message, 'run hjb study again');
  }
}

/** The parts of a study in the order of study.json, with what each must look like. */
const SHAPE: Record<string, (value: unknown) => boolean> = {
  command: (value) => value === 'study',
  version: (value) => typeof value === 'string',
  scenario: (value) => isRecord(value) && ['name', 'title', 'source'].every((key) => typeof value[key] === 'string'),
  equations: isPairs,
  assumptions: (value) => isListOf(value, (one) => isRecord(one.constants) && typeof one.statement === 'string'),
  certificates: (value) => isListOf(value, isCertificate),
  scheme: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string',
  settings: isPairs,
  tables: (value) => isListOf(value, isTable),
  fields: isFields,
  paths: (value) => value === null || (isRecord(value) && Array.isArray(value.records)),
  warnings: (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  outcome: (value) => isRecord(value) && typeof value.status === 'string',
  timings: isRecord,
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, fits: (one: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((one) => isRecord(one) && fits(one));
}

function isPairs(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((one) => Array.isArray(one) && one.every((text) => typeof text === 'string'))
  );
}

function isCertificate(certificate: Record<string, unknown>): boolean {
  const findings = certified.map(([name]) => certificate[name]);
  return isRecord(certificate.of) && findings.every((one) => isRecord(one) && isRecord(one.measured));
}

function isTable(table: Record<string, unknown>): boolean {
  const texts = ['name', 'title', 'caption'].every((key) => typeof table[key] === 'string');
  return texts && ['columns', 'rows', 'series', 'notes'].every((key) => Array.isArray(table[key]));
}

function isFields(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value.effective)) return false;
  if (value.kind !== 'plane' && !isRecord(value.hamiltonian)) return false;
  return ['values', 'measures', 'cells'].every((key) => Array.isArray(value[key]));
}

/** JSON with the keys in the order of SHAPE, two spaces, and every list of numbers on one line. */
function studyJson(study: Study): string {
  const ordered = Object.fromEntries(Object.keys(SHAPE).map((key) => [key, study[key as keyof Study]]));
  // Texts in JSON have no raw line breaks, so a bracket followed by one is always a list.
  const flat = JSON.stringify(ordered, null, 2).replace(/\[\n[-\d.eE+,\snul]*\]/g, (list) => list.replace(/\s+/g, ''));
  return `${flat}\n`;
}
