/**
 * The WebAssembly kernel: SIMD loops over doubles in one shared memory, blocks of lanes per thread, one barrier a step.
 * Results are bit-identical for every number of threads, because no operation crosses lanes but reading neighbours.
 */
import { eliminateLines } from '../linalg/tridiagonal.ts';
import { InputError } from '../problem/input-error.ts';
import type { Breakdown, Kernel, LoadedProgram, Minimum, Phase, Session, StepProgram } from './kernel.ts';
import { type KernelWorker, startTeam, type Team } from './team.ts';
import { wasmBase64 } from './wasm-binary.ts';
import { runSteps } from './wasm-steps.js';

export interface WasmOptions {
  /** Number of threads; above 1 needs `startWorker`. */
  readonly threads?: number;
  readonly startWorker?: () => KernelWorker;
  /** Bytes this process may still take; default: what WebAssembly can address. */
  readonly availableBytes?: number;
}

const PAGE = 65536;
/** WebAssembly addresses 4 GiB. */
const LARGEST = 4 * 2 ** 30;
/** Programs with fewer nodes run on one thread: a step is too short for a barrier. */
const SMALLEST_SHARED = 16384;
/** Fields start on cache lines, with one line of space between them. */
const LINE = 64;

interface Call {
  kind: string;
  barrier: boolean;
  slots: number[];
  list: number;
  dt: number;
  top: number;
}

/** Compiles the kernel and starts its threads. */
export async function wasmKernel(options: WasmOptions = {}): Promise<Kernel> {
  const { threads = 1, startWorker, availableBytes = LARGEST } = options;
  const bytes = Uint8Array.from(atob(wasmBase64), (char) => char.charCodeAt(0));
  const module = await WebAssembly.compile(bytes);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: LARGEST / PAGE, shared: true });
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const team = threads > 1 && startWorker !== undefined ? startTeam(threads, startWorker, module, memory) : null;
  const machine: Machine = {
    memory,
    loops: instance.exports as Machine['loops'],
    team,
    limit: Math.min(LARGEST, availableBytes),
    own: new WeakSet(),
    top: LINE,
    sessions: 0,
    jobs: 0,
  };
  return {
    backend: 'wasm',
    threads: team === null ? 1 : threads,
    open: () => openSession(machine),
    close: async () => {
      await team?.end();
    },
  };
}

interface Machine {
  readonly memory: WebAssembly.Memory;
  readonly loops: Record<string, (...args: number[]) => number>;
  readonly team: Team | null;
  readonly limit: number;
  /** Arrays in this memory. */
  readonly own: WeakSet<Float64Array>;
  /** First free byte; falls back to the start when no session is open. */
  top: number;
  sessions: number;
  jobs: number;
}

function openSession(machine: Machine): Session {
  machine.sessions++;
  const bottom = machine.top;
  const jobs: number[] = [];
  return {
    allocate: (length) => reserve(machine, length),
    async load(program) {
      const { loaded, job } = loadProgram(machine, program);
      jobs.push(job);
      return loaded;
    },
    get bytes() {
      return machine.top - bottom;
    },
    close() {
      for (const job of jobs) machine.team?.post({ kind: 'drop', id: job });
      machine.sessions--;
      if (machine.sessions === 0) machine.top = LINE;
    },
  };
}

/** An array of zeros in the shared memory. Throws InputError where it does not fit. */
function reserve(machine: Machine, length: number): Float64Array {
  const start = Math.ceil(machine.top / LINE) * LINE + LINE;
  const end = start + 8 * length + LINE;
  const missing = Math.ceil((end - machine.memory.buffer.byteLength) / PAGE);
  const gib = (count: number) => `${(count / 2 ** 30).toFixed(2)} GiB`;
  const refuse = (available: number): never => {
    throw new InputError(
      `the fields need ${gib(end)} of memory`,
      `${gib(available)} are available`,
      'take fewer nodes, or close other programs',
    );
  };
  if (end > machine.limit) refuse(machine.limit);
  try {
    if (missing > 0) machine.memory.grow(missing);
  } catch {
    refuse(machine.memory.buffer.byteLength);
  }
  machine.top = end;
  const array = new Float64Array(machine.memory.buffer, start, length).fill(0);
  machine.own.add(array);
  return array;
}

