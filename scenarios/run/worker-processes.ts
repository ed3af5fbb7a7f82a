/** Workers on this machine: the same program once per core, with one thread each, told to take pieces. */
import { spawn } from 'node:child_process';
import { freemem } from 'node:os';
import type { Piece } from './piece.ts';
import type { Crew } from './work.ts';

/** What a program needs to be started again. */
export interface Program {
  /** Its file. */
  readonly path: string;
  /** The words that make it do the whole of this work, and publish it. */
  readonly words: readonly string[];
}

/** The words that make a program find pieces of its work and publish nothing. */
export function takingWords({ words }: Program, threads: number): string[] {
  return [...words, '--take', '--threads', String(threads)];
}

/** Bytes of a process before it solves anything. */
const PROCESS_BYTES = 120e6;
/** Seconds of work that are worth a process. */
const WORTH = 1;

/** How the cores of a machine are shared: workers × threads ≤ cores. */
export interface Sharing {
  readonly workers: number;
  readonly threads: number;
}

/**
 * As many workers as there are cores, but no more than the memory holds and the work fills: where one piece takes most
 * of the time, threads within it serve better than workers beside it.
 */
export function sharingOf(pieces: readonly Piece[], cores: number, memory = freemem()): Sharing {
  const total = pieces.reduce((sum, { cost }) => sum + cost, 0);
  const longest = pieces.reduce((most, { cost }) => Math.max(most, cost), 0);
  const largest = pieces.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const filled = longest > 0 ? Math.floor(total / longest + 0.5) : 1;
  const fit = Math.floor(memory / (PROCESS_BYTES + largest));
  const workers = Math.max(1, Math.min(cores, fit, filled, Math.ceil(total / WORTH)));
  return { workers, threads: Math.max(1, Math.floor(cores / workers)) };
}

/** Starts workers. One that ends early leaves its piece to the others; the last ones end when all is found. */
export function startWorkers(program: Program, { workers, threads }: Sharing): Crew {
  const children = Array.from({ length: workers }, () =>
    // A worker learns through the channel that this process has died.
    spawn(process.execPath, [program.path, ...takingWords(program, threads)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    }),
  );
  const ends = children.map(
    (child) =>
      new Promise<void>((resolve) => {
        child.once('exit', () => resolve());
        child.once('error', () => resolve());
      }),
  );
  return {
    ended: Promise.all(ends).then(() => {}),
    stop() {
      for (const child of children) child.kill('SIGTERM');
    },
  };
}
