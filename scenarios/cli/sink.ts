import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** The descriptors of the standard streams. */
export const descriptors = { stdout: 1, stderr: 2 } as const;

/** What is known of a stream before anything is written. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Characters in a line of the terminal. */
  readonly columns?: number;
}

/** Milliseconds until a pipe that is full is tried again. */
const NAP = 1;

/**
 * A stream whose `write` returns when the system has taken the text, so that nothing is lost where the program ends.
 * Throws what the system says of a stream that takes none, and where a pipe is full for `patience` milliseconds;
 * nothing for stderr, which no work depends on.
 */
export function sinkOn(descriptor: number, terminal: Terminal, patience = Infinity) {
  let opened: number | null = null;
  const write = (text: string | Uint8Array) => {
    opened ??= withoutWaiting(descriptor);
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    for (let [done, naps] = [0, 0]; done < bytes.length; ) {
      const count = written(opened, bytes, done, naps < patience / NAP);
      naps = count === 0 ? naps + 1 : 0;
      done += count;
    }
    return true;
  };
  return { ...terminal, write: descriptor === descriptors.stderr ? quietly(write) : write };
}

/** A pipe once more, so that a write to a full one returns: a thread that waits inside a write cannot be ended. */
function withoutWaiting(descriptor: number): number {
  try {
    if (!fstatSync(descriptor).isFIFO()) return descriptor;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return descriptor;
  }
}

/** How many bytes were written; none, after a nap, where the pipe is full and there is time. */
function written(descriptor: number, bytes: Uint8Array, from: number, hasTime: boolean): number {
  try {
    return writeSync(descriptor, bytes, from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || !hasTime) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, NAP);
    return 0;
  }
}

function quietly<Text>(write: (text: Text) => boolean): (text: Text) => boolean {
  return (text) => {
    try {
      return write(text);
    } catch {
      return false;
    }
  };
}
