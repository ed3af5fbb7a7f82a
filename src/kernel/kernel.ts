/**
 * The one interface behind which hot loops run: a time step is a list of phases over numbered buffers, and a kernel
 * executes many steps per call. A scheme composes phases; a kernel knows phases and no scheme.
 *
 * Buffers are fields on slow × fast nodes, x contiguous: entry j·slowSize + s. Fields of x alone have length slowSize.
 */
import type { FastLines, Sweep } from '../differencing/differencing.ts';
import type { Grid } from '../grid/grid.ts';
import type { PlaneRates } from '../linalg/plane-elimination.ts';

/** Slots of the jump rates along one fast axis. */
export interface RateSlots {
  readonly up: number;
  readonly down: number;
}

/** A combination takes at most so many fields. */
export const MOST_TERMS = 4;

/** A field times a number. */
export interface Term {
  readonly field: number;
  readonly factor: number;
}

/** One operation of a step on numbered buffers: `out` and the other numbers are slots of `StepProgram.buffers`. */
export type Phase =
  /** out = add + increment(V), node by node; `out` and `value` differ, `out` may be `add`. */
  | ({ readonly kind: 'sweep'; readonly out: number; readonly add: number; readonly value: number } & Sweep)
  /**
   * out = (I − κL)⁻¹ right with killing = 1/κ, per line in y: (killing + down + up) w_j − down w_{j−1} − up w_{j+1} =
   * killing · right_j, j±1 the neighbours along `lines`. The rates stand in the slots `up` and `down`; `out` may be
   * `right`.
   */
  | {
      readonly kind: 'solve';
      readonly out: number;
      readonly right: number;
      readonly up: number;
      readonly down: number;
      readonly killing: number;
      /** Default: one line of all fast nodes. */
      readonly lines?: FastLines;
    }
  /**
   * out = (I − κL)⁻¹ right with killing = 1/κ for L the sum of the generators `along` both axes of a plane of
   * shape[0] × shape[1] fast nodes, not split: for chains that are out of balance. Neighbours along an axis stand
   * `strides` fast nodes apart; memory is shape[0]²·shape[1] factors. `out` may be `right`.
   */
  | {
      readonly kind: 'solve-plane';
      readonly out: number;
      readonly right: number;
      readonly along: readonly [RateSlots, RateSlots];
      readonly shape: readonly [number, number];
      readonly strides: readonly [number, number];
      readonly killing: number;
    }
  /** out(x) = add(x) + Σ_j weights_j · increment(x, y_j) of v(x). `out` and `value` differ; fields of x alone. */
  | ({
      readonly kind: 'average';
      readonly out: number;
      readonly add: number;
      readonly value: number;
      readonly weights: number;
    } & Omit<Sweep, 'across'>)
  /** out = Σ factor·field over 1 to MOST_TERMS fields; `out` may be one of them. */
  | { readonly kind: 'combine'; readonly out: number; readonly terms: readonly Term[] }
  /**
   * out = accurate where |accurate − monotone| ≤ reach (Froese, Oberman 2013) and accurate ≥ floor, else monotone. Adds
   * the number of nodes that fell back to `fallen`, a field of x alone. `out` may be one of both.
   */
  | {
      readonly kind: 'filter';
      readonly out: number;
      readonly accurate: number;
      readonly monotone: number;
      readonly reach: number;
      /** −∞ for none. */
      readonly floor: number;
      readonly fallen: number;
    }
  /** out = add + factor · L V with reflecting ends, L the birth–death generator of `up` and `down` along `lines`. */
  | {
      readonly kind: 'generator';
      readonly out: number;
      readonly add: number;
      readonly value: number;
      readonly up: number;
      readonly down: number;
      readonly factor: number;
      readonly lines?: FastLines;
    };

