/**
 * The WebAssembly kernel: SIMD loops over doubles in one shared memory, blocks of lanes per thread, one barrier a step.
 * Results are bit-identical for every number of threads, because no operation crosses lanes but reading neighbours.
 */
import type { Breakdown, Interrupted, Kernel, LoadedProgram, Session, StepProgram } from '../kernel.ts';
import { type KernelWorker, startTeam, type Team } from '../team.ts';
import { trafficOf } from '../traffic.ts';
import { type Call, planCalls, planeScratch } from './calls.ts';
import { compiled } from './compiled.ts';
import { FIRST_PLACE, functionTable, placeFormulas } from './formula-table.js';
import { type FormulaPlaces, formulaCode, formulasIn } from './formula-words.ts';
import { type Block, IMEX_TRAFFIC, imexStep, planImex } from './imex.ts';
import { type FieldMemory, fieldMemory } from './memory.ts';
import { isLong, runSliced } from './slices.ts';
import { runSteps } from './steps.js';
import { wasmBase64 } from './steps-binary.ts';
import { NODE_SCRATCH } from './sweep-words.ts';

export interface WasmOptions {
  /** Number of threads; above 1 needs `startWorker`. */
  readonly threads?: number;
  readonly startWorker?: () => KernelWorker;
  /** Bytes this process may still take; default: what WebAssembly can address. */
  readonly availableBytes?: number;
}

/** Programs with fewer nodes run on one thread: a step is too short for a barrier. */
const SMALLEST_SHARED = 32768;

/** The kernel with its threads; it is compiled when the first one is asked for. */
export async function wasmKernel(options: WasmOptions = {}): Promise<Kernel> {
  const { threads = 1, startWorker, availableBytes } = options;
  const module = await compiled(wasmBase64);
  const fields = fieldMemory(availableBytes);
  const { memory } = fields;
  const table = functionTable();
  const instance = new WebAssembly.Instance(module, { env: { memory, table } });
  const team = threads > 1 && startWorker !== undefined ? startTeam(threads, startWorker, module, memory) : null;
  const loops = instance.exports as Machine['loops'];
  const machine: Machine = { fields, loops, team, table, place: FIRST_PLACE, sessions: 0, jobs: 0 };
  return {
    kind: 'wasm',
    backend: 'wasm',
    threads: team === null ? 1 : threads,
    open: () => openSession(machine),
    close: async () => {
      await team?.end();
    },
  };
}

interface Machine {
  readonly fields: FieldMemory;
  readonly loops: Record<string, (...args: number[]) => number>;
  readonly team: Team | null;
  readonly table: WebAssembly.Table;
  /** Where the next formulas go in the table. */
  place: number;
  sessions: number;
  jobs: number;
}

/** Memory is given back when no session is open. */
function openSession(machine: Machine): Session {
  const { fields } = machine;
  machine.sessions++;
  const bottom = fields.top;
  const jobs: number[] = [];
  return {
    allocate: (length) => fields.reserve(length),
    async load(program) {
      const { loaded, job } = loadProgram(machine, program, await withFormulas(machine, program));
      jobs.push(job);
      return loaded;
    },
    get bytes() {
      return fields.top - bottom;
    },
    get free() {
      return fields.limit - fields.top;
    },
    close() {
      for (const job of jobs) machine.team?.post({ kind: 'drop', id: job });
      machine.sessions--;
      if (machine.sessions > 0) return;
      fields.clear();
      machine.place = FIRST_PLACE;
    },
  };
}

/** Compiles the formulas of a program for all threads; where they stand in the table. */
async function withFormulas(machine: Machine, program: StepProgram): Promise<FormulaPlaces> {
  const places = new Map<Parameters<typeof formulaCode>[0], number>();
  for (const family of formulasIn(program)) {
    const { place } = machine;
    machine.place += 2;
    const formulas = { module: await formulaCode(family), place };
    placeFormulas(machine.table, machine.fields.memory, formulas);
    machine.team?.post({ kind: 'formulas', ...formulas });
    places.set(family, place);
  }
  return places;
}

