import { availableParallelism, freemem } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Kernel } from '../src/kernel/kernel.ts';
import type { KernelWorker } from '../src/kernel/team.ts';
import { wasmKernel } from '../src/kernel/wasm.ts';

/** Threads of this machine. */
export function allThreads(): number {
  return availableParallelism();
}

/** The WebAssembly kernel on `threads` threads of Node, within the memory that is free; close it, or Node stays. */
export function nodeKernel(threads: number): Promise<Kernel> {
  return wasmKernel({ threads, startWorker: startNodeWorker, availableBytes: freemem() });
}

function startNodeWorker(): KernelWorker {
  const worker = new Worker(new URL('./kernel-worker.js', import.meta.url));
  return {
    post: (message) => worker.postMessage(message),
    listen: (handler) => worker.on('message', handler),
    end: async () => {
      await worker.terminate();
    },
  };
}
