import { describe, expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { startWorker } from '../../src/kernel/node/start-worker.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { quadratic } from '../problems.ts';

/** Enough nodes to be shared among threads. */
const options = {
  epsilon: 0.1,
  slow: [uniformAxis('x', -2, 2, 257)],
  fast: [uniformAxis('y', -4, 4, 129)],
  steps: 200,
};

/** A kernel of one worker that works and one that runs `script`. */
function kernelWith(script: string) {
  const files = [undefined, new URL(`data:text/javascript,${encodeURIComponent(script)}`)];
  return wasmKernel({ threads: 2, startWorker: () => startWorker(files.shift()) });
}

const parent = "import { parentPort } from 'node:worker_threads';";
const lost: readonly (readonly [string, string, RegExp])[] = [
  [
    'throws when it starts',
    "throw new Error('no more memory');",
    /thread of the kernel failed – no more memory – start/,
  ],
  ['does not find a file', "import './absent.js';", /thread of the kernel failed – .*absent/],
  ['ends', 'process.exit(3);', /failed – it ended with code 3 –/],
  [
    'throws at its first step, with the other at the barrier',
    `${parent} parentPort.on('message', (m) => { if (m.kind === 'steps') throw new Error('lost at work'); });`,
    /failed – lost at work –/,
  ],
];

describe('a solve does not wait for a thread that is lost', () => {
  test.each(lost)('a worker that %s rejects the solve and every later one', async (_case, script, message) => {
    const kernel = await kernelWith(script);
    await expect(solveEpsilonHjb(quadratic(), options, { kernel })).rejects.toThrow(message);
    await expect(solveEpsilonHjb(quadratic(), options, { kernel })).rejects.toThrow(message);
    await kernel.close();
  });

  test('a kernel that is closed meanwhile rejects the solve', async () => {
    const kernel = await wasmKernel({ threads: 2, startWorker: () => startWorker() });
    const solve = solveEpsilonHjb(quadratic(), { ...options, steps: 1e6 }, { kernel });
    const rejected = expect(solve).rejects.toThrow(/the kernel is closed/);
    await new Promise((resume) => setTimeout(resume, 50));
    await kernel.close();
    await rejected;
  });
});
