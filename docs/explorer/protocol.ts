/** What the page asks of its workers, and what they answer: plain data, which can be posted. */

/** The text of a scenario with its name: the problem itself has functions, and is read again in every worker. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export interface Side {
  readonly lower: number;
  readonly upper: number;
}

export interface Nodes {
  readonly x: number;
  readonly y: number;
}

/** Below this ε the steps that follow Y take too long for a page, and no path is simulated. */
export const SMALLEST_SIMULATED = 1e-4;

export type Device = 'processor' | 'graphics card';

/** What the page shows of a scenario and what its sliders run over. */
export interface Opened {
  readonly title: string;
  readonly formulas: readonly (readonly [string, string])[];
  readonly x: Side;
  readonly y: Side;
  /** The compact set K. */
  readonly observe: { readonly x: Side; readonly y: Side };
  readonly start: { readonly x: number; readonly y: number; readonly p: number };
  readonly horizon: number;
}

/** Vᵉ at τ = T on x × y nodes, x the faster index. */
export interface Value {
  readonly epsilon: number;
  readonly nodes: Nodes;
  readonly values: Float64Array;
  /** Vᵉ at the point asked for, by the interpolation of `hjb solve`. */
  readonly at: number;
  readonly steps: number;
  readonly seconds: number;
  readonly threads: number;
  readonly backend: string;
  /** How it ended, where it did not reach T. */
  readonly trouble: string | null;
  readonly warnings: readonly string[];
}

/** v at τ = T on the x nodes, with the steps of Vᵉ. */
export interface Limit {
  readonly nodes: Nodes;
  readonly values: Float64Array;
  readonly steps: number;
  /** max|Dv|. */
  readonly steepest: number;
}

/** H̄ on x × p, x the faster index. */
export interface Hamiltonian {
  readonly x: Side & { readonly nodes: number };
  readonly p: Side & { readonly nodes: number };
  readonly values: Float64Array;
  readonly method: string;
  readonly warnings: readonly string[];
}

/** μ_x at one x. */
export interface Measure {
  readonly x: number;
  readonly y: Float64Array;
  readonly density: Float64Array;
  readonly mean: number;
  readonly deviation: number;
  readonly wells: readonly number[];
  readonly warnings: readonly string[];
}

/** The δ-cell problem on (−radius, radius) at one (x,p). */
export interface Cell {
  readonly radius: number;
  readonly delta: number;
  readonly y: Float64Array;
  /** ω(y) − ω(0), which tends to the corrector. */
  readonly corrector: Float64Array;
  readonly minusDeltaOmega: number;
  readonly exitWeight: number;
  readonly hamiltonian: number;
  readonly trap: string | null;
  readonly warnings: readonly string[];
}

/** u*(0,x,y) of Vᵉ on x × y nodes, the first of the controls. */
export interface Feedback {
  readonly name: string;
  readonly epsilon: number;
  readonly nodes: Nodes;
  readonly values: Float64Array;
}

/** Some paths X under the feedback of Vᵉ, and the path of the limit under that of v. */
export interface Paths {
  readonly epsilon: number;
  readonly times: Float64Array;
  /** One array per path; none below the smallest ε that is simulated. */
  readonly paths: readonly Float64Array[];
  readonly limit: Float64Array;
  readonly steps: number;
  readonly warnings: readonly string[];
}

/** The tasks of a worker by name: what is given besides the scenario, and what is found. */
export interface Tasks {
  readonly open: { readonly asked: object; readonly found: Opened };
  readonly value: {
    readonly asked: {
      readonly epsilon: number;
      readonly nodes: Nodes;
      readonly at: readonly [number, number];
      readonly device: Device;
      readonly threads: number;
    };
    readonly found: Value;
  };
  readonly limit: {
    /** Null: as many steps as Vᵉ takes on the processor. */
    readonly asked: { readonly nodes: Nodes; readonly steps: number | null };
    readonly found: Limit;
  };
  readonly hamiltonian: { readonly asked: { readonly slope: number }; readonly found: Hamiltonian };
  readonly measure: { readonly asked: { readonly x: number }; readonly found: Measure };
  readonly cell: {
    readonly asked: { readonly x: number; readonly p: number; readonly radius: number; readonly delta: number };
    readonly found: Cell;
  };
  readonly feedback: {
    readonly asked: { readonly epsilon: number; readonly nodes: Nodes };
    /** Null where there is nothing to choose. */
    readonly found: Feedback | null;
  };
  readonly paths: {
    readonly asked: { readonly epsilon: number; readonly nodes: Nodes; readonly x: number; readonly y: number };
    readonly found: Paths;
  };
}

export type TaskName = keyof Tasks;
export type Asked<Name extends TaskName> = Tasks[Name]['asked'];
export type Found<Name extends TaskName> = Tasks[Name]['found'];

export interface Request {
  readonly id: number;
  readonly task: TaskName;
  readonly source: Source;
  readonly asked: unknown;
}

/** An error of input in the words of the reader: `message` is the whole line, `place` where it has one. */
export interface Refusal {
  readonly message: string;
  readonly place: string | null;
  readonly words: string;
}

export type Answer =
  | { readonly id: number; readonly found: unknown }
  | { readonly id: number; readonly refusal: Refusal };
