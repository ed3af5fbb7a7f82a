/**
 * Whether the fast process reaches a place outside of its box at which its noise vanishes (Feller 1951). Near a simple
 * root y* of r² it does not if and only if 2b(y*)/(r²)′(y*) ≥ 1: then the scale function ∫exp(−∫2b/r²) is infinite at
 * y*. For dY = κ(θ−Y) dt + ξ√Y dB this is 2κθ ≥ ξ². At a double root r is Lipschitz, and y* is not reached where b
 * points away from it or vanishes there.
 */
import { negated, numberTree, product, quotient, squared } from '../formula/algebra.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { printed } from '../formula/print.ts';
import { substituted, type Tree } from '../formula/tree.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, type Verdict } from './assumption.ts';
import { ellipticityOf } from './ellipticity.ts';
import { enclosedEntries } from './enclosed-entries.ts';
import { type AssumptionBox, fastField } from './fields.ts';
import { lifted } from './lifted-jumps.ts';
import { supremum } from './supremum.ts';

const line: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
const name = 'Feller';
const consequence =
  'Y reaches the place, and what it does there is a condition of its own: the y-box reflects it, which is one choice';

/** A row per place where r vanishes beside the box; none where r vanishes nowhere or is √2. */
export function fellerAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  const { fast } = problem;
  const [x, y] = namesOf(problem);
  const noise = fast.kind === 'drift' ? (fast.noise ?? []) : [];
  const drifts = treesIn(fast.drift, [x, y]);
  return noise.flatMap((component, k) => {
    const [r] = treesIn([component], [x, y]) ?? [];
    if (r === undefined || drifts === null) return [openRow(y[k])];
    const roots = rootsOf(squared(r), y[k], box.fast[k]);
    if (roots !== null) return roots.map((root) => rowOf(problem, box, { root, drift: drifts[k], along: y[k] }));
    const field = fastField(problem, { ...box, fast: box.fast.map(() => line) }, [component]);
    return field !== null && ellipticityOf(field, 1, { effort: 0.2 }).least.lower > 0 ? [] : [openRow(y[k])];
  });
}

/** A root y* of r² as a formula of x and the other fast variables. */
interface Root {
  readonly place: Tree;
  /** (r²)′(y*), where it is simple. */
  readonly slope: Tree | null;
  /** On which side of it the box lies: 1 above, −1 below. */
  readonly side: 1 | -1;
}

/** The roots next to the box of a polynomial of degree at most 2; null where it is none, or two roots move. */
function rootsOf(square: Tree, along: string, { lower, upper }: Interval): readonly Root[] | null {
  const polynomial = polynomialIn(square, [along], 2);
  if (polynomial === null) return null;
  const [c, b, a] = ['0', '1', '2'].map((key) => polynomial.get(key) ?? numberTree(0));
  const isQuadratic = polynomial.has('2');
  if (!isQuadratic && !polynomial.has('1')) return c.kind === 'number' ? [] : null;
  if (!isQuadratic && (c.kind !== 'number' || b.kind !== 'number')) {
    return [{ place: negated(quotient(c, b)), slope: b, side: 1 }];
  }
  if (a.kind !== 'number' || b.kind !== 'number' || c.kind !== 'number') return null;
  const found = isQuadratic ? quadraticRoots(a.value, b.value, c.value) : [{ at: -c.value / b.value, slope: b.value }];
  const beside = (side: 1 | -1) => {
    const outside = found.filter(({ at }) => (side === 1 ? at < lower : at > upper));
    return outside
      .sort((p, q) => side * (q.at - p.at))
      .slice(0, 1)
      .map((root) => ({ ...root, side }));
  };
  return [...beside(1), ...beside(-1)].map(({ at, slope, side }) => ({
    place: numberTree(at + 0),
    slope: slope === 0 ? null : numberTree(slope),
    side,
  }));
}

/** Roots of ay² + by + c with the slopes there; 0 at a double one. */
function quadraticRoots(a: number, b: number, c: number): readonly { readonly at: number; readonly slope: number }[] {
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return [];
  const root = Math.sqrt(discriminant);
  if (root === 0) return [{ at: -b / (2 * a), slope: 0 }];
  return [-1, 1].map((sign) => ({ at: (-b + sign * root) / (2 * a), slope: sign * root }));
}

function rowOf(
  problem: Problem,
  box: AssumptionBox,
  { root, drift, along }: { readonly root: Root; readonly drift: Tree; readonly along: string },
): Assumption {
  const [x, y] = namesOf(problem);
  const all = [...x, ...y];
  const kept = all.flatMap((each, i) => (each === along ? [] : [i]));
  const names = kept.map((i) => all[i]);
  const { place, slope, side } = root;
  const there = substituted(drift, { [along]: place });
  const at = `${along} = ${printed(place, 6)}`;
  const [quantity, least, shown, condition] =
    slope === null
      ? [product(numberTree(side), there), 0, 'b towards the box', 'b points to the box or is 0']
      : [quotient(product(numberTree(2), there), slope), 1, '2b/(r²)′', '2b/(r²)′ ≥ 1'];
  const entries = enclosedEntries([negated(quantity)], { names, jumps: [], given: [] });
  const over = (from: ArrayLike<number>, to: ArrayLike<number>) => {
    entries.evaluate(from, to);
    return { lower: entries.lower[0], upper: entries.upper[0] };
  };
  const sides = kept.map((i) => [...box.slow, ...box.fast][i]);
  const region = { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
  const found = lifted([quantity]).jumps.length > 0 ? null : supremum({ ...entries, over }, [region], -least);
  const bounds = found === null ? { lower: -Infinity, upper: Infinity } : { lower: -found.upper, upper: -found.lower };
  const verdict: Verdict = bounds.lower >= least ? 'holds' : bounds.upper < least ? 'fails' : 'not decided';
  return assumptionOf({
    name,
    statement: `Y does not reach ${at}, where r vanishes: ${condition} there`,
    verdict,
    constants: { [shown]: bounds },
    scope: 'at that place, for every x of the box',
    at: verdict === 'fails' && found?.at ? namedPlace(names, found.at) : null,
    consequence,
  });
}

function openRow(along: string): Assumption {
  return assumptionOf({
    name,
    statement: `Y does not reach a place where r of ${along} vanishes`,
    verdict: 'not decided',
    constants: {},
    scope: `decided where r² is constant, or a polynomial of ${along} of degree 1 or 2`,
    at: null,
    consequence,
  });
}
