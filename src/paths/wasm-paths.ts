/**
 * Ensembles in WebAssembly: four paths at a time, blocks of paths per thread. A path depends on the seed and its own
 * number only, so the states do not depend on the number of threads, bit for bit.
 */
import { wasmBase64 } from '../kernel/paths-binary.ts';
import { type FieldMemory, fieldMemory } from '../kernel/wasm-memory.ts';
import type { Interval } from '../problem/problem.ts';
import { seedWords } from '../random/normal.ts';
import type { DriftTable } from './drift-table.ts';
import type { RelaxationStep } from './ornstein-uhlenbeck.ts';
import { GROUP, type PathThreads, PER_CALL, pathLoops, place } from './path-loops.ts';
import { type EnsembleStart, initialStates, type PathStepper } from './path-stepper.ts';
import type { SlopeTables } from './slope-tables.ts';

/** What the loop reads: a table per window of time, and what is drawn. */
export type TableSteps =
  | {
      readonly kind: 'heun';
      /** (φ, b/ε) under the first control. */
      readonly table: DriftTable;
      /** The same under a second one, on the same axes, and slopes p for windows of time: the smaller φ·p is taken. */
      readonly choice: { readonly other: DriftTable; readonly slopes: SlopeTables } | null;
      readonly stepsPerWindow: number;
      /** σ√dt of the fast component, of half a step where steps take the noise of two. */
      readonly noise: number;
    }
  | { readonly kind: 'ornstein-uhlenbeck'; readonly table: DriftTable; readonly step: RelaxationStep };

/** Steps of an ensemble of n = m = 1 on tables, on `threads` threads, to be closed when it is no longer needed. */
export async function wasmPaths(steps: TableSteps, start: EnsembleStart, threads: PathThreads): Promise<PathStepper> {
  const fields = fieldMemory();
  const groups = Math.ceil(start.paths / GROUP);
  const states = place(fields, initialStates(start, groups * GROUP));
  const { name, table, windows } = placed(fields, steps, start);
  const reach = Array.from({ length: threads.threads }, () => place(fields, NOWHERE));
  const loops = await pathLoops({ loops: wasmBase64 }, fields, start.paths, threads);
  const noiseOf = start.noiseOf === 'halves' ? 1 : 0;
  const windowOf = (step: number) =>
    steps.kind === 'heun' ? Math.min(Math.floor(step / steps.stepsPerWindow), windows.length - 1) : 0;
  let done = 0;
  const call = async (count: number) => {
    const parameters = windows[windowOf(done)];
    await loops.call(name, ({ thread, first, last }) => {
      return [parameters, states, table, first, last, done, count, noiseOf, reach[thread]];
    });
    done += count;
  };
  return {
    backend: 'wasm',
    threads: loops.threads,
    async advance(count) {
      const end = done + count;
      const most = Math.max(1, Math.floor(PER_CALL / start.paths));
      while (done < end) {
        const left = steps.kind === 'heun' ? steps.stepsPerWindow * (windowOf(done) + 1) - done : end - done;
        const inWindow = windowOf(done) === windows.length - 1 ? end - done : left;
        await call(Math.min(most, end - done, inWindow));
      }
    },
    states: () => new Float64Array(fields.memory.buffer, states, 2 * start.paths).slice(),
    reach: () => hullOf(reach.map((address) => new Float64Array(fields.memory.buffer, address, 4))),
    close: () => loops.close(),
  };
}

/** A box without points: lower ends, then upper ones. */
const NOWHERE = [Infinity, Infinity, -Infinity, -Infinity];

function hullOf(boxes: readonly Float64Array[]): Interval[] {
  return [0, 1].map((i) => ({
    lower: Math.min(...boxes.map((box) => box[i])),
    upper: Math.max(...boxes.map((box) => box[2 + i])),
  }));
}

/** Writes tables and, for each window of time, the block of parameters that names its slopes. */
function placed(fields: FieldMemory, steps: TableSteps, start: EnsembleStart) {
  const table = place(fields, steps.table.values);
  const choice = steps.kind === 'heun' ? steps.choice : null;
  const name =
    steps.kind === 'ornstein-uhlenbeck' ? 'ornsteinUhlenbeckPaths' : choice === null ? 'heunPaths' : 'feedbackPaths';
  const other = choice === null ? [] : [place(fields, choice.other.values)];
  const slopes = choice?.slopes.windows.map((window) => [...axesOf(window), place(fields, window.values)]) ?? [[]];
  const windows = slopes.map((window) =>
    place(fields, Float64Array.from([...parameters(steps, start), ...other, ...window])),
  );
  return { name, table, windows };
}

/** The order of src/kernel/assembly/path-parameters.ts. */
function parameters(steps: TableSteps, { dt, seed }: EnsembleStart): number[] {
  const heun = steps.kind === 'heun';
  const common = [dt, heun ? steps.noise : 0, ...axesOf(steps.table), ...seedWords(seed)];
  if (heun) return common;
  const numbers = ({ decay, lag, spread, sumOfFirst, sumOfSecond }: RelaxationStep) => {
    return [decay, lag, spread, sumOfFirst, sumOfSecond];
  };
  const { half } = steps.step;
  return [...common, ...numbers(steps.step), ...(half === null ? [] : numbers(half))];
}

function axesOf({ x, y }: DriftTable): number[] {
  return [x.lower, x.perSpacing, x.nodes, y.lower, y.perSpacing, y.nodes];
}
