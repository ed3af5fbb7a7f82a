/**
 * Steps of (Sε) from compiled formulas, in any dimension, on any number of threads: the same states to the last bit as
 * the plain steps of src/paths/heun.ts, with s or r those of platen.ts, an order of magnitude faster. The control is
 * known step by step or it is the argmin of a value function.
 */
import { formulaModule } from '../formula/module.ts';
import { programOf } from '../formula/program.ts';
import { type FieldMemory, fieldMemory } from '../kernel/wasm/memory.ts';
import { wasmBase64 as noisyLoops } from '../kernel/wasm/noisy-paths-binary.ts';
import { wasmBase64 } from '../kernel/wasm/system-paths-binary.ts';
import { fastNoise } from '../model/fast-diffusion.ts';
import type { Coordinates } from '../model/problem.ts';
import type { FieldTrees } from '../model/trees.ts';
import { seedWords } from '../random/normal.ts';
import { signStreams } from './increments.ts';
import { GROUP, type PathThreads, PER_CALL, pathLoops, place } from './path-loops.ts';
import { type EnsembleStart, initialStates, type PathStepper } from './path-stepper.ts';
import type { Diffusion } from './path-system.ts';
import type { ValueSlopes } from './value-slopes.ts';

/** Which control a step takes. */
export type CompiledControl =
  /** One for all times, none where the formulas have none left; or one per time k·dt, k = 0, …, steps. */
  | { readonly kind: 'rows'; readonly rows: readonly Coordinates[] }
  | { readonly kind: 'argmin'; readonly candidates: readonly Coordinates[]; readonly slopes: ValueSlopes };

export interface FormulaSystem {
  readonly fields: FieldTrees;
  readonly epsilon: number;
  readonly control: CompiledControl;
  /** The Brownian motions of noise formulas. */
  readonly diffusion?: Pick<Diffusion, 'streams' | 'isConstant' | 'isSeen'>;
}

/** The name of time in formulas of a control. */
export const TIME = 't';

/** Steps of an ensemble, to be closed when it is no longer needed. */
export async function formulaPaths(
  system: FormulaSystem,
  start: EnsembleStart,
  threads: PathThreads,
): Promise<PathStepper> {
  const memory = fieldMemory();
  const { initial, paths } = start;
  const groups = Math.ceil(paths / GROUP);
  const states = place(memory, initialStates(start, groups * GROUP));
  const parameters = place(memory, parametersOf(memory, system, start));
  const scratch = Array.from({ length: threads.threads }, () => place(memory, new Float64Array(workSpace(system))));
  const isNoisy = system.diffusion !== undefined;
  const code = { loops: isNoisy ? noisyLoops : wasmBase64, formulas: compiled(system.fields) };
  const loops = await pathLoops(code, memory, paths, threads);
  let done = 0;
  return {
    backend: 'wasm',
    threads: loops.threads,
    async advance(count) {
      const end = done + count;
      const most = Math.max(1, Math.floor(PER_CALL / 4 / paths));
      while (done < end) {
        const now = Math.min(most, end - done);
        await loops.call(isNoisy ? 'noisyPaths' : 'systemPaths', ({ thread, first, last }) => {
          return [parameters, states, scratch[thread], first, last, done, now];
        });
        done += now;
      }
    },
    states: () => new Float64Array(memory.memory.buffer, states, initial.length * paths).slice(),
    reach: () => null,
    close: () => loops.close(),
  };
}

/** (φ, ℓ), b and, where it is given, (s, r) as functions of the point (x, y, u, t). */
function compiled({ names, slowDrift, fastDrift, runningCost, noise }: FieldTrees): Uint8Array<ArrayBuffer> {
  const variables = [...names.flat(), TIME];
  const slow = programOf(runningCost === undefined ? slowDrift : [...slowDrift, runningCost], variables);
  const fast = programOf(fastDrift, variables);
  return formulaModule(noise === undefined ? { slow, fast } : { slow, fast, noise: programOf(noise, variables) });
}

/** The order of src/kernel/wasm/assembly/system-drift.ts and, behind it, noisy-paths.ts. */
function parametersOf(memory: FieldMemory, system: FormulaSystem, { dt, seed, noiseOf }: EnsembleStart): number[] {
  const { fields, epsilon, control, diffusion } = system;
  const { slowDrift, fastDrift, runningCost, names } = fields;
  const halves = noiseOf === 'halves';
  const rows = control.kind === 'rows' ? control.rows : control.candidates;
  const controls = names[2].length;
  const drawn = halves ? dt / 2 : dt;
  return [
    dt,
    epsilon,
    diffusion === undefined ? fastNoise(epsilon) * Math.sqrt(drawn) : Math.sqrt(drawn),
    ...seedWords(seed),
    slowDrift.length,
    fastDrift.length,
    controls,
    runningCost === undefined ? 0 : 1,
    place(memory, Float64Array.from([...rows].flatMap((row) => Array.from(row)).concat(0))),
    control.kind === 'rows' && rows.length > 1 ? controls : 0,
    ...(control.kind === 'rows' ? [0, 1, 1, 0, 0, 0, 0] : slopeParameters(memory, control)),
    halves ? 1 : 0,
    ...(diffusion === undefined ? [] : [...noiseParameters(memory, system, diffusion), drawn]),
  ];
}

function noiseParameters(
  memory: FieldMemory,
  { fields, epsilon }: FormulaSystem,
  { streams, isConstant, isSeen }: NonNullable<FormulaSystem['diffusion']>,
): number[] {
  const all = drawnStreams(streams, isConstant);
  return [
    streams.length - fields.fastDrift.length,
    1 / Math.sqrt(epsilon),
    place(memory, Float64Array.from(all)),
    all.length,
    isConstant ? 1 : 0,
    place(memory, Float64Array.from(isSeen, Number)),
  ];
}

/** Those of the Brownian motions, and of the areas where there are any. */
function drawnStreams(streams: readonly number[], isConstant: boolean): readonly number[] {
  return isConstant ? streams : [...streams, ...signStreams(streams.length)];
}

function slopeParameters(memory: FieldMemory, control: Extract<CompiledControl, { kind: 'argmin' }>): number[] {
  const { candidates, slopes } = control;
  const { horizon, grid, windows } = slopes;
  const axes = grid.axes.flatMap(({ lower, spacing, nodes }, a) => [lower, spacing, nodes, grid.strides[a]]);
  const values = new Float64Array(windows.length * windows[0].length * grid.size);
  windows.flat().forEach((field, k) => {
    values.set(field, k * grid.size);
  });
  return [
    candidates.length,
    horizon,
    windows.length,
    grid.axes.length,
    place(memory, axes),
    place(memory, values),
    grid.size,
  ];
}

/** Doubles that one step works on: normals, kicks, drifts, the point, what was found, slopes and shares of cells. */
function workSpace({ fields, diffusion }: FormulaSystem): number {
  const [n, m, k] = [fields.slowDrift.length, fields.fastDrift.length, fields.names[2].length];
  const usual = 9 * m + 3 * (n + m + 1) + (n + m + k + 1) + 2 * (n + 1) + n + (n + m) + m;
  if (diffusion === undefined) return usual;
  const { streams, isConstant } = diffusion;
  const count = streams.length;
  const drawn = 8 * drawnStreams(streams, isConstant).length;
  return usual + drawn + count * (1 + count) + 3 * (n + m + 1) * count + (n + 1) * count;
}
