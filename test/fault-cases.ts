/** Scenarios on which the program once was wrong, each with a command and the truth: files of test/fixtures. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { json } from './run-hjb.ts';

export interface FaultCase {
  readonly id: string;
  readonly scenario: string;
  /** A command and the words after its scenario. */
  readonly run: readonly (string | number)[];
  readonly truth: readonly number[];
  readonly tolerance: number;
}

export const faultCases = (name: string): readonly FaultCase[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.json`), 'utf8'));

/** A scenario in a file, which goes when the test is through. */
export function saved(name: string, scenario: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fault-cases-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, scenario);
  return file;
}

/** What the command of a case prints with `--json`, on its scenario or one like it. */
export function answerOf({ id, scenario, run }: FaultCase, like = scenario) {
  return json([run[0], saved(id, like), ...run.slice(1)].join(' '));
}
