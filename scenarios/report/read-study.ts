import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Study } from '../study/study.ts';
import { studyVerdicts } from '../study/study-verdict.ts';

/** The study kept in a results folder. Throws ScenarioError where study.json is absent or is not a study. */
export async function readStudy(directory: string): Promise<Study> {
  const path = join(directory, 'study.json');
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const cause = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    const remedy = 'give the folder that hjb study has written, or run hjb study first';
    throw new ScenarioError(path, 'it cannot be read', cause, remedy);
  });
  const study = parsed(text, path);
  const { error } = studySchema.safeParse(study);
  if (error === undefined) return study as Study;
  const places = [...new Set(error.issues.map((issue) => issue.path.join('.') || 'all of it'))];
  const more = places.length > MOST_PLACES ? ` and ${places.length - MOST_PLACES} more` : '';
  throw new ScenarioError(
    path,
    'it is not a study',
    `missing or malformed: ${places.slice(0, MOST_PLACES).join(', ')}${more}`,
    'run hjb study again; files of another version cannot be read',
  );
}

const MOST_PLACES = 12;

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(path, 'it is not JSON', (error as Error).message, 'run hjb study again');
  }
}

/** JSON has no NaN and no ∞: there stands null. */
const number = z.number().nullable();
const numbers = z.array(number);
const lists = z.array(numbers);
const text = z.string();
const assumption = z.object({
  name: text,
  statement: text,
  verdict: z.enum(['holds', 'fails', 'not decided']),
  constants: z.record(text, z.object({ lower: number, upper: number })),
  found: text,
  scope: text,
  at: z.record(text, z.number()).nullable(),
});
const constants = z.record(text, number);
const pairs = z.array(z.tuple([text, text]));

const fields = z.object({
  fixed: z.object({ T: number, nodes: numbers, steps: number, steps_of_v: number, K_lower: numbers, K_upper: numbers }),
  axes: z.array(z.object({ name: text, nodes: numbers, description: text })),
  variables: z.array(
    z.object({ name: text, description: text, axes: z.array(text), values: numbers, at: text.optional() }),
  ),
});

const band = z.object({ levels: numbers, values: lists, mean: numbers, standardError: numbers });
const paths = z.object({
  control: text,
  records: z.array(
    z.object({
      ...{ epsilon: number, paths: number, times: numbers, fans: z.array(band), controls: z.array(band) },
      ends: z.array(z.object({ lower: number, upper: number, counts: numbers })),
      ...{ samples: z.array(lists), endPoints: lists },
    }),
  ),
  limit: z.object({ times: numbers, states: lists }),
  landscape: z.object({ axes: lists, values: numbers }),
});

const table = z.object({
  ...{ name: text, title: text, caption: text, notes: z.array(text) },
  columns: z.array(z.object({ key: text, label: text, kind: text })),
  rows: z.array(z.record(text, z.union([number, text]))),
  series: z.array(z.object({ label: text, size: text, error: text, verdict: text, claimedOrder: number, found: text })),
});

const finding = z.discriminatedUnion('status', [
  z.object({ status: z.enum(['holds', 'not claimed']), measured: constants, note: text }),
  z.object({ status: z.literal('fails'), measured: constants, cause: text, remedy: text }),
]);
const certificate = z.object({
  of: z.object({ scheme: text, time: text, epsilon: number, nodes: z.object({ x: numbers, y: numbers }) }),
  ...{ monotone: finding, stable: finding, consistent: finding, domain: finding },
});

/** What a report reads of study.json, in the order of its keys. */
export const studySchema = z.object({
  command: z.literal('study'),
  run: text,
  version: text,
  scenario: z.object({ name: text, title: text, source: text }),
  only: z.array(text).optional(),
  equations: pairs,
  assumptions: z.array(assumption),
  certificates: z.array(certificate),
  scheme: text,
  time: text,
  settings: pairs,
  tables: z.array(table),
  fields,
  paths: paths.nullable(),
  warnings: z.array(text),
  verdict: z.object({ word: z.enum(studyVerdicts), parts: z.array(text) }),
  outcome: z.object({ status: text }),
  timings: z.object({ seconds: number }),
});
