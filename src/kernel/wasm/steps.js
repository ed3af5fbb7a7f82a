/**
 * Steps of a program on a block of lanes, on the main thread or in a worker. Plain JavaScript, because a worker starts
 * from a file that needs no compiler.
 *
 * @typedef {import('./calls.ts').Call} Call
 * @typedef {import('./calls.ts').CallGroup} CallGroup
 * @typedef {{
 *   pass: number, groups: readonly CallGroup[], addresses: number[], value: number, next: number, lanes: number,
 *   first: number, last: number, watched: number, trial: number, threads: number, control: number,
 * }} Job
 */

/** Words of the control block in shared memory. */
const ARRIVED = 0;
const GENERATION = 1;
const BROKEN = 2;

/** Looks at the barrier this often, half a millisecond, before the thread sleeps: waking costs as much as a step. */
const SPINS = 100_000;

/**
 * Takes steps until `steps` are done or one of them leaves a value that is not finite.
 * All threads of a job return the same: 0, or the number of the broken step.
 * @param {Record<string, (...args: number[]) => number>} kernel
 * @param {WebAssembly.Memory} memory
 * @param {Job} job
 * @param {number} done steps done before
 * @param {number} steps
 */
export function runSteps(kernel, memory, job, done, steps) {
  const control = new Int32Array(memory.buffer, job.control, 3);
  if (job.pass !== 0) return runPasses(kernel, control, job, done, steps);
  const { addresses, value, next } = job;
  for (let k = 1; k <= steps; k++) {
    for (const group of job.groups) {
      if (group.barrier) barrier(control, job.threads);
      runGroup(kernel, job, group);
    }
    [addresses[value], addresses[next]] = [addresses[next], addresses[value]];
    const finite = kernel.finite(addresses[value], job.lanes, job.watched, job.first, job.last);
    if (brokenAfter(control, job.threads, finite, done + k)) return done + k;
  }
  return 0;
}

/**
 * The same for IMEX Euler in one pass a step; a last pass turns the field into the value again.
 * @param {Record<string, (...args: number[]) => number>} kernel
 * @param {Int32Array} control
 * @param {Job} job
 * @param {number} done
 * @param {number} steps
 */
function runPasses(kernel, control, job, done, steps) {
  kernel.handOver(job.pass, done);
  barrier(control, job.threads);
  for (let step = done + 1; step <= done + steps; step++) {
    const finite = kernel.imexPass(job.pass, step, step === done + 1 ? 1 : 0);
    const broken = brokenAfter(control, job.threads, finite, step);
    if (broken || step === done + steps) {
      kernel.imexClose(job.pass, step);
      return broken ? step : 0;
    }
  }
  return 0;
}

/**
 * Waits for all threads; true, on each of them, if one has met a value that is not finite in this step.
 * @param {Int32Array} control
 * @param {number} threads
 * @param {number} finite 0 if this thread has met one
 * @param {number} step
 */
function brokenAfter(control, threads, finite, step) {
  if (finite === 0) Atomics.compareExchange(control, BROKEN, 0, step);
  barrier(control, threads);
  const broken = Atomics.load(control, BROKEN);
  // A faster thread may already have broken a later step; all leave after the same one.
  return broken !== 0 && broken <= step;
}

/** Doubles of a field that a group works on before the next call follows. */
const TOGETHER = 4096;

/**
 * A group of calls on the lanes of the job: some rows by all calls, then the next ones.
 * @param {Record<string, (...args: number[]) => number>} kernel
 * @param {Job} job
 * @param {CallGroup} group
 */
export function runGroup(kernel, job, { calls }) {
  const { rows } = calls[0];
  const step = calls.length === 1 ? rows : Math.ceil(TOGETHER / job.lanes);
  for (let row = 0; row < rows; row += step) {
    for (const call of calls) runCall(kernel, job, call, row, Math.min(row + step, rows));
  }
}

/**
 * One call on the lanes of the job and rows [start, end).
 * @param {Record<string, (...args: number[]) => number>} kernel
 * @param {Job} job
 * @param {Call} call
 * @param {number} start
 * @param {number} end
 */
function runCall(kernel, job, call, start, end) {
  const { lanes, first, last, trial, addresses } = job;
  const { slots, rows, lineNodes, lineStride, list, factor } = call;
  const a = addresses[slots[0]];
  const b = addresses[slots[1]];
  const c = addresses[slots[2]];
  const d = addresses[slots[3]];
  const e = addresses[slots[4]];
  const o = start * lanes * 8;
  switch (call.kind) {
    case 'sweep':
      kernel.sweep(a, b, c, list, trial, lanes, start, end, first, last, factor);
      return;
    case 'average':
      kernel.average(a, b, c, d, list, trial, lanes, rows, first, last, factor);
      return;
    case 'solve':
      for (const start of lineStarts(call, lanes)) {
        const [own, pitch] = call.alike ? [0, lanes] : [start, lanes * lineStride];
        kernel.solve(a + start, b + start, c + own, d + own, lanes * lineStride, pitch, lineNodes, first, last);
      }
      return;
    case 'solve-plane':
      kernel.solvePlane(
        ...[a, b, c, d, e, trial, lanes, lineNodes, rows / lineNodes],
        ...[lineStride, call.rowStride, call.factorPitch, first, last, factor],
      );
      return;
    case 'combine':
      kernel.combine(a + o, b + o, c + o, d + o, e + o, slots.length - 1, list, lanes, end - start, first, last);
      return;
    case 'filter':
      kernel.filter(a + o, b + o, c + o, d, lanes, end - start, first, last, factor, call.floor);
      return;
    case 'generator':
      for (const s of lineStarts(call, lanes)) {
        kernel.generator(a + s, b + s, c + s, d + s, e + s, lanes * lineStride, lineNodes, first, last, factor);
      }
  }
}

/**
 * Where the first rows of the lines of a call stand, in bytes from the start of a field.
 * @param {Call} call
 * @param {number} lanes
 */
function* lineStarts({ rows, lineNodes, lineStride }, lanes) {
  for (let block = 0; block < rows; block += lineNodes * lineStride) {
    for (let i = 0; i < lineStride; i++) yield (block + i) * lanes * 8;
  }
}

/**
 * Waits until all threads have arrived.
 * @param {Int32Array} control
 * @param {number} threads
 */
function barrier(control, threads) {
  if (threads === 1) return;
  const generation = Atomics.load(control, GENERATION);
  if (Atomics.add(control, ARRIVED, 1) === threads - 1) {
    Atomics.store(control, ARRIVED, 0);
    Atomics.add(control, GENERATION, 1);
    Atomics.notify(control, GENERATION);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(control, GENERATION) !== generation) return;
  while (Atomics.load(control, GENERATION) === generation) Atomics.wait(control, GENERATION, generation);
}
