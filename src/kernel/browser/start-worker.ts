import type { KernelWorker } from '../team.ts';

/** Starts a module worker of a page. */
export function startWorker(): KernelWorker {
  // Written in one piece, as bundlers look for it to find the file.
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return {
    post: (message) => worker.postMessage(message),
    listen(answer, fail) {
      worker.addEventListener('message', ({ data }) => answer(data));
      worker.addEventListener('messageerror', () => fail('a message could not be read'));
      // An event without a message: the script was not found, or was sent without the headers of the page.
      worker.addEventListener('error', ({ message }) => fail(message || NOT_LOADED));
    },
    end: async () => worker.terminate(),
  };
}

const NOT_LOADED =
  'its script could not be loaded: it must be served from the origin of the page, with Cross-Origin-Embedder-Policy';
