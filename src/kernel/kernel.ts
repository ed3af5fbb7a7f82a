/**
 * The one interface behind which hot loops run: a time step is a list of phases over numbered buffers, and a kernel
 * executes many steps per call. A scheme composes phases; a kernel knows phases and no scheme.
 *
 * Buffers are fields on slow × fast nodes, x contiguous: entry j·slowSize + s. Fields of x alone have length slowSize.
 */
import type { Grid } from '../grid/grid.ts';

/** A candidate control: slots of its signed rates φ_i/dx_i per slow axis, and of its running cost if it has any. */
export interface CandidateSlots {
  readonly rates: readonly number[];
  readonly cost: number | null;
}

/** min over the candidates, and 0 if `canRest`, of Σ_i r_i⁺ δ_i⁺V + r_i⁻ δ_i⁻V + ℓ; interior differences at ends. */
export interface Minimum {
  readonly candidates: readonly CandidateSlots[];
  readonly canRest: boolean;
}

export type Phase =
  /** out = V + dt · minimum, node by node. `out` and `value` differ. */
  | {
      readonly kind: 'sweep';
      readonly out: number;
      readonly value: number;
      readonly minimum: Minimum;
      readonly dt: number;
    }
  /**
   * out = (I − κL)⁻¹ right with killing = 1/κ, per line in y: (killing + down + up) w_j − down w_{j−1} − up w_{j+1} =
   * killing · right_j. The rates stand in the slots `up` and `down`; `out` may be `right`.
   */
  | {
      readonly kind: 'solve';
      readonly out: number;
      readonly right: number;
      readonly up: number;
      readonly down: number;
      readonly killing: number;
    }
  /** out(x) = v(x) + dt Σ_j weights_j · minimum(x, y_j) with differences of v. `out` and `value` differ. */
  | {
      readonly kind: 'average';
      readonly out: number;
      readonly value: number;
      readonly weights: number;
      readonly minimum: Minimum;
      readonly dt: number;
    }
  /** out = add + factor · L V with reflecting ends, L the birth–death generator of `up` and `down`. */
  | {
      readonly kind: 'generator';
      readonly out: number;
      readonly add: number;
      readonly value: number;
      readonly up: number;
      readonly down: number;
      readonly factor: number;
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
}

/** What stopped a run of steps early: steps done since loading, up to the first with a value that is not finite. */
export interface Breakdown {
  readonly step: number;
}

/** A program in the memory of a kernel. */
export interface LoadedProgram {
  /** Threads that work on it; a small program gets one. */
  readonly threads: number;
  /** Takes `steps` more steps, or stops after the first step with a value that is not finite. */
  advance(steps: number): Promise<Breakdown | null>;
  /** A copy of the current value. */
  read(): Promise<Float64Array>;
}

/** The memory of one solve. */
export interface Session {
  /** An array of zeros in the kernel's own memory: a program whose buffers come from here is loaded without a copy. */
  allocate(length: number): Float64Array;
  /** Buffers from elsewhere are copied. Those of the session are the kernel's to change: rates do not survive. */
  load(program: StepProgram): Promise<LoadedProgram>;
  /** Bytes of fields held, at their peak. */
  readonly bytes: number;
  close(): void;
}

export interface Kernel {
  /** What really runs: 'wasm', 'js', or the mode of a graphics card such as 'gpu:webgpu'. */
  readonly backend: string;
  readonly threads: number;
  open(): Session;
  /** Ends worker threads; the kernel cannot be used afterwards. */
  close(): Promise<void>;
}
