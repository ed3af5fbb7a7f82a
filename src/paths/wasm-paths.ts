/**
 * Ensembles in WebAssembly: four paths at a time, blocks of paths per thread. A path depends on the seed and its own
 * number only, so the states do not depend on the number of threads, bit for bit.
 */

import { type FieldMemory, fieldMemory } from '../kernel/wasm/memory.ts';
import { wasmBase64 } from '../kernel/wasm/paths-binary.ts';
import type { Interval } from '../model/problem.ts';
import { seedWords } from '../random/normal.ts';
import type { DriftTable } from './drift-table.ts';
import type { OrnsteinUhlenbeckStep } from './ornstein-uhlenbeck.ts';
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
  | OpenLoopSteps
  | { readonly kind: 'ornstein-uhlenbeck'; readonly table: DriftTable; readonly step: OrnsteinUhlenbeckStep };

/** Heun steps with the drift F₀ + w(t)(F₁ − F₀). */
export interface OpenLoopSteps {
  readonly kind: 'open-loop';
  /** F₀ and F₁ on the same axes. */
  readonly table: DriftTable;
  readonly other: DriftTable;
  /** w(k·dt), one more than there are steps. */
  readonly weights: Float64Array;
  /** As above. */
  readonly noise: number;
}

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

/** Writes what the loop reads and, for each window of time, the block of parameters that names it. */
function placed(fields: FieldMemory, steps: TableSteps, start: EnsembleStart) {
  const table = place(fields, steps.table.values);
  const { name, operands } = loopOf(fields, steps);
  const windows = operands.map((more) => place(fields, Float64Array.from([...parameters(steps, start), ...more])));
  return { name, table, windows };
}

/** The loop, and what its parameters name beyond the common ones, for each window. */
function loopOf(fields: FieldMemory, steps: TableSteps): { name: string; operands: readonly (readonly number[])[] } {
  if (steps.kind === 'ornstein-uhlenbeck') return { name: 'ornsteinUhlenbeckPaths', operands: [[]] };
  if (steps.kind === 'open-loop') {
    return { name: 'openLoopPaths', operands: [[place(fields, steps.other.values), place(fields, steps.weights)]] };
  }
  if (steps.choice === null) return { name: 'heunPaths', operands: [[]] };
  const other = place(fields, steps.choice.other.values);
  const { windows } = steps.choice.slopes;
  return {
    name: 'feedbackPaths',
    operands: windows.map((window) => [other, ...axesOf(window), place(fields, window.values)]),
  };
}

/** The order of src/kernel/wasm/assembly/path-parameters.ts. */
function parameters(steps: TableSteps, { dt, seed }: EnsembleStart): number[] {
  const isExact = steps.kind === 'ornstein-uhlenbeck';
  const common = [dt, isExact ? 0 : steps.noise, ...axesOf(steps.table), ...seedWords(seed)];
  if (!isExact) return common;
  const numbers = ({ decay, lag, spread, sumOfFirst, sumOfSecond }: OrnsteinUhlenbeckStep) => {
    return [decay, lag, spread, sumOfFirst, sumOfSecond];
  };
  const { half } = steps.step;
  return [...common, ...numbers(steps.step), ...(half === null ? [] : numbers(half))];
}

function axesOf({ x, y }: DriftTable): number[] {
  return [x.lower, x.perSpacing, x.nodes, y.lower, y.perSpacing, y.nodes];
}
