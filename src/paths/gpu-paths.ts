/**
 * Ensembles on a graphics card through gpu.js, in single precision: one thread a path. Random numbers are the card's
 * own PCG streams, 32 bits of state per path, started anew in every launch from the seed: the same seed on the same
 * card gives the same states, and other states than the processor's Philox streams, equal in law up to the quality of
 * a short generator. Rounding adds about 6e-8·√steps to a state of size 1.
 */
import type { Card } from '../kernel/gpu/gpu.ts';
import { type PathKernel, pathKernel } from '../kernel/gpu/launch.ts';
import { seedWords } from '../random/normal.ts';
import type { DriftTable } from './drift-table.ts';
import type { EnsembleStart, PathStepper } from './path-stepper.ts';
import type { OpenLoopSteps, TableSteps } from './wasm-paths.ts';

/** What a card takes: one control, or the better one of two. */
export type CardSteps = Exclude<TableSteps, OpenLoopSteps>;

/** Path-steps of one launch: a fraction of a second. */
const PER_LAUNCH = { card: 2 ** 28, software: 2 ** 22 };

/** Steps of an ensemble of n = m = 1 on tables. Throws InputError for a card without seedable random numbers. */
export function gpuPaths(card: Card, steps: CardSteps, start: EnsembleStart): PathStepper {
  const at = (i: number) => new Float32Array(start.paths).fill(start.initial[i]);
  const states = [at(0), at(1)] as const;
  const { axes, windows } = tablesOf(steps);
  const launches = new Map<number, PathKernel>();
  const launchOf = (count: number): PathKernel => {
    const made = launches.get(count) ?? compiled(card, { steps, start, axes }, count);
    launches.set(count, made);
    return made;
  };
  const most = Math.max(1, Math.floor(PER_LAUNCH[card.software ? 'software' : 'card'] / start.paths));
  let done = 0;
  const launch = async (count: number) => {
    const seed = launchSeed(start.seed, done);
    await launchOf(count).move(states, windows[windowOf(steps, windows.length, done)], seed);
    done += count;
  };
  return {
    backend: card.name,
    threads: 1,
    stepsAtOnce: most,
    async advance(count) {
      const end = done + count;
      while (done < end) await launch(Math.min(most, end - done, leftInWindow(steps, windows.length, done)));
    },
    reach: () => null,
    states: () => new Float64Array(2 * start.paths).map((_, k) => states[k % 2][k >> 1]),
    close: async () => {
      for (const kernel of launches.values()) kernel.destroy();
    },
  };
}

/** One kernel of so many steps. */
function compiled(
  card: Card,
  plan: { readonly steps: CardSteps; readonly start: EnsembleStart; readonly axes: Float32Array },
  count: number,
): PathKernel {
  const { steps, start, axes } = plan;
  const heun = steps.kind === 'heun';
  const step = heun ? { decay: 0, lag: 0, spread: 0, sumOfFirst: 0, sumOfSecond: 0 } : steps.step;
  const { decay, lag, spread, sumOfFirst, sumOfSecond } = step;
  return pathKernel(card, heun ? 'heunOnCard' : 'ornsteinUhlenbeckOnCard', start.paths, {
    steps: count,
    dt: start.dt,
    noise: heun ? steps.noise : 0,
    sources: axes.length / AXES,
    axes,
    ...{ decay, lag, spread, sumOfFirst, sumOfSecond },
  });
}

/** Numbers per table: both axes and where its values start. */
const AXES = 7;

/** The tables of every window of time one after another, and their axes. */
function tablesOf(steps: CardSteps): { readonly axes: Float32Array; readonly windows: readonly Float32Array[] } {
  const choice = steps.kind === 'heun' ? steps.choice : null;
  const sets: readonly (readonly DriftTable[])[] =
    choice === null ? [[steps.table]] : choice.slopes.windows.map((slopes) => [steps.table, choice.other, slopes]);
  let offset = 0;
  const axes = sets[0].flatMap(({ x, y, values }) => {
    offset += values.length;
    return [x.lower, x.perSpacing, x.nodes, y.lower, y.perSpacing, y.nodes, offset - values.length];
  });
  const windows = sets.map((tables) => Float32Array.from(tables.flatMap(({ values }) => [...values])));
  return { axes: Float32Array.from(axes), windows };
}

function windowOf(steps: CardSteps, windows: number, step: number): number {
  return steps.kind === 'heun' ? Math.min(Math.floor(step / steps.stepsPerWindow), windows - 1) : 0;
}

function leftInWindow(steps: CardSteps, windows: number, step: number): number {
  const window = windowOf(steps, windows, step);
  return steps.kind === 'heun' && window < windows - 1 ? steps.stepsPerWindow * (window + 1) - step : Infinity;
}

/** 32 bits from the seed and the first step of a launch (the finalizer of MurmurHash3, Appleby 2011). */
function launchSeed(seed: number, step: number): number {
  const [low, high] = seedWords(seed);
  return mixed(mixed(low ^ mixed(high)) ^ step) >>> 0;
}

function mixed(word: number): number {
  let h = Math.imul((word ^ (word >>> 16)) + 0x9e3779b9, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