function loadProgram(
  machine: Machine,
  program: StepProgram,
  places: FormulaPlaces,
): { loaded: LoadedProgram; job: number } {
  const { fields, loops } = machine;
  const slots = program.buffers.map((buffer) => place(fields, buffer));
  const lanes = program.slow.size;
  const team = lanes * program.fastNodes < SMALLEST_SHARED ? null : machine.team;
  const threads = team?.threads ?? 1;
  const jobs = planJobs(fields, program, { slots, places }, threads);
  const id = machine.jobs++;
  team?.assign(id, jobs);
  const isCut = team === null && jobs[0].pass === 0 && isLong(jobs[0]);
  let { taken: done = 0 } = program;
  const fieldAt = (slot: number) => new Float64Array(fields.memory.buffer, jobs[0].addresses[slot], slots[slot].length);
  const loaded: LoadedProgram = {
    threads,
    bytesPerNode:
      jobs[0].pass === 0
        ? trafficOf(program) - sharedTraffic(jobs[0].groups.flatMap(({ calls }) => calls))
        : IMEX_TRAFFIC,
    async advance(steps, signal): Promise<Breakdown | Interrupted | null> {
      if (isCut) {
        const early = await runSliced(loops, jobs[0], { done, steps, signal });
        done += steps;
        return early;
      }
      const broken =
        team === null ? runSteps(loops, fields.memory, jobs[0], done, steps) : await team.run({ id, done, steps });
      const taken = broken === 0 ? steps : broken - done;
      // Workers exchange the addresses of their own copy of a job.
      if (team !== null && jobs[0].pass === 0 && taken % 2 === 1) exchange(jobs[0].addresses, program);
      done += taken;
      return broken === 0 ? null : { step: broken };
    },
    restart(value) {
      fieldAt(program.value).set(value);
      done = program.taken ?? 0;
    },
    async read(slot = program.value) {
      return fieldAt(slot).slice();
    },
  };
  return { loaded, job: id };
}

/** The buffer itself where it is in the memory of the kernel, else a copy that is. */
function place(fields: FieldMemory, buffer: Float64Array): Float64Array {
  if (fields.owns(buffer)) return buffer;
  const copy = fields.reserve(buffer.length);
  copy.set(buffer);
  return copy;
}

/** What each thread does in a step. */
function planJobs(
  fields: FieldMemory,
  program: StepProgram,
  { slots, places }: { readonly slots: Float64Array[]; readonly places: FormulaPlaces },
  threads: number,
) {
  const lanes = program.slow.size;
  const blocks: Block[] = Array.from({ length: threads }, (_, t) => ({
    first: blockStart(lanes, t, threads),
    last: blockStart(lanes, t + 1, threads),
  }));
  const imex = imexStep(program);
  const passes = imex === null ? null : planImex(fields, program, imex, slots, blocks);
  const groups = passes === null ? planCalls(fields, program, slots, places) : [];
  const scratch = Math.max(3 * lanes + NODE_SCRATCH, planeScratch(program));
  const control = fields.reserve(2).byteOffset;
  return blocks.map((block, t) => ({
    ...block,
    pass: passes?.[t] ?? 0,
    groups,
    addresses: slots.map((slot) => slot.byteOffset),
    value: program.value,
    next: program.next,
    lanes,
    watched: watchedRows(program, slots),
    trial: passes === null ? fields.reserve(scratch).byteOffset : 0,
    threads,
    control,
  }));
}

/** Bytes of a node that need not be moved where all lines share two factors. */
function sharedTraffic(calls: readonly Call[]): number {
  return 16 * calls.filter(({ alike }) => alike).length;
}

function exchange(addresses: number[], { value, next }: StepProgram): void {
  [addresses[value], addresses[next]] = [addresses[next], addresses[value]];
}

/** Blocks of whole cache lines, as equal as possible. */
function blockStart(lanes: number, thread: number, threads: number): number {
  return thread === threads ? lanes : Math.floor((lanes * thread) / threads / 8) * 8;
}

/**
 * Rows that tell of a value that is not finite: the first one where a solve carries it to every row it joins, also
 * through a filter, which leaves the monotone value where one of both is not finite; else all.
 */
function watchedRows({ phases, slow, value }: StepProgram, slots: readonly Float64Array[]): number {
  const last = phases[phases.length - 1];
  const kept = last.kind === 'filter' ? phases.findLast(({ out }) => out === last.monotone) : last;
  return kept?.kind === 'solve' || kept?.kind === 'solve-plane' ? 1 : slots[value].length / slow.size;
}
