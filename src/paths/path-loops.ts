/** Compiled loops over blocks of paths, on the calling thread or on threads of their own. */
import { formulasOf } from '../formula/wasm-functions.js';
import { nextTask } from '../kernel/next-task.ts';
import { type KernelWorker, startTeam } from '../kernel/team.ts';
import { compiled } from '../kernel/wasm/compiled.ts';
import type { FieldMemory } from '../kernel/wasm/memory.ts';

/** Threads for ensembles; above 1 needs `startWorker`. */
export interface PathThreads {
  readonly threads: number;
  readonly startWorker?: () => KernelWorker;
}

/** What is compiled: loops as base64, and the bytes of formulas that they call. */
export interface LoopCode {
  readonly loops: string;
  readonly formulas?: Uint8Array<ArrayBuffer>;
}

export interface PathLoops {
  readonly threads: number;
  /** Calls a loop on every thread with the operands of its block of paths [first, last). */
  call(name: string, operandsOf: (block: PathBlock) => readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export interface PathBlock {
  readonly thread: number;
  readonly first: number;
  readonly last: number;
}

/** Paths that a loop steps together. */
export const GROUP = 4;

/** Path-steps between two looks at the event loop. */
export const PER_CALL = 4e6;

/** Loops on a memory, for `paths` paths. A path lies in one block whatever the number of threads. */
export async function pathLoops(
  code: LoopCode,
  { memory }: FieldMemory,
  paths: number,
  { threads, startWorker }: PathThreads,
): Promise<PathLoops> {
  const module = await compiled(code.loops);
  const formulas = code.formulas === undefined ? undefined : await WebAssembly.compile(code.formulas);
  const groups = Math.ceil(paths / GROUP);
  const team =
    threads > 1 && startWorker !== undefined ? startTeam(threads, startWorker, module, memory, formulas) : null;
  const used = team === null ? 1 : threads;
  const blocks = Array.from({ length: used }, (_, thread): PathBlock => {
    const [first, last] = [thread, thread + 1].map((t) => GROUP * Math.floor((groups * t) / used));
    return { thread, first, last };
  });
  const called = formulas === undefined ? {} : formulasOf(formulas, memory);
  const instance = new WebAssembly.Instance(module, { env: { memory }, formulas: called });
  const loops = instance.exports as Record<string, (...operands: readonly number[]) => void>;
  return {
    threads: used,
    async call(name, operandsOf) {
      if (team !== null) {
        await team.call(name, blocks.map(operandsOf));
        return;
      }
      loops[name](...operandsOf(blocks[0]));
      await nextTask();
    },
    close: async () => team?.end(),
  };
}

/** Writes values into a memory; their address. */
export function place(fields: FieldMemory, values: ArrayLike<number>): number {
  const field = fields.reserve(values.length);
  field.set(values);
  return field.byteOffset;
}
