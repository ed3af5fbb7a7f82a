import type { Interval, Problem } from '../src/model/problem.ts';

/** A point (x, p) at which cell problems and H̄ are studied. */
export interface CellPoint {
  readonly x: readonly number[];
  readonly p: readonly number[];
}

/** What `hjb study` refines; every list has at least one entry. */
export interface StudySettings {
  /** Values of ε, in the order of the file. */
  readonly epsilon: readonly number[];
  /** How differences in x are taken where the command does not say; null: the first of the list. */
  readonly scheme: string | null;
  /** Levels of refinement: nodes per slow axis, nodes per fast axis. */
  readonly nodes: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly cell: {
    /** Where the cell problem is solved. */
    readonly at: readonly CellPoint[];
    /** Radii n of the balls. */
    readonly radius: readonly number[];
    /** δ(n) = n^−(4+α). */
    readonly alpha: number;
  };
  /** Ensembles of paths; null for none. */
  readonly paths: {
    readonly epsilon: readonly number[];
    /** Paths of an ensemble. */
    readonly count: number;
    readonly seed: number;
    /** That of Vᵉ and of its feedback; null: that of the study. */
    readonly scheme: string | null;
  } | null;
}

/** How `hjb optimize` descends the loss of a deep-relaxation model; every number has a default. */
export interface OptimizeSettings {
  /** Box of random starts, one interval per variable; equal ends fix a coordinate. */
  readonly from: readonly Interval[];
  /** Gradient evaluations every method may spend. */
  readonly evaluations: number;
  /** Named boxes in which a run may end. */
  readonly valleys: readonly { readonly name: string; readonly box: readonly Interval[] }[];
  /** Step η of gradient descent and SGD, noise σ of SGD. */
  readonly descent: { readonly step: number; readonly noise: number };
  /** Step h of the fast variable in its own time, and its temperature. */
  readonly langevin: { readonly step: number; readonly temperature: number };
  /** L, α and η of Entropy-SGD. */
  readonly entropySgd: { readonly inner: number; readonly average: number; readonly step: number };
  /** ε, and α of the average that estimates the slope. */
  readonly deepRelaxation: { readonly epsilon: number; readonly average: number };
}

/** A parameter of a sweep with the values it takes, in the order of the file. */
export interface SweptParameter {
  readonly name: string;
  readonly values: readonly number[];
}

/** A scenario file, read and checked. */
export interface Scenario {
  /** File name without extension. */
  readonly fileName: string;
  /** That with what was set: `quadratic,gamma=4`; names the results folder. */
  readonly name: string;
  /** That of the file, and what was set. */
  readonly title: string;
  /** The path as the user gave it, or library name. */
  readonly file: string;
  /** The text of the file, kept with the results. */
  readonly source: string;
  /** What the solvers take. */
  readonly problem: Problem;
  /** Model, parameters and horizon as text: scenarios of the same definition have the same problem. */
  readonly definition: string;
  /** What replaced values of the file, by name, as it was given: `--set gamma=4`, or a member of a sweep. */
  readonly set: Readonly<Record<string, string>>;
  /** What the file sweeps, the slowest first, without what was set; empty where nothing is swept. */
  readonly sweep: readonly SweptParameter[];
  /** The parameters of the file, which formulas given elsewhere may use too. */
  readonly parameters: Readonly<Record<string, number>>;
  /** The boxes of the axes. */
  readonly domain: {
    /** One interval per slow axis. */
    readonly x: readonly Interval[];
    /** One interval per fast axis, or null: chosen from the tails of the invariant measure. */
    readonly y: readonly Interval[] | null;
  };
  /** The compact set K of every error norm; y null: mean ± 2 standard deviations of μ_x at the centre of K. */
  readonly observe: { readonly x: readonly Interval[]; readonly y: readonly Interval[] | null };
  readonly study: StudySettings;
  /** Null exactly where the model has no loss, that is, is no deep-relaxation model. */
  readonly optimize: OptimizeSettings | null;
  /** `file:line` of the part of the file that defines a subject (see InputError.subject), else the file alone. */
  readonly placeOf: (subject: string) => string;
}
