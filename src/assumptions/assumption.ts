/** One assumption of the theory with its verdict, as data and in words. */
import type { Bounds } from './matrix-bounds.ts';

/** holds: proved; fails: refuted at a point; not decided: neither. */
export type Verdict = 'holds' | 'fails' | 'not decided';

/** One assumption of the theory, decided on the formulas, with its constants between bounds. */
export interface Assumption {
  /** Short name: "(A)", "recurrence", "b growth", … */
  readonly name: string;
  /** The inequality, in words and symbols. */
  readonly statement: string;
  readonly verdict: Verdict;
  /** By name, e.g. { κ: { lower: 1.8, upper: 1.8001 } }; infinite where nothing is known or there is none. */
  readonly constants: Readonly<Record<string, Bounds>>;
  /** In words: γ = 2, Lip ∇f ∈ [3.1, 3.2], everywhere. */
  readonly found: string;
  /** Where it is proved, and how the constants go on outside the box. */
  readonly scope: string;
  /** The point that refutes it, by the names of its coordinates; null where there is none. */
  readonly at: Readonly<Record<string, number>> | null;
  /** What is lost where it does not hold (which theorem), empty where it holds. */
  readonly consequence: string;
  /** Whether a theorem rests on it; `smoothness` only matters for orders. */
  readonly needed: boolean;
}

/** What decides: everything of an assumption but what follows from it. */
export type Finding = Omit<Assumption, 'found' | 'needed'> & { readonly needed?: boolean };

/** The assumption with what follows: words, and no consequence where it holds. */
export function assumptionOf(finding: Finding): Assumption {
  const { constants, verdict, at, scope, consequence, needed = true } = finding;
  const lost = verdict === 'holds' ? '' : consequence;
  const words = [shownBounds(constants), at === null ? '' : `at ${shownPlace(at)}`, scope];
  return { ...finding, found: words.filter((word) => word !== '').join(', '), consequence: lost, needed };
}

/** γ = 2, Lip ∇f ∈ [1, 1.1]; of what is known on one side only, that side. */
function shownBounds(constants: Readonly<Record<string, Bounds>>): string {
  return Object.entries(constants)
    .map(([name, bounds]) => `${name} ${shownRange(bounds)}`)
    .join(', ');
}

/** = 2, ∈ [1, 1.1], ≥ 3, ≤ 3, = ∞, or unknown. */
export function shownRange({ lower, upper }: Bounds): string {
  // Outwards, so that what is printed holds.
  const [low, high] = [shown(lower), shown(upper)];
  if (low === high) return `= ${low}`;
  const isKnown = [lower, upper].map(Number.isFinite);
  if (!isKnown[0] && !isKnown[1]) return 'unknown';
  if (!isKnown[1]) return `≥ ${low}`;
  if (!isKnown[0]) return `≤ ${high}`;
  return Math.abs(upper - lower) <= 1e-3 * Math.abs(upper) ? `≈ ${high}` : `∈ [${low}, ${high}]`;
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return String(Number(value.toPrecision(4)) + 0);
}

/** x = 0.5, y = 1. */
function shownPlace(at: Readonly<Record<string, number>>): string {
  return Object.entries(at)
    .map(([name, value]) => `${name} = ${Number(value.toPrecision(6))}`)
    .join(', ');
}

/** (A) fails: γ > Lip ∇f; found γ = 1, Lip ∇f = 3.2 at y = 0 – what is lost. */
function failureOf({ name, statement, verdict, found, consequence }: Assumption): string {
  const says = verdict === 'fails' ? 'fails' : 'is not decided';
  return `assumption ${name} ${says}: ${statement}; found ${found} – ${consequence}`;
}

/** What to warn of: theorems whose assumption fails, and (A) and recurrence where they are not decided. */
export function doubtsAbout(assumptions: readonly Assumption[]): string[] {
  return assumptions.filter(isInDoubt).map(failureOf);
}

function isInDoubt({ name, needed, verdict }: Assumption): boolean {
  return needed && (verdict === 'fails' || (verdict !== 'holds' && ['(A)', 'recurrence'].includes(name)));
}

/** A point by the names of its coordinates. */
export function namedPlace(names: readonly string[], at: readonly number[]): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name, k) => [name, at[k] + 0]));
}
