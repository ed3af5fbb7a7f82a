/**
 * Threads for the WebAssembly kernel, in Node and in pages. `#start-worker` is node/start-worker.ts or
 * browser/start-worker.ts, by the conditions under "imports" in package.json.
 */
import { startWorker } from '#start-worker';
import { InputError } from '../../input/input-error.ts';
import type { Kernel } from '../kernel.ts';
import { wasmKernel } from './wasm.ts';

/** What a kernel on threads may take of the machine. */
export interface ThreadedOptions {
  /** 1, …, 64; at best the number of cores. */
  readonly threads: number;
  /** Bytes this process may still take; default: what WebAssembly can address. */
  readonly availableBytes?: number;
}

/** More threads than this only wait for each other. */
const MOST_THREADS = 64;

/**
 * The WebAssembly kernel on `threads` threads, to be closed when it is no longer needed. Solutions do not depend on
 * the number of threads, bit for bit; the calling thread never blocks when there are more than one.
 * Throws InputError for a number of threads outside 1, …, 64, and for more than one in a page that is not
 * cross-origin isolated.
 */
export async function threadedKernel({ threads, availableBytes }: ThreadedOptions): Promise<Kernel> {
  refuseThreads(threads);
  return wasmKernel({ threads, startWorker: () => startWorker(), availableBytes });
}

/** Throws InputError for a number of threads that cannot be started here. */
export function refuseThreads(threads: number): void {
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw new InputError(
      `threads is ${threads}`,
      'it is the number of threads that share the work',
      `give a whole number from 1 to ${MOST_THREADS}, at best the number of cores`,
    );
  }
  // Not isolated, a page may make a shared memory but may not send it to a worker. Node has no such property.
  if (threads > 1 && globalThis.crossOriginIsolated === false) {
    throw new InputError(
      `${threads} threads cannot share memory`,
      'this page is not cross-origin isolated',
      'serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: ' +
        'require-corp, or take one thread',
    );
  }
}
