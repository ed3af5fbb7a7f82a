import { Worker } from 'node:worker_threads';
import type { KernelWorker } from '../team.ts';

/** Starts a thread of Node; `file` is for tests. */
export function startWorker(file = new URL('./worker.js', import.meta.url)): KernelWorker {
  const worker = new Worker(file);
  return {
    post: (message) => worker.postMessage(message),
    listen(answer, fail) {
      worker.on('message', answer);
      worker.on('messageerror', (error) => fail(`a message could not be read: ${error.message}`));
      worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => fail(`it ended with code ${code}`));
    },
    end: async () => {
      await worker.terminate();
    },
  };
}
