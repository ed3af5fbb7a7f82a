/**
 * An error budget: how much of the error of a solve each parameter is answerable for.
 *
 * Varying the size s of one parameter to rs, with claimed order p in s, its part of the error of an observed Q is
 *
 *   e ≈ (Q(rs) − Q(s)) / (r^p − 1)         (Richardson; the sign is kept, so that parts may cancel),
 *
 * for a coarser (r > 1) or finer (r < 1) variation alike. r = 0 removes the error (ε → 0: e = Vᵉ − v on the same
 * grid), and p = ∞ says that it decays faster than any power (the size being 1/box: e = Q(s) − Q(rs)). To leading
 * order the parts add up to the error; what they miss are products of small quantities. At kinks and on coarse grids an
 * error has no such expansion and may have either sign: a part counts only where estimates from several variations have
 * one sign and one size, and is unknown (NaN, with the reason) elsewhere. The part `controls`, what a
 * minimum over U leaves that is not exact, is no estimate but a bound, ∞ where there is none: so then is the sum.
 */
import { reached, type Watch } from '../input/watch.ts';
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
  /** Further variations of the same parameter, whose estimates have to agree. */
  readonly checks?: readonly Level[];
  /** Why the error has no expansion in the size, a clause: the part is unknown. */
  readonly doubt?: string | null;
}

/** Numbers known exactly, one per observed number; null where there is none. */
export type Known = readonly (number | null)[];

