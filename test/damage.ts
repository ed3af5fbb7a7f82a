/** What tests of damaged stores and folders draw from. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that goes with its file of tests; in memory where there is such a place, since a disk is slow to sync. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `hjb-${name}-`));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Of draws; HJB_FUZZ_SEED gives others. */
export const seed = Number(process.env.HJB_FUZZ_SEED ?? 20);

/** The number of a process that has ended. */
export const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
