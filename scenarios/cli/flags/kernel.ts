import { InputError } from '../../../src/input/input-error.ts';
import type { Card, GpuKernel } from '../../../src/kernel/gpu/gpu.ts';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import { nodeGpuKernel } from '../../node-gpu.ts';
import { allThreads, nodeKernel } from '../../node-kernel.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Given, Request } from './command.ts';
import { wholeNumber } from './values.ts';

/** More threads than this only wait for each other. */
const MOST_THREADS = 64;

/** The flags of every command that solves on a kernel. */
export const kernelFlags = {
  backend: {
    options: ['auto', 'wasm', 'gpu'] as string[],
    description: 'auto (= wasm, double precision; the default), or gpu: the graphics card, single precision',
  },
  threads: { value: 'N', description: 'threads (default: all cores); the numbers do not depend on it' },
} as const;

/** Lends a kernel with the threads asked for, and ends it. */
export async function onKernel<Value>(request: Request, use: (kernel: Kernel) => Promise<Value>): Promise<Value> {
  const threads = threadsGiven(request.given) ?? allThreads();
  const kernel = request.given.value('backend') === 'gpu' ? await onCard() : await nodeKernel(threads);
  try {
    return await use(kernel);
  } finally {
    await kernel.close();
  }
}

/** The value of --threads. Throws ScenarioError. */
export function threadsGiven(given: Given): number | undefined {
  const threads = wholeNumber(given, 'threads', 1);
  if (threads === undefined || threads <= MOST_THREADS) return threads;
  throw new ScenarioError(
    '--threads',
    `--threads is ${threads}`,
    `this machine has ${allThreads()} cores, and at most ${MOST_THREADS} threads are started`,
    'leave --threads out to use all cores',
  );
}

/** The graphics card of a kernel that runs on one. */
export function cardOf(kernel: Kernel | GpuKernel): Card | undefined {
  return 'card' in kernel ? kernel.card : undefined;
}

async function onCard(): Promise<Kernel> {
  try {
    return await nodeGpuKernel();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ScenarioError('--backend', error.fact, error.cause, 'leave --backend out, or give --backend wasm');
  }
}
