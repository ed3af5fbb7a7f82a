/**
 * A worker thread of the WebAssembly kernel: gets the module and the shared memory once, then jobs, then
 * steps, or single loops to call.
 * `attachWorker` is given the two ends of a message channel, which differ between Node and browsers.
 */
import { formulasOf } from '../../formula/wasm-functions.js';
import { functionTable, placeFormulas } from './formula-table.js';
import { runSteps } from './steps.js';

/**
 * @param {(handler: (message: any) => void) => void} listen
 * @param {(message: any) => void} answer
 */
export function attachWorker(listen, answer) {
  /** @type {any} */
  let kernel;
  /** @type {any} */
  let memory;
  /** @type {WebAssembly.Table} */
  let table;
  const jobs = new Map();
  listen((message) => {
    if (message.kind === 'start') {
      memory = message.memory;
      table = functionTable();
      const formulas = message.formulas === undefined ? {} : formulasOf(message.formulas, memory);
      kernel = new WebAssembly.Instance(message.module, { env: { memory, table }, formulas }).exports;
    } else if (message.kind === 'formulas') placeFormulas(table, memory, message);
    else if (message.kind === 'job') jobs.set(message.id, message.job);
    else if (message.kind === 'drop') jobs.delete(message.id);
    else if (message.kind === 'call')
      answer({ ticket: message.ticket, broken: kernel[message.name](...message.operands) ?? 0 });
    else
      answer({
        ticket: message.ticket,
        broken: runSteps(kernel, memory, jobs.get(message.id), message.done, message.steps),
      });
  });
}
