/**
 * What the noises add: whether a = ½ssᵀ and α = ½rrᵀ are uniformly elliptic on the box or degenerate, whether
 * ḡ = ∫g dμ_x is finite, and λ ≥ 0. Where a is degenerate the equations have viscosity solutions all the same
 * (Crandall, Ishii, Lions 1992); where α is, the invariant measure need not be unique.
 */
import { squared } from '../formula/algebra.ts';
import { degreeIn } from '../formula/degree.ts';
import { enclosure } from '../formula/interval.ts';
import { terminalSeesY } from '../model/general-terms.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, type Verdict } from './assumption.ts';
import { contractionBound, curvatureConstant, dissipationBound, ofSquares, slopeConstant } from './constants.ts';
import { type Ellipticity, ellipticityOf } from './ellipticity.ts';
import { fellerAssumptions } from './feller-rows.ts';
import { type AssumptionBox, controlledField, type Field, fastField } from './fields.ts';
import { lifted } from './lifted-jumps.ts';
import { POINTS_ALONE } from './sampled.ts';

const BESIDE = { effort: 0.1 };
const line: Interval = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };

/** The rows of s, r, g and λ: only of those that the problem has. */
export function noiseAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  const { slowNoise, fast, discount = 0 } = problem;
  return [
    ...(slowNoise === undefined ? [] : [slowEllipticity(problem, slowNoise, box)]),
    ...(fast.kind === 'drift' && fast.noise !== undefined ? [fastEllipticity(problem, fast.noise, box)] : []),
    ...fellerAssumptions(problem, box),
    ...(terminalSeesY(problem) ? [meanOfTerminal(problem, box)] : []),
    ...(discount > 0 ? [discountRow(discount)] : []),
  ];
}

function slowEllipticity(problem: Problem, s: NonNullable<Problem['slowNoise']>, box: AssumptionBox): Assumption {
  const field = controlledField(problem, s.flat(), box);
  const found = field && ellipticityOf(field, s[0].length, { effort: 0.3 });
  return assumptionOf({
    name: 'a elliptic',
    statement: `a = ½ssᵀ ≥ a₀I with a₀ > 0${problem.controls.names.length === 0 ? '' : ', for every u ∈ U'}`,
    ...decided(field, found, 'a'),
    consequence:
      'no theorem is lost: the equations have viscosity solutions, which may have kinks where a is degenerate',
    needed: false,
  });
}

type FastNoise = NonNullable<Extract<Problem['fast'], { readonly kind: 'drift' }>['noise']>;

function fastEllipticity(problem: Problem, r: FastNoise, box: AssumptionBox): Assumption {
  const fields = r.map((component) => fastField(problem, box, [component]));
  const found = fields.map((field) => field && ellipticityOf(field, 1));
  // α is diagonal: the least of its eigenvalues is the least of its components.
  const worst = found.reduce((least, each) =>
    each === null || least === null || each.least.lower < least.least.lower ? each : least,
  );
  return assumptionOf({
    name: 'α elliptic',
    statement: 'α = ½rrᵀ ≥ α₀I with α₀ > 0',
    ...decided(fields[0], worst, 'α'),
    consequence:
      'the invariant measure μ_x need not be unique, and with it H̄ and Theorem 2 (convergence) are lost: ' +
      'let the y-box end before r vanishes',
  });
}

function decided(field: Field | null, found: Ellipticity | null, symbol: 'a' | 'α') {
  if (field === null || found === null) {
    const nothing = { lower: 0, upper: Infinity };
    return { verdict: 'not decided' as Verdict, constants: { [`${symbol}₀`]: nothing }, scope: POINTS_ALONE, at: null };
  }
  const { least, zeroAt, isEverywhere } = found;
  const verdict: Verdict = least.lower > 0 ? 'holds' : zeroAt === null ? 'not decided' : 'fails';
  const cause = isEverywhere
    ? `${symbol} is degenerate everywhere: fewer Brownian motions than variables`
    : `${symbol} is degenerate there`;
  return {
    verdict,
    constants: { [`${symbol}₀`]: least },
    scope: zeroAt === null ? 'on the box' : cause,
    at: zeroAt === null || isEverywhere ? null : namedPlace(field.names, zeroAt),
  };
}

