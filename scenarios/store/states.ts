/** States of marches in files of their own, so that a solve of hours goes on where it was stopped or killed. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, MarchState } from '../../src/time/checkpoint.ts';
import { readState, writtenState } from '../checkpoint-file.ts';
import { writeWhole } from './whole-file.ts';

/** A file for the state of one solve. */
export interface StateFile {
  readonly path: string;
  /** What the solve is told apart by. */
  readonly identity: string;
  /** Seconds between two states: what a kill costs at most. */
  readonly every: number;
}

/** Who is told of a state. */
export interface StateNews {
  /** It cannot be used: the solve begins anew. */
  readonly unusable: (reason: string) => void;
  /** It cannot be kept: the solve goes on without. */
  readonly unkept: (reason: string) => void;
  readonly goesOn?: (state: MarchState) => void;
  readonly kept?: (state: MarchState) => void;
}

/** The checkpoint in a file. Loading throws what the file system says against a file that is there. */
export function checkpointIn({ path, identity, every }: StateFile, news: StateNews): Checkpoint {
  return {
    every,
    async load() {
      const bytes = bytesAt(path);
      if (bytes === null) return null;
      const found = readState(bytes, identity);
      if (found.kind === 'unusable') {
        news.unusable(found.reason);
        return null;
      }
      news.goesOn?.(found.state);
      return found.state;
    },
    async save(state) {
      try {
        writeWhole(path, writtenState(state, identity));
        news.kept?.(state);
      } catch (error) {
        news.unkept(error instanceof Error ? error.message : String(error));
      }
    },
  };
}

/** The bytes of a file, null where there is none. */
function bytesAt(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The state of a piece in a store, by the name of its entry. */
export function stateOf(store: string, name: string): StateFile {
  return { path: join(store, 'states', name), identity: name, every: 20 };
}

export function dropState(store: string, name: string): void {
  rmSync(stateOf(store, name).path, { recursive: true, force: true });
}
