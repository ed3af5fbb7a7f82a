import { availableParallelism, freemem } from 'node:os';
import type { Kernel } from '../src/kernel/kernel.ts';
import { startWorker } from '../src/kernel/node/start-worker.ts';
import { wasmKernel } from '../src/kernel/wasm.ts';

/** Threads of this machine. */
export function allThreads(): number {
  return availableParallelism();
}

/** The WebAssembly kernel on `threads` threads of Node, within the memory that is free; close it, or Node stays. */
export function nodeKernel(threads: number): Promise<Kernel> {
  return wasmKernel({ threads, startWorker: () => startWorker(), availableBytes: freemem() });
}
