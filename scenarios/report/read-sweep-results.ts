import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ScenarioError } from '../read/scenario-error.ts';
import type { Sweep } from '../sweep/sweep.ts';
import { sweptMember } from '../sweep/swept-member.ts';
import { readStudy } from './read-study.ts';

/** Whether a folder holds a sweep, and no study of its own. */
export function isSweep(directory: string): boolean {
  return existsSync(join(directory, 'sweep.json')) && !existsSync(join(directory, 'study.json'));
}

/** The sweep kept in a folder; its fields are those of its members. Throws ScenarioError for what is no sweep. */
export async function readSweepResults(directory: string): Promise<Sweep> {
  const path = join(directory, 'sweep.json');
  const sweep = parsed(await readFile(path, 'utf8'), path);
  const members: Sweep['members'][number][] = [];
  for (const member of sweep.members) {
    const unsolved = member.verdict === 'not solved';
    const study = unsolved ? null : await readStudy(join(directory, member.folder));
    members.push(study === null ? { ...member, fields: null } : sweptMember(member, study));
  }
  return { ...sweep, members };
}

/** What is read of sweep.json to make a page of it. */
const sweepSchema = z.object({
  command: z.literal('sweep'),
  version: z.string(),
  run: z.string(),
  scenario: z.object({ name: z.string(), title: z.string(), source: z.string() }),
  swept: z.array(z.object({ name: z.string(), values: z.array(z.number()) })),
  equations: z.array(z.tuple([z.string(), z.string()])),
  settings: z.array(z.tuple([z.string(), z.string()])),
  table: z.object({ columns: z.array(z.object({})), rows: z.array(z.object({})) }),
  members: z.array(
    z.object({
      // A name, so that no other folder is read.
      folder: z.string().regex(/^\w+=[\w.+=,-]*$/),
      verdict: z.string(),
      values: z.record(z.string(), z.number()),
    }),
  ),
  warnings: z.array(z.string()),
  verdict: z.object({ word: z.string(), parts: z.array(z.string()) }),
});

function parsed(text: string, path: string): Sweep {
  const remedy = 'run hjb study again; files of another version cannot be read';
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(path, 'it is not JSON', (error as Error).message, remedy);
  }
  const { error } = sweepSchema.safeParse(data);
  if (error === undefined) return data as Sweep;
  const places = [...new Set(error.issues.map((issue) => issue.path.join('.') || 'all of it'))].slice(0, 12);
  throw new ScenarioError(path, 'it is not a sweep', `missing or malformed: ${places.join(', ')}`, remedy);
}
