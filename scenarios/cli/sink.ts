import { writeSync } from 'node:fs';

/** The descriptors of the standard streams. */
export const descriptors = { stdout: 1, stderr: 2 } as const;

/** What is known of a stream before anything is written. */
export interface Terminal {
  readonly isTTY: boolean;
  /** Characters in a line of the terminal. */
  readonly columns?: number;
}

/** Milliseconds until a pipe that is full is tried again. */
const PATIENCE = 5;

/**
 * A stream whose `write` returns when the system has taken the text, so that nothing is lost where the program ends.
 * Throws what the system says of a stream that takes none; nothing for stderr, which no work depends on.
 */
export function sinkOn(descriptor: number, terminal: Terminal) {
  const write = (text: string | Uint8Array) => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    for (let done = 0; done < bytes.length; ) done += written(descriptor, bytes, done);
    return true;
  };
  return { ...terminal, write: descriptor === descriptors.stderr ? quietly(write) : write };
}

function written(descriptor: number, bytes: Uint8Array, from: number): number {
  try {
    return writeSync(descriptor, bytes, from);
  } catch (error) {
    // Whoever opened the pipe may have asked that nobody waits for it.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE);
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
