/**
 * An error budget: how much of the error of a solve each parameter is answerable for.
 *
 * Varying the size s of one parameter to rs, with claimed order p in s, its part of the error of an observed Q is
 *
 *   e ≈ (Q(rs) − Q(s)) / (r^p − 1)         (Richardson; the sign is kept, so that parts may cancel),
 *
 * for a coarser (r > 1) or finer (r < 1) variation alike. r = 0 removes the error (ε → 0: e = Vᵉ − v on the same
 * grid), and p = ∞ says that it decays faster than any power (the size being 1/box: e = Q(s) − Q(rs)). To leading
 * order the parts add up to the error; what they miss are products of small quantities. The part `controls`, what a
 * minimum over U leaves that is not exact, is no estimate but a bound, ∞ where there is none: so then is the sum.
 */
import type { Level } from './refinement.ts';

/** Parts of V_h − Vᵉ, and the distance of Vᵉ from its limit v. */
export type PartOf = 'discretisation' | 'homogenisation';

/** How one parameter is varied. */
export interface BudgetPart {
  /** The parameter: a key of the levels. */
  readonly parameter: string;
  readonly of: PartOf;
  /** Claimed order in the size of the parameter; ∞ where the error decays faster than any power of it. */
  readonly order: number;
  /** q where the cost of a solve grows like size^−q. */
  readonly effort: number;
  /** The varied level: what differs from `from`. */
  readonly to: Level;
  /** What differs from the base where a variation needs it, such as the steps a finer grid asks for. */
  readonly from?: Level;
}

/** Numbers known exactly, one per observed number; null where there is none. */
export type Known = readonly (number | null)[];

export interface BudgetPlan {
  readonly base: Level;
  readonly parts: readonly BudgetPart[];
  /** The observed numbers of the base, where they are known already. */
  readonly values?: readonly number[];
  /** The observed numbers of one level: values at points, or one constant such as H̄. */
  readonly solve: (level: Level) => Promise<readonly number[]>;
  /** What an inexact minimum over U adds to every observed number at most, with its sign; absent for no minimum. */
  readonly controls?: readonly number[];
  /** False where the nodes in y miss part of the invariant measure: of what they miss nothing is known. */
  readonly isResolved?: boolean;
  /** What the discretisation approximates (Vᵉ), and its limit (v), where they are known. */
  readonly exact?: { readonly value?: Known; readonly limit?: Known };
}

export interface PartEstimate {
  readonly parameter: string;
  readonly of: PartOf;
  readonly order: number;
  /** The part of the error of every observed number, with its sign. */
  readonly errors: readonly number[];
  /** The largest of their sizes. */
  readonly largest: number;
  /** The cost of a solve with half this part over the cost now, 2^{q/p}. */
  readonly costOfHalving: number;
}

/** The sum of parts beside the exact error, where it is known. */
export interface BudgetSum {
  readonly estimated: readonly number[];
  readonly exact: Known;
  /** The part to make smaller next, the largest one that is known; null where all are 0. */
  readonly largest: PartEstimate | null;
}

export interface Budget {
  readonly base: Level;
  readonly values: readonly number[];
  readonly parts: readonly PartEstimate[];
  /** Of the parts of the discretisation: V_h − Vᵉ. */
  readonly discretisation: BudgetSum;
  /** Of all parts: V_h − v; null where no part is of the homogenisation. */
  readonly total: BudgetSum | null;
  /** How many levels the budget took, the base among them. */
  readonly solves: number;
}

/** Estimates every part of the error from one variation each; equal levels are solved once, one after the other. */
export async function errorBudget(plan: BudgetPlan): Promise<Budget> {
  const { base } = plan;
  const solved = new Map<string, readonly number[]>();
  const solve = async (level: Level) => {
    const found = solved.get(keyOf(level)) ?? (await plan.solve(level));
    solved.set(keyOf(level), found);
    return found;
  };
  const values = plan.values ?? (await solve(base));
  solved.set(keyOf(base), values);
  const parts: PartEstimate[] = [];
  for (const part of plan.parts) {
    const from = { ...base, ...part.from };
    const to = { ...from, ...part.to };
    parts.push(estimate(part, to[part.parameter] / from[part.parameter], await solve(from), await solve(to)));
  }
  if (plan.controls !== undefined) parts.push(givenPart('controls', plan.controls));
  if (plan.isResolved === false)
    parts.push(
      givenPart(
        'resolution',
        values.map(() => Infinity),
      ),
    );
  const sum = (summed: readonly PartEstimate[], known: Known | undefined): BudgetSum => ({
    estimated: values.map((_, i) => summed.reduce((total, { errors }) => total + errors[i], 0)),
    exact: values.map((value, i) => minus(value, known?.[i] ?? null)),
    largest: summed.reduce<PartEstimate | null>((a, b) => (isLarger(b, a) ? b : a), null),
  });
  const ofScheme = parts.filter((part) => part.of === 'discretisation');
  return {
    base,
    values,
    parts,
    discretisation: sum(ofScheme, plan.exact?.value),
    total: ofScheme.length === parts.length ? null : sum(parts, plan.exact?.limit),
    solves: solved.size,
  };
}

function keyOf(level: Level): string {
  return JSON.stringify(Object.entries(level).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function estimate(
  { parameter, of, order, effort }: BudgetPart,
  ratio: number,
  from: readonly number[],
  to: readonly number[],
): PartEstimate {
  if (!(ratio >= 0) || ratio === 1) throw new RangeError(`the variation of "${parameter}" does not change its size`);
  const factor = ratio ** order - 1;
  const errors = from.map((value, i) => (to[i] - value) / factor);
  return { parameter, of, order, errors, largest: largestOf(errors), costOfHalving: 2 ** (effort / order) };
}

function largestOf(errors: readonly number[]): number {
  return errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0);
}

function givenPart(parameter: 'controls' | 'resolution', errors: readonly number[]): PartEstimate {
  const largest = largestOf(errors);
  return { parameter, of: 'discretisation', order: Infinity, errors, largest, costOfHalving: 1 };
}

function isLarger({ largest }: PartEstimate, than: PartEstimate | null): boolean {
  return Number.isFinite(largest) && largest > (than?.largest ?? 0);
}

function minus(value: number, known: number | null): number | null {
  return known === null || !Number.isFinite(known) ? null : value - known;
}