function loadProgram(machine: Machine, program: StepProgram): { loaded: LoadedProgram; job: number } {
  const place = (buffer: Float64Array): Float64Array => {
    if (machine.own.has(buffer)) return buffer;
    const copy = reserve(machine, buffer.length);
    copy.set(buffer);
    return copy;
  };
  const slots = program.buffers.map(place);
  const lanes = program.slow.size;
  const calls = planCalls(machine, program, slots);
  const team = lanes * program.fastNodes < SMALLEST_SHARED ? null : machine.team;
  const threads = team?.threads ?? 1;
  const control = reserve(machine, 2).byteOffset;
  const jobs = Array.from({ length: threads }, (_, t) => ({
    calls,
    addresses: slots.map((slot) => slot.byteOffset),
    value: program.value,
    next: program.next,
    lanes,
    nodes: program.fastNodes,
    first: blockStart(lanes, t, threads),
    last: blockStart(lanes, t + 1, threads),
    watched: watchedRows(program, slots),
    trial: reserve(machine, 2 * lanes).byteOffset,
    threads,
    control,
  }));
  const id = machine.jobs++;
  team?.assign(id, jobs);
  let done = 0;
  const loaded: LoadedProgram = {
    threads,
    async advance(steps): Promise<Breakdown | null> {
      const broken =
        team === null
          ? runSteps(machine.loops, machine.memory, jobs[0], done, steps)
          : await team.run({ id, done, steps });
      const taken = broken === 0 ? steps : broken - done;
      if (team !== null && taken % 2 === 1) exchange(jobs[0].addresses, program);
      done += taken;
      return broken === 0 ? null : { step: broken };
    },
    async read() {
      const address = jobs[0].addresses[program.value];
      return new Float64Array(machine.memory.buffer, address, slots[program.value].length).slice();
    },
  };
  return { loaded, job: id };
}

function exchange(addresses: number[], { value, next }: StepProgram): void {
  [addresses[value], addresses[next]] = [addresses[next], addresses[value]];
}

/** Blocks of whole cache lines, as equal as possible. */
function blockStart(lanes: number, thread: number, threads: number): number {
  return thread === threads ? lanes : Math.floor((lanes * thread) / threads / 8) * 8;
}

/** A line solve carries a non-finite value to every row, so the first row tells; else all rows are looked at. */
function watchedRows(program: StepProgram, slots: readonly Float64Array[]): number {
  const last = program.phases[program.phases.length - 1];
  return last.kind === 'solve' ? 1 : slots[program.value].length / program.slow.size;
}

/** The calls of one step: phases with addresses, the sweep fused with the line solve where that is possible. */
function planCalls(machine: Machine, program: StepProgram, slots: Float64Array[]): Call[] {
  const calls: Call[] = [];
  const written = new Set<number>();
  const { phases } = program;
  for (let k = 0; k < phases.length; k++) {
    const phase = phases[k];
    const call: Call = { kind: phase.kind, barrier: false, slots: [], list: 0, dt: 0, top: 0 };
    if (phase.kind === 'sweep' || phase.kind === 'average') {
      call.barrier = written.has(phase.value);
      call.slots = [phase.out, phase.value, ...(phase.kind === 'average' ? [phase.weights] : [])];
      call.dt = phase.dt;
      const following = phases[k + 1];
      const single = phase.kind === 'sweep' ? singleCandidate(program, phase.minimum) : null;
      if (
        single !== null &&
        following?.kind === 'solve' &&
        following.right === phase.out &&
        following.out === phase.out
      ) {
        call.kind = 'imex';
        call.top = phase.kind === 'sweep' && phase.minimum.canRest ? 0 : Infinity;
        call.slots = [phase.out, phase.value, single, ...factorSlots(machine, program, following, slots)];
        k++;
      } else call.list = candidateList(machine, program, phase.minimum, slots);
    } else if (phase.kind === 'solve') {
      call.slots = [phase.out, phase.right, ...factorSlots(machine, program, phase, slots)];
    } else {
      call.slots = [phase.out, phase.add, phase.value, phase.up, phase.down];
      call.dt = phase.factor;
    }
    written.add(phase.out);
    calls.push(call);
  }
  return calls;
}

/** The slot of the only candidate's rates, where n = 1 and it costs nothing. */
function singleCandidate(program: StepProgram, { candidates }: Minimum): number | null {
  const [only] = candidates;
  const fits = candidates.length === 1 && only.cost === null && program.slow.shape.length === 1;
  return fits && program.slow.size >= 3 ? only.rates[0] : null;
}

/** Eliminates the line systems; carry and pass take the place of the rates, so only `gain` is new memory. */
function factorSlots(
  machine: Machine,
  program: StepProgram,
  phase: Extract<Phase, { kind: 'solve' }>,
  slots: Float64Array[],
): number[] {
  const rates = { lanes: program.slow.size, nodes: program.fastNodes, up: slots[phase.up], down: slots[phase.down] };
  const into = { carry: rates.down, gain: reserve(machine, rates.up.length), pass: rates.up };
  eliminateLines(rates, { killing: phase.killing, scale: phase.scale, into });
  return [phase.down, slots.push(into.gain) - 1, phase.up];
}

/** Writes the candidate list that `minimum` of the assembly reads; returns its address. */
function candidateList(
  machine: Machine,
  program: StepProgram,
  minimum: Minimum,
  slots: readonly Float64Array[],
): number {
  const { shape } = program.slow;
  const words = [shape.length, shape[0], shape[1] ?? 1, minimum.candidates.length, minimum.canRest ? 1 : 0];
  for (const { rates, cost } of minimum.candidates) {
    words.push(...rates.map((slot) => slots[slot].byteOffset), cost === null ? 0 : slots[cost].byteOffset);
  }
  const address = reserve(machine, Math.ceil(words.length / 2)).byteOffset;
  new Uint32Array(machine.memory.buffer, address, words.length).set(words);
  return address;
}
