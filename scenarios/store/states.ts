/** States of marches that are under way, one file each, so that a solve of hours goes on where it was killed. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../src/time/checkpoint.ts';
import { readState, writtenState } from '../checkpoint-file.ts';

/** Seconds between two states: what a kill costs at most. */
const EVERY = 20;

const FOLDER = 'states';

/** The checkpoint under a name in a store; `trouble` is told of a state that cannot be used or kept. */
export function checkpointAt(store: string, name: string, trouble: (sentence: string) => void): Checkpoint {
  const path = join(store, FOLDER, name);
  return {
    every: EVERY,
    async load() {
      let bytes: Buffer;
      try {
        bytes = readFileSync(path);
      } catch {
        return null;
      }
      const found = readState(bytes, name);
      if (found.kind === 'state') return found.state;
      trouble(`${path} is not used: ${found.reason}; the solve begins anew`);
      return null;
    },
    async save(state) {
      const part = `${path}.${process.pid}.part`;
      try {
        mkdirSync(join(store, FOLDER), { recursive: true });
        writeFileSync(part, writtenState(state, name));
        renameSync(part, path);
      } catch (error) {
        rmSync(part, { force: true });
        trouble(`the state of a solve is not kept: ${(error as Error).message}`);
      }
    },
  };
}

export function dropState(store: string, name: string): void {
  rmSync(join(store, FOLDER, name), { force: true });
}
