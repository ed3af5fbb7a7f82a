import { availableParallelism, freemem } from 'node:os';
import type { Kernel } from '../src/kernel/kernel.ts';
import { threadedKernel } from '../src/kernel/wasm/threaded.ts';

/** Threads of this machine. */
export function allThreads(): number {
  return availableParallelism();
}

/** The WebAssembly kernel on `threads` threads of Node, within the memory that is free; close it, or Node stays. */
export function nodeKernel(threads: number): Promise<Kernel> {
  return threadedKernel({ threads, availableBytes: freemem() });
}
