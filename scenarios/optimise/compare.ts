import { type LearningCurve, type Optimised, optimise } from '../../solvers/index.ts';
import type { Interval } from '../../src/model/problem.ts';
import { evaluationsPerStep, type Optimiser, type OptimiserName } from '../../src/optimiser/optimiser.ts';
import { randomStream } from '../../src/random/random-stream.ts';
import { type Comparison, type MethodResult, meanOf, type RunEnd, shareOf } from './comparison.ts';
import type { Experiment, RateName, Task } from './experiment.ts';

export interface CompareOptions {
  readonly methods: readonly OptimiserName[];
  readonly rate: RateName;
  readonly seed: number;
  readonly seeds: number;
  readonly evaluations: number;
  /** The box of the landscape in the figures; null for none. */
  readonly view: readonly Interval[] | null;
  readonly progress?: (label: string, fraction: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Every method from the same starts with the same budget. Run k starts where stream 2k of the seed says and draws its
 * noise from stream 2k + 1, so that a run depends neither on the other runs nor on the other methods. Throws
 * AbortError.
 */
export async function compareOptimisers(experiment: Experiment, options: CompareOptions): Promise<Comparison> {
  const { methods, rate, seed, seeds, evaluations, view } = options;
  const results: Summary[] = [];
  for (const [m, method] of methods.entries()) {
    const optimiser = experiment.optimiser(method, rate);
    const runs: Run[] = [];
    for (let run = 0; run < seeds; run++) {
      await breathe();
      options.signal?.throwIfAborted();
      options.progress?.(optimiser.title, (m + run / seeds) / methods.length);
      const task = experiment.task(run);
      const found = oneRun(task, optimiser, { seed, run, evaluations });
      const end = endOf(run, found, task, valleyOf(experiment, found.x));
      runs.push({ end, curve: found.curve, lowest: found.lowest });
    }
    results.push(summary(experiment, optimiser, runs));
  }
  const { name, title, facts, unit, valleys } = experiment;
  const record = { name, title, facts, unit, evaluations, seed, seeds, rate, valleys };
  return { ...record, methods: withDifferences(results), landscape: view && landscape(experiment.task(0), view) };
}

/** Lets a cancellation come through between two runs. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function oneRun(
  { objective, start }: Task,
  optimiser: Optimiser,
  { seed, run, evaluations }: { readonly seed: number; readonly run: number; readonly evaluations: number },
): Optimised {
  const from = new Float64Array(objective.dimension);
  start(from, randomStream(seed, 2 * run));
  return optimise(objective, { optimiser, from, evaluations, random: randomStream(seed, 2 * run + 1) });
}

/** Points of more variables are left out of the record: nobody reads a thousand weights. */
const MOST_COORDINATES = 3;

function endOf(run: number, { loss, x, outcome }: Optimised, task: Task, valley: string | null): RunEnd {
  const diverged = outcome.status === 'diverged';
  return {
    run,
    loss,
    ...(x.length <= MOST_COORDINATES ? { x: [...x] } : {}),
    measures: task.measures.map(({ of }) => of(x)),
    valley: diverged ? null : valley,
    divergedAt: diverged ? outcome.step : null,
  };
}

interface Run {
  readonly end: RunEnd;
  readonly curve: LearningCurve;
  readonly lowest: Optimised['lowest'];
}

type Summary = Omit<MethodResult, 'differences'>;

function summary(experiment: Experiment, optimiser: Optimiser, all: readonly Run[]): Summary {
  const { objective, measures } = experiment.task(0);
  const ends = all.map(({ end }) => end);
  const finished = all.filter(({ end }) => end.divergedAt === null);
  const points = finished[0]?.curve.evaluations ?? [];
  const means = points.map((_, k) => meanOf(finished.map(({ curve }) => curve.loss[k])));
  const { name, title, formula } = optimiser;
  return {
    method: name,
    title,
    formula,
    evaluationsPerStep: evaluationsPerStep(optimiser, objective),
    valleys: shares(experiment, ends),
    finalLoss: meanOf(finished.map(({ end }) => end.loss)),
    measures: measures.map(({ label }, k) => ({ label, ...meanOf(finished.map(({ end }) => end.measures[k])) })),
    diverged: all.length - finished.length,
    lowestRate: lowestRateOf(optimiser, all),
    curve: {
      evaluations: points,
      mean: means.map(({ mean }) => mean),
      standardError: means.map(({ standardError }) => standardError),
    },
    runs: ends,
  };
}

function lowestRateOf({ rate }: Optimiser, all: readonly Run[]): MethodResult['lowestRate'] {
  const counts = all.flatMap(({ lowest }) => (lowest === null ? [] : [lowest]));
  if (rate?.kind !== 'limit' || counts.length === 0) return null;
  const sum = (of: (count: (typeof counts)[number]) => number) => counts.reduce((total, count) => total + of(count), 0);
  const choices = sum((count) => count.of);
  const share = choices === 0 ? 0 : sum(({ taken }) => taken) / choices;
  return { lower: rate.lower, upper: rate.upper, share };
}

function withDifferences(results: readonly Summary[]): MethodResult[] {
  const last = results[results.length - 1];
  return results.map((result) => {
    const both = result.runs.filter((end, run) => end.divergedAt === null && last.runs[run].divergedAt === null);
    const difference = (k: number) => meanOf(both.map(({ run, measures }) => measures[k] - last.runs[run].measures[k]));
    return { ...result, differences: result.measures.map((_, k) => difference(k)) };
  });
}

const ELSEWHERE = 'elsewhere';

function valleyOf({ valleys }: Experiment, x: Float64Array): string | null {
  if (valleys.length === 0) return null;
  const inside = (box: readonly Interval[]) => box.every(({ lower, upper }, i) => x[i] >= lower && x[i] <= upper);
  return valleys.find(({ box }) => inside(box))?.name ?? ELSEWHERE;
}

/** The share of every valley, "elsewhere" last. */
function shares({ valleys }: Experiment, ends: readonly RunEnd[]): MethodResult['valleys'] {
  if (valleys.length === 0) return [];
  return [...valleys.map(({ name }) => name), ELSEWHERE].map((name) =>
    shareOf(name, ends.filter(({ valley }) => valley === name).length, ends.length),
  );
}

/** Points per axis of a landscape: a line is fine, a plane small enough for a page. */
const POINTS = { 1: 401, 2: 81 } as Record<number, number>;

function landscape({ objective }: Task, view: readonly Interval[]): Comparison['landscape'] {
  const points = POINTS[view.length];
  const axes = view.map(({ lower, upper }) =>
    Array.from({ length: points }, (_, k) => (lower * (points - 1 - k) + upper * k) / (points - 1)),
  );
  const [first, second = [0]] = axes;
  const x = new Float64Array(view.length);
  const loss = second.flatMap((other) =>
    first.map((value) => {
      x[0] = value;
      if (view.length > 1) x[1] = other;
      return objective.loss(x);
    }),
  );
  return { axes, loss };
}
