/** A worker thread of Node for the WebAssembly kernel. */
import { parentPort } from 'node:worker_threads';
import { attachWorker } from '../wasm/worker.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
attachWorker(
  (handler) => port.on('message', handler),
  (message) => port.postMessage(message),
);