/** What a budget is made of: a solve to be judged, and how each of its parameters is varied. */
export interface BudgetPlan {
  /** The parameters of the solve whose error is judged. */
  readonly base: Level;
  /** One per parameter. */
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

/** The estimated part of one parameter in the error; lists have one entry per observed number. */
export interface PartEstimate {
  readonly parameter: string;
  readonly of: PartOf;
  readonly order: number;
  /** The part of the error of every observed number, with its sign. */
  readonly errors: readonly number[];
  /** Twice the largest of the estimates of every number, of either sign; Infinity or NaN where there are none. */
  readonly sizes: readonly number[];
  /** Why some of them are unknown, which are NaN or ∞; null where all are known. */
  readonly unknown: string | null;
  /** The largest of the sizes that are known; NaN where none is. */
  readonly largest: number;
  /** The cost of a solve with half this part over the cost now, 2^{q/p}. */
  readonly costOfHalving: number;
}

/** The sum of parts beside the exact error, where it is known. */
export interface BudgetSum {
  /** NaN where a part without an estimate is no small share of it. */
  readonly estimated: readonly number[];
  /** The exact error, where it is known. */
  readonly exact: Known;
  /** The part to make smaller next, the largest one that is known; null where all are 0 but for round-off. */
  readonly largest: PartEstimate | null;
}

/** The error of a solve, part by part; lists have one entry per observed number. */
export interface Budget {
  readonly base: Level;
  /** The observed numbers of the base. */
  readonly values: readonly number[];
  /** Those of the plan, then `controls` and `resolution` where it names them. */
  readonly parts: readonly PartEstimate[];
  /** Of the parts of the discretisation: V_h − Vᵉ. */
  readonly discretisation: BudgetSum;
  /** Of all parts: V_h − v; null where no part is of the homogenisation. */
  readonly total: BudgetSum | null;
  /** How many levels the budget took, the base among them. */
  readonly solves: number;
}

/**
 * Estimates every part of the error from its variations (Richardson's extrapolation); equal levels are solved once, one
 * after the other. Throws RangeError for a variation that changes no size, and what `solve` throws.
 */
export async function errorBudget(plan: BudgetPlan, watch: Watch = {}): Promise<Budget> {
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
  for (const [k, part] of plan.parts.entries()) {
    reached(watch, k / plan.parts.length);
    parts.push(await estimated(part, base, solve));
  }
  reached(watch, 1);
  if (plan.controls !== undefined) parts.push(givenPart('controls', plan.controls));
  if (plan.isResolved === false)
    parts.push(
      givenPart(
        'resolution',
        values.map(() => Infinity),
      ),
    );
  const floor = ROUNDING * Math.max(1, largestOf(values));
  const sum = (summed: readonly PartEstimate[], known: Known | undefined): BudgetSum => ({
    estimated: values.map((_, i) => sumAt(summed, i)),
    exact: values.map((value, i) => minus(value, known?.[i] ?? null)),
    largest: summed.reduce<PartEstimate | null>((a, b) => (isLarger(b, a, floor) ? b : a), null),
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

/** The part from its variation, where those of its checks agree with it. */
async function estimated(
  part: BudgetPart,
  base: Level,
  solve: (level: Level) => Promise<readonly number[]>,
): Promise<PartEstimate> {
  const { parameter, of, order, effort, doubt } = part;
  const costOfHalving = 2 ** (effort / order);
  const about = { parameter, of, order, costOfHalving };
  const from = { ...base, ...part.from };
  const found = await solve(from);
  const estimates: number[][] = [];
  for (const change of [part.to, ...(part.checks ?? [])]) {
    const to = { ...from, ...change };
    estimates.push(estimate(part, to[parameter] / from[parameter], found, await solve(to)));
  }
  const errors = estimates[0].map((error, i) => {
    const all = estimates.map((each) => each[i]);
    return agree(all, ROUNDING * Math.max(1, Math.abs(found[i]))) ? error : Number.NaN;
  });
  const sizes = found.map((_, i) => DOUBTFUL * largestOf(estimates.map((each) => each[i])));
  if (doubt !== undefined && doubt !== null) {
    return { ...about, errors: found.map(() => Number.NaN), sizes, unknown: doubt, largest: Number.NaN };
  }
  return { ...about, errors, sizes, unknown: reasonFor(estimates, errors), largest: largestKnown(errors) };
}

/** How much larger an error without an expansion may be than the largest of its estimates. */
const DOUBTFUL = 2;

/** Estimates this much apart are of one size: the next term of the expansion is as large as the first at most. */
const AGREEMENT = 2;
/** Changes of values of size 1 below which signs are those of round-off. */
const ROUNDING = 1e-12;

function agree(estimates: readonly number[], floor: number): boolean {
  const sizes = estimates.map(Math.abs);
  const most = Math.max(...sizes);
  if (most <= floor) return true;
  const isOneSign = estimates.every((error) => Math.sign(error) === Math.sign(estimates[0]));
  return isOneSign && most <= AGREEMENT * Math.min(...sizes);
}

function reasonFor(estimates: readonly (readonly number[])[], errors: readonly number[]): string | null {
  if (errors.every(Number.isFinite)) return null;
  return estimates.flat().every(Number.isFinite)
    ? 'variations of different size say different things, as at kinks and on coarse grids'
    : 'its variation needs more steps than this solve has';
}

function estimate(
  { parameter, order }: BudgetPart,
  ratio: number,
  from: readonly number[],
  to: readonly number[],
): number[] {
  if (!(ratio >= 0) || ratio === 1) throw new RangeError(`the variation of "${parameter}" does not change its size`);
  const factor = ratio ** order - 1;
  return from.map((value, i) => (to[i] - value) / factor);
}

function largestOf(errors: readonly number[]): number {
  return errors.reduce((most, error) => Math.max(most, Math.abs(error)), 0);
}

/** At some points a part may be known, and at others not. */
function largestKnown(errors: readonly number[]): number {
  const known = errors.filter(Number.isFinite);
  return known.length === 0 ? Number.NaN : largestOf(known);
}

function givenPart(parameter: 'controls' | 'resolution', errors: readonly number[]): PartEstimate {
  const largest = largestOf(errors);
  const unknown = errors.every(Number.isFinite) ? null : 'no bound of it is known';
  const about = { parameter, of: 'discretisation', order: Infinity, costOfHalving: 1 } as const;
  return { ...about, errors, sizes: errors.map(Math.abs), unknown, largest };
}

function isLarger({ largest }: PartEstimate, than: PartEstimate | null, floor: number): boolean {
  return Number.isFinite(largest) && largest > (than?.largest ?? floor);
}

/** Parts without a sign are left out of a sum of which they are at most this share: it is right to a fifth. */
const NEGLIGIBLE = 0.2;

function sumAt(parts: readonly PartEstimate[], i: number): number {
  const [known, unknown] = [true, false].map((is) => parts.filter(({ errors }) => Number.isFinite(errors[i]) === is));
  const sum = known.reduce((total, { errors }) => total + errors[i], 0);
  const left = unknown.reduce((total, { sizes }) => total + sizes[i], 0);
  return left <= NEGLIGIBLE * Math.abs(sum) ? sum : Number.NaN;
}

function minus(value: number, known: number | null): number | null {
  return known === null || !Number.isFinite(known) ? null : value - known;
}
