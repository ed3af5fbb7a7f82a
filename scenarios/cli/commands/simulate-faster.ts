/** Whether the graphics card of this machine makes paths faster than its processor, measured on a short piece. */

import { type PathRun, simulateTwoScale, type TwoScaleOptions } from '../../../solvers/index.ts';
import { InputError } from '../../../src/input/input-error.ts';
import type { Card } from '../../../src/kernel/gpu/gpu.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { nodeGpuKernel } from '../../node-gpu.ts';

/** Steps of a piece, and its length in units of the horizon: so short that nothing diverges. */
const STEPS = 200;
const SHARE = 1e-6;
/** Seconds that a piece takes at least, so that starting it does not count. */
const LONG_ENOUGH = 0.2;
const MOST_DOUBLINGS = 6;

/** 10⁶ path-steps per second of both; null where there is no card, or none for this control. */
export interface PathRates {
  readonly processor: number | null;
  readonly card: number | null;
}

/** Lends `use` the card where it is the faster one, and closes it behind it. A driver that stands in is no card. */
export async function onFaster<Value>(
  problem: Problem,
  options: TwoScaleOptions,
  run: PathRun & { readonly clock: () => number },
  use: (card: Card | undefined, rates: PathRates) => Promise<Value>,
): Promise<Value> {
  const kernel = await orNull(nodeGpuKernel);
  if (kernel === null) return use(undefined, { processor: null, card: null });
  try {
    if (kernel.card.software) return await use(undefined, { processor: null, card: null });
    const rates = await ratesOf(problem, options, run, kernel.card);
    return await use(isFaster(rates) ? kernel.card : undefined, rates);
  } finally {
    await kernel.close();
  }
}

/** Whether the card is the faster one. */
export function isFaster({ processor, card }: PathRates): boolean {
  return processor !== null && card !== null && card > processor;
}

async function ratesOf(
  problem: Problem,
  options: TwoScaleOptions,
  run: PathRun & { readonly clock: () => number },
  card: Card,
): Promise<PathRates> {
  const onCard = await orNull(() => pathRate(problem, options, { ...run, card }));
  if (onCard === null) return { processor: null, card: null };
  return { processor: await pathRate(problem, options, run), card: onCard };
}

/** 10⁶ path-steps per second of so many paths, the second time they run: the first one compiles. */
export async function pathRate(
  problem: Problem,
  options: TwoScaleOptions,
  { clock, threads, card, signal }: PathRun & { readonly clock: () => number },
): Promise<number> {
  const timed = async (steps: number) => {
    const short = { ...problem, horizon: problem.horizon * SHARE };
    const start = clock();
    const ensemble = await simulateTwoScale(short, { ...options, steps, records: 1 }, { threads, card, signal });
    return { seconds: clock() - start, pathSteps: ensemble.paths * ensemble.steps };
  };
  let steps = STEPS;
  for (let doublings = 0; ; doublings++) {
    await timed(steps);
    const { seconds, pathSteps } = await timed(steps);
    if (seconds >= LONG_ENOUGH || doublings === MOST_DOUBLINGS) return pathSteps / seconds / 1e6;
    steps *= 2;
  }
}

/** What cannot be done on a card, or without one, counts as null. */
async function orNull<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** What --backend fastest has measured. */
export function shownRates({ processor, card }: PathRates): string {
  if (processor === null || card === null) return 'the processor: no graphics card takes these paths';
  const [slower, faster] = [processor, card].sort((a, b) => a - b).map((rate) => `${rate.toPrecision(2)}·10⁶`);
  return `${isFaster({ processor, card }) ? 'the card' : 'the processor'}, ${faster} steps/s against ${slower}`;
}
