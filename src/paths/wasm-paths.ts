/**
 * Ensembles in WebAssembly: four paths at a time, blocks of paths per thread. A path depends on the seed and its own
 * number only, so the states do not depend on the number of threads, bit for bit.
 */

import { wasmBase64 } from '../kernel/paths-binary.ts';
import { type KernelWorker, startTeam } from '../kernel/team.ts';
import { fieldMemory } from '../kernel/wasm-memory.ts';
import { seedWords } from '../random/normal.ts';
import type { DriftTable } from './drift-table.ts';
import type { RelaxationStep } from './ornstein-uhlenbeck.ts';
import { type EnsembleStart, initialStates, type PathStepper } from './path-stepper.ts';
import type { SlopeTables } from './slope-tables.ts';

/** Threads for ensembles; above 1 needs `startWorker`. */
export interface PathThreads {
  readonly threads: number;
  readonly startWorker?: () => KernelWorker;
}

/** What the loop reads: a table per window of time, and what is drawn. */
export type TableSteps =
  | {
      readonly kind: 'heun';
      /** (φ, b/ε) under the first control. */
      readonly table: DriftTable;
      /** The same under the second one, and the slopes p for windows of time: the smaller φ·p is taken. */
      readonly choice: { readonly other: DriftTable; readonly slopes: SlopeTables } | null;
      readonly stepsPerWindow: number;
      /** σ√dt of the fast component. */
      readonly noise: number;
    }
  | { readonly kind: 'ornstein-uhlenbeck'; readonly table: DriftTable; readonly step: RelaxationStep };

/** Paths that the loop steps together. */
const GROUP = 4;
/** Path-steps between two looks at the event loop. */
const PER_CALL = 4e6;

/** Steps of an ensemble of n = m = 1 on tables, on `threads` threads, to be closed when it is no longer needed. */
export async function wasmPaths(
  steps: TableSteps,
  start: EnsembleStart,
  { threads, startWorker }: PathThreads,
): Promise<PathStepper> {
  const module = await WebAssembly.compile(Uint8Array.from(atob(wasmBase64), (char) => char.charCodeAt(0)));
  const fields = fieldMemory();
  const { memory } = fields;
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  const loops = instance.exports as Record<string, (...operands: number[]) => void>;
  const groups = Math.ceil(start.paths / GROUP);
  const states = place(fields, initialStates(start, groups * GROUP));
  const { name, table, windows } = placed(fields, steps, start);
  const team = threads > 1 && startWorker !== undefined ? startTeam(threads, startWorker, module, memory) : null;
  const used = team === null ? 1 : threads;
  const blocks = Array.from({ length: used + 1 }, (_, t) => GROUP * Math.floor((groups * t) / used));
  const windowOf = (step: number) =>
    steps.kind === 'heun' ? Math.min(Math.floor(step / steps.stepsPerWindow), windows.length - 1) : 0;
  let done = 0;
  const call = async (count: number) => {
    const parameters = windows[windowOf(done)];
    const operands = blocks.slice(1).map((last, t) => [parameters, states, table, blocks[t], last, done, count]);
    if (team === null) {
      loops[name](...operands[0]);
      await new Promise<void>((resume) => setTimeout(resume, 0));
    } else await team.call(name, operands);
    done += count;
  };
  return {
    backend: 'wasm',
    threads: used,
    async advance(count) {
      const end = done + count;
      const most = Math.max(1, Math.floor(PER_CALL / start.paths));
      while (done < end) {
        const left = steps.kind === 'heun' ? steps.stepsPerWindow * (windowOf(done) + 1) - done : end - done;
        const inWindow = windowOf(done) === windows.length - 1 ? end - done : left;
        await call(Math.min(most, end - done, inWindow));
      }
    },
    states: () => new Float64Array(memory.buffer, states, 2 * start.paths).slice(),
    close: async () => team?.end(),
  };
}

/** Writes tables and, for each window of time, the block of parameters that names its slopes. */
function placed(fields: FieldMemory, steps: TableSteps, start: EnsembleStart) {
  const table = place(fields, steps.table.values);
  const choice = steps.kind === 'heun' ? steps.choice : null;
  const name =
    steps.kind === 'ornstein-uhlenbeck' ? 'ornsteinUhlenbeckPaths' : choice === null ? 'heunPaths' : 'feedbackPaths';
  const other = choice === null ? [] : [...axesOf(choice.other), place(fields, choice.other.values)];
  const slopes = choice?.slopes.windows.map((window) => [...axesOf(window), place(fields, window.values)]) ?? [[]];
  const windows = slopes.map((window) =>
    place(fields, Float64Array.from([...parameters(steps, start), ...other, ...window])),
  );
  return { name, table, windows };
}

type FieldMemory = ReturnType<typeof fieldMemory>;

function place(fields: FieldMemory, values: Float64Array): number {
  const field = fields.reserve(values.length);
  field.set(values);
  return field.byteOffset;
}

/** The order of src/kernel/assembly/paths.ts. */
function parameters(steps: TableSteps, { dt, seed }: EnsembleStart): number[] {
  const heun = steps.kind === 'heun';
  const common = [dt, heun ? steps.noise : 0, ...axesOf(steps.table), ...seedWords(seed)];
  if (heun) return common;
  const { decay, lag, spread, sumOfFirst, sumOfSecond } = steps.step;
  return [...common, decay, lag, spread, sumOfFirst, sumOfSecond];
}

function axesOf({ x, y }: DriftTable): number[] {
  return [x.lower, x.perSpacing, x.nodes, y.lower, y.perSpacing, y.nodes];
}