/**
 * Moments of μ_x: with b·y ≤ −κ|y|² + C|y| and |α| ≤ C(1 + |y|) all of them are finite, with b·y + tr α ≤ −κ|y|² + C|y|
 * the second one is.
 */
function meanOfTerminal(problem: Problem, box: AssumptionBox): Assumption {
  const [verdict, scope] = meanDecision(problem, { slow: box.slow, fast: box.fast.map(() => line) });
  return assumptionOf({
    name: 'g mean',
    statement: 'g(x,·) has a mean: ∫|g(x,y)| dμ_x(y) < ∞',
    verdict,
    constants: {},
    scope,
    at: null,
    consequence:
      'the terminal condition ḡ(x) = ∫g dμ_x of the limit may be infinite: what is solved cuts g off at the y-box',
  });
}

function meanDecision(problem: Problem, space: AssumptionBox): [Verdict, string] {
  const [x, y] = namesOf(problem);
  const [g] = treesIn([problem.terminalCost], [x, y]) ?? [];
  const b = fastField(problem, space);
  const alpha = varianceField(problem, space);
  if (g === undefined || b === null || alpha === undefined) return ['not decided', POINTS_ALONE];
  const sides = [...space.slow, ...space.fast];
  const range = enclosure(
    g,
    Object.fromEntries([...x, ...y].map((name, k) => [name, [sides[k].lower, sides[k].upper] as const])),
  );
  if (range.flags === 0 && Number.isFinite(range.upper - range.lower)) return ['holds', 'g is bounded in y'];
  const contracts = contractionBound(b, { threshold: 0, effort: 0.2 }).upper < 0;
  if (!contracts)
    return ['not decided', 'the drift is not known to contract for every y, so that tails of μ_x are not bounded'];
  const gField = fastField(problem, space, [problem.terminalCost]) as Field;
  const isOfSquares = [slopeConstant, curvatureConstant, ofSquares(curvatureConstant)].some(
    (bound) => bound(gField, BESIDE).upper < Infinity,
  );
  if (alpha !== null && slopeConstant(alpha, BESIDE).upper === Infinity) {
    return isOfSquares && dissipates(problem, space)
      ? ['holds', 'recurrence with r for every y gives |y|² a mean, and g grows no faster']
      : ['not decided', 'r² is not known to grow at most linearly, so that tails of μ_x may be heavy'];
  }
  return isOfSquares || degreeIn(g, y) < Infinity
    ? ['holds', 'b contracts for every y, so that μ_x has all moments, and g grows like a power of |y|']
    : ['not decided', 'g grows faster than every power of |y|, or may'];
}

/** Whether recurrence holds with the noise for every y. */
function dissipates(problem: Problem, space: AssumptionBox): boolean {
  const { fast } = problem;
  const noise = fast.kind === 'drift' ? (fast.noise ?? []) : [];
  const both = fastField(problem, space, [...fast.drift, ...noise]);
  return both !== null && dissipationBound(both, { threshold: 0, effort: 0.2 }).upper < 0;
}

/** r²; null where the noise is √2, undefined for closures. */
function varianceField(problem: Problem, space: AssumptionBox): Field | null | undefined {
  const { fast } = problem;
  if (fast.kind === 'potential' || fast.noise === undefined) return null;
  const [x, y] = namesOf(problem);
  const trees = treesIn(fast.noise, [x, y]);
  const field = fastField(problem, space);
  return trees && field ? { ...field, formulas: lifted(trees.map(squared)) } : undefined;
}

function discountRow(discount: number): Assumption {
  return assumptionOf({
    name: 'discount',
    statement: 'λ ≥ 0',
    verdict: 'holds',
    constants: { λ: { lower: discount, upper: discount } },
    scope: '',
    at: null,
    consequence: '',
  });
}
