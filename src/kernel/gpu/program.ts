/** A step program as pipelines of gpu.js: many steps per launch, fields stay on the card meanwhile. */
import type { IKernelRunShortcut } from 'gpu.js';
import { InputError } from '../../input/input-error.ts';
import type { Breakdown, LoadedProgram, StepProgram } from '../kernel.ts';
import { trafficOf } from '../traffic.ts';
import type { Card, GpuMode } from './card.ts';
import { type Field, type Recorder, recorderOf, rowsOf } from './phases.ts';

/** Steps of one launch: powers of two up to this. */
const LONGEST_LAUNCH = 64;

export interface CompiledProgram {
  readonly loaded: LoadedProgram;
  /** Bytes of coefficients and of the fields from step to step; coefficients are made by the first launch. */
  bytes(): number;
  destroy(): void;
}

/** The rows of a field on the host. */
type Rows = Float32Array[];
/** What gpu.js calls the modes where it says what ran. */
const BACKENDS: Record<GpuMode, string> = { webgpu: 'webgpu', webgl2: 'gpu' };
type Launch = IKernelRunShortcut & { readonly backend: string; destroy(): void };

/** Compiles a program for a card. Throws InputError where it does not fit, or has phases a card is not taught. */
export function compileGpu(card: Card, program: StepProgram): CompiledProgram {
  const { mode } = card;
  const recorder = recorderOf(card, program);
  const lanes = program.slow.size;
  const kept = keptSlots(program);
  const state = new Map(kept.map((slot) => [slot, rowsOf(program.buffers[slot], lanes)]));
  const launches = new Map<number, Launch>();
  const launchOf = (steps: number): Launch => {
    const launch = launches.get(steps) ?? record(card, recorder, { program, kept, steps });
    launches.set(steps, launch);
    return launch;
  };
  const run = async (steps: number): Promise<Map<number, Rows>> => {
    const launch = launchOf(steps);
    const results = (await launch(...kept.map((slot) => state.get(slot) as Rows))) as unknown as Rows[];
    if (launch.backend !== BACKENDS[mode]) throw notOnCard(mode, launch.backend);
    return new Map(kept.map((slot, k) => [slot, results[k]]));
  };
  let done = 0;
  /** Takes `steps` ≤ LONGEST_LAUNCH steps, a power of two; where they break, halves them down to the broken one. */
  const take = async (steps: number): Promise<Breakdown | null> => {
    const after = await run(steps);
    const finite = (after.get(program.value) as Rows).every(areFinite);
    if (!finite && steps > 1) return (await take(steps / 2)) ?? (await take(steps / 2));
    for (const [slot, rows] of after) state.set(slot, rows);
    done += steps;
    return finite ? null : { step: done };
  };
  const loaded: LoadedProgram = {
    threads: 1,
    bytesPerNode: trafficOf(program) / 2,
    stepsAtOnce: LONGEST_LAUNCH,
    async advance(steps) {
      for (let left = steps; left > 0; ) {
        const count = Math.min(LONGEST_LAUNCH, 2 ** Math.floor(Math.log2(left)));
        const breakdown = await take(count);
        if (breakdown !== null) return breakdown;
        left -= count;
      }
      return null;
    },
    restart(value) {
      state.set(program.value, rowsOf(value, lanes));
      done = 0;
    },
    async read(slot = program.value) {
      const rows = state.get(slot);
      return rows === undefined ? program.buffers[slot].slice() : joined(rows, lanes);
    },
  };
  return {
    loaded,
    bytes: () => recorder.bytes + bytesOf(kept.map((slot) => program.buffers[slot])),
    destroy() {
      for (const launch of launches.values()) launch.destroy();
      recorder.destroy();
    },
  };
}

function joined(rows: Rows, lanes: number): Float64Array {
  const field = new Float64Array(rows.length * lanes);
  rows.forEach((row, j) => {
    field.set(row, j * lanes);
  });
  return field;
}

/** Bytes of fields in single precision. */
function bytesOf(fields: readonly Float64Array[]): number {
  return fields.reduce((sum, { length }) => sum + length * Float32Array.BYTES_PER_ELEMENT, 0);
}

/** The slots whose contents a step takes over from the step before. */
function keptSlots({ phases, value }: StepProgram): number[] {
  const kept = new Set([value]);
  const written = new Set<number>();
  const outputs = new Set(
    phases.flatMap((phase) => (phase.kind === 'filter' ? [phase.out, phase.fallen] : [phase.out])),
  );
  for (const phase of phases) {
    const read = Object.entries(phase).flatMap(([name, slot]) =>
      name !== 'out' && typeof slot === 'number' && SLOTS.has(name) ? [slot] : [],
    );
    const terms = phase.kind === 'combine' ? phase.terms.map(({ field }) => field) : [];
    for (const slot of [...read, ...terms]) if (outputs.has(slot) && !written.has(slot)) kept.add(slot);
    written.add(phase.out);
  }
  return [...kept];
}

/** The names under which phases carry slots of fields they read. */
const SLOTS = new Set(['add', 'value', 'right', 'accurate', 'monotone', 'fallen']);

function record(
  card: Card,
  recorder: Recorder,
  plan: { readonly program: StepProgram; readonly kept: readonly number[]; readonly steps: number },
): Launch {
  const { program, kept, steps } = plan;
  const orchestrate = (...fields: Field[]) => {
    const slots = new Map(kept.map((slot, k) => [slot, fields[k]]));
    for (let step = 0; step < steps; step++) {
      for (const phase of program.phases) recorder.record(phase, slots);
      const [before, after] = [slots.get(program.value), slots.get(program.next)];
      if (before === undefined || after === undefined) throw new RangeError('a step writes its next value');
      slots.set(program.value, after);
      slots.set(program.next, before);
    }
    return kept.map((slot) => slots.get(slot));
  };
  // gpu.js counts the parameters of this function.
  Object.defineProperty(orchestrate, 'length', { value: kept.length });
  return card.gpu.createPipeline(orchestrate) as unknown as Launch;
}

function areFinite(row: Float32Array): boolean {
  for (let s = 0; s < row.length; s++) if (!Number.isFinite(row[s])) return false;
  return true;
}

function notOnCard(asked: string, ran: string): InputError {
  return new InputError(
    `gpu.js ran the steps in its mode ${ran} instead of ${asked}`,
    'the graphics card could not take this program, and what runs on the processor is no result of a card',
    'use the WebAssembly kernel',
  );
}