/** One time step as data. */
export interface StepProgram {
  readonly slow: Grid;
  readonly fastNodes: number;
  /** Initial contents of the slots. */
  readonly buffers: readonly Float64Array[];
  readonly phases: readonly Phase[];
  /** The slot that holds the value before a step, and the one that holds it after; they are exchanged between steps. */
  readonly value: number;
  readonly next: number;
  /** Steps taken before, which the count of steps goes on from; default 0. The sums of a step may go by its parity. */
  readonly taken?: number;
}

/** What stopped a run of steps early: steps done, up to the first with a value that is not finite. */
export interface Breakdown {
  readonly step: number;
}

/** A cancel that was obeyed before the steps asked for were done: steps done. */
export interface Interrupted {
  readonly interrupted: number;
}

/** A program in the memory of a kernel. */
export interface LoadedProgram {
  /** Threads that work on it; a small program gets one. */
  readonly threads: number;
  /** Bytes a step must move between processor and memory per node: fields on all nodes, once per pass over them. */
  readonly bytesPerNode: number;
  /** Steps that cost hardly more together than one; default 1. */
  readonly stepsAtOnce?: number;
  /**
   * Takes `steps` more steps, or stops after the first step with a value that is not finite. Where a step takes long, a
   * kernel may obey the signal inside it and keep the value before.
   */
  advance(steps: number, signal?: AbortSignal): Promise<Breakdown | Interrupted | null>;
  /** Goes back to the first step, from another value: its rates are the program's, nothing is loaded anew. */
  restart(value: Float64Array): void;
  /** A copy of the current value, or of the field in another slot. */
  read(slot?: number): Promise<Float64Array>;
}

/** The memory of one solve. */
export interface Session {
  /** An array of zeros in the kernel's own memory: a program whose buffers come from here is loaded without a copy. */
  allocate(length: number): Float64Array;
  /** Buffers from elsewhere are copied. Those of the session are the kernel's to change: rates do not survive. */
  load(program: StepProgram): Promise<LoadedProgram>;
  /** Bytes of fields held, at their peak. */
  readonly bytes: number;
  /** Bytes of fields there is still room for; ∞ where no bound is known. */
  readonly free: number;
  /** Frees the memory; programs of the session cannot be used afterwards. */
  close(): void;
}

/** Where the hot loops run. A solve opens a session, loads its step program there and takes its steps. */
export interface Kernel {
  readonly kind: 'wasm' | 'plain' | 'gpu';
  /** What really runs: 'wasm', 'js', or the mode of a graphics card such as 'gpu:webgpu'. */
  readonly backend: string;
  /** Threads lent to a program that is large enough. */
  readonly threads: number;
  /** The memory of a new solve; the solve closes it. */
  open(): Session;
  /** Ends worker threads; the kernel cannot be used afterwards. */
  close(): Promise<void>;
}

/** A block of a field in which the lines of one fast axis are the columns of `nodes` rows of `lanes` entries. */
export interface LineBlock {
  readonly offset: number;
  readonly lanes: number;
  readonly nodes: number;
}

/** The blocks that hold all lines; y₁ runs fastest among the fast axes. */
export function lineBlocks(
  { slow, fastNodes }: Pick<StepProgram, 'slow' | 'fastNodes'>,
  { nodes, stride }: FastLines = { nodes: fastNodes, stride: 1 },
): LineBlock[] {
  const lanes = slow.size * stride;
  return Array.from({ length: fastNodes / (stride * nodes) }, (_, block) => ({
    offset: block * nodes * lanes,
    lanes,
    nodes,
  }));
}

export type PlaneSolve = Extract<Phase, { kind: 'solve-plane' }>;

/** The chains of an unsplit solve. */
export function planeRates(
  { along, shape, strides }: PlaneSolve,
  { slow }: Pick<StepProgram, 'slow'>,
  slots: readonly Float64Array[],
): PlaneRates {
  const ratesOf = ({ up, down }: RateSlots) => ({ up: slots[up], down: slots[down] });
  return { lanes: slow.size, shape, strides, along: [ratesOf(along[0]), ratesOf(along[1])] };
}
