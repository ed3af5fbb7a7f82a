/** A worker thread of a page for the WebAssembly kernel. */
import { attachWorker } from '../wasm/worker.js';

attachWorker(
  (handler) => self.addEventListener('message', ({ data }) => handler(data)),
  (message) => self.postMessage(message),
);
