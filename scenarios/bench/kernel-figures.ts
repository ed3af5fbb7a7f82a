/**
 * Time per node and step of the hot loops, beside the bytes they must move and the copy bandwidth of the machine.
 * Runs with different threads are interleaved, so that a machine whose speed drifts does no harm to their ratio.
 */
import type { Kernel, LoadedProgram, StepProgram } from '../../src/kernel/kernel.ts';

/** A hot loop at a size and a number of threads. */
export interface KernelFigure {
  readonly name: string;
  /** Nodes per axis: x, y. */
  readonly nodes: readonly number[];
  /** Nanoseconds per node and step, the median of the repeats. */
  readonly nsPerNodeStep: number;
  /** Bytes a step must move per node. */
  readonly bytesPerNodeStep: number;
  readonly threads: number;
  /** Bandwidth over that of copying the largest field with as many threads; above 1 the fields stay in cache. */
  readonly fractionOfCopy: number | null;
}

/** A step to be measured at one size. */
export interface Measured {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly program: StepProgram;
}

const REPEATS = 7;
/** Node updates per repeat: some hundredths of a second. */
const UPDATES = 4e7;

/** Figures of one step on every kernel; `fractionOfCopy` is left open. */
export async function measureStep(
  { name, nodes, program }: Measured,
  kernels: readonly Kernel[],
  clock: () => number,
): Promise<KernelFigure[]> {
  const size = program.slow.size * program.fastNodes;
  const steps = Math.max(2, Math.round(UPDATES / size));
  const sessions = kernels.map((kernel) => kernel.open());
  const loaded: LoadedProgram[] = [];
  for (const session of sessions) loaded.push(await session.load(program));
  const samples = kernels.map((): number[] => []);
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    for (const [k, each] of loaded.entries()) {
      const start = clock();
      await each.advance(steps);
      // The first round warms up compilers and caches.
      if (repeat > 0) samples[k].push(((clock() - start) * 1e9) / (steps * size));
    }
  }
  for (const session of sessions) session.close();
  return loaded.map(({ threads, bytesPerNode }, k) => ({
    name,
    nodes,
    nsPerNodeStep: median(samples[k]),
    bytesPerNodeStep: bytesPerNode,
    threads,
    fractionOfCopy: null,
  }));
}

/** The figures with their bandwidth over that of `copies`, the figures of copying with each number of threads. */
export function overCopy(figures: readonly KernelFigure[], copies: readonly KernelFigure[]): KernelFigure[] {
  return figures.map((figure) => {
    const copy = copies.find(({ threads }) => threads === figure.threads);
    const fraction = copy === undefined ? Number.NaN : bandwidth(figure) / bandwidth(copy);
    return { ...figure, fractionOfCopy: Number.isFinite(fraction) ? fraction : null };
  });
}

/** Gigabytes per second. */
export function bandwidth({ bytesPerNodeStep, nsPerNodeStep }: KernelFigure): number {
  return bytesPerNodeStep / nsPerNodeStep;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
