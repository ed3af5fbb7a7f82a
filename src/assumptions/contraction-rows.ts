/** The assumptions with a threshold: (A) γ > Lip(∇f), and recurrence κ > 0. */
import type { AnyFormula } from '../formula/formula.ts';
import type { Interval, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, shownRange, type Verdict } from './assumption.ts';
import { type Constant, contractionBound, dissipationBound, lipschitzConstant } from './constants.ts';
import { type AssumptionBox, type Field, fastField, fieldOfPoint, regionOf, widenedStates } from './fields.ts';
import type { Bounds } from './matrix-bounds.ts';
import { anyJump, breakOf, outwardJump, TOO_MANY } from './proved-breaks.ts';
import { POINTS_ALONE, sampledContraction, sampledGradient } from './sampled.ts';

/** Work on a box that is only looked at beside another. */
const BESIDE = 0.2;

/** (A) γ > Lip(∇f) on the y-box, for deep relaxation. */
export function gradientAssumption(problem: Problem, fast: readonly Interval[]): Assumption[] {
  const { deepRelaxation } = problem.fast;
  if (deepRelaxation === undefined) return [];
  const { gamma, gradient } = deepRelaxation;
  const [, y] = namesOf(problem);
  const field = fieldOfPoint(gradient, y, fast);
  const { supremum, at, wide, everywhere, cause } =
    field === null
      ? { ...sampledGradient(gradient, fast, y), wide: null, everywhere: null, cause: POINTS_ALONE }
      : surveyed(field, field.names, lipschitzConstant, gamma);
  const verdict: Verdict = supremum.lower >= gamma ? 'fails' : supremum.upper < gamma ? 'holds' : 'not decided';
  const isEverywhere = everywhere !== null && everywhere.upper < gamma;
  return [
    assumptionOf({
      name: '(A)',
      statement: 'γ > Lip(∇f)',
      verdict,
      constants: { γ: { lower: gamma, upper: gamma }, 'Lip ∇f': supremum },
      scope: cause || scopeOf('Lip ∇f', verdict, supremum, { wide, everywhere, isEverywhere }),
      at: verdict === 'fails' ? at : null,
      consequence:
        'uniqueness and exponential ergodicity of μ_x, and with them Theorems 1–3 of deep relaxation, are lost: ' +
        'take a larger gamma',
    }),
  ];
}

const LOST =
  'the convergence theorem Vᵉ → v (Theorem 2) and the δ(n) theorem of the truncated cell problems are lost: ' +
  'μ_x may not exist, not be unique, or mix slowly';

/**
 * Recurrence: κ = −sup λ_max(sym D_y b) > 0, with a noise r(x,y) −sup λ_max(sym D_y b + ½(D_y r)ᵀD_y r) > 0. Of one
 * fast variable the difference of two paths with the same noise keeps its sign, so that E|Y₁ − Y₂| falls like e^−κt by
 * the drift alone (Yamada, Watanabe 1971): that is asked where the noise is too steep for the square, as √y is near 0.
 */
export function recurrenceAssumption(problem: Problem, box: AssumptionBox): Assumption {
  const { fast } = problem;
  const noise = fast.kind === 'drift' ? fast.noise : undefined;
  if (noise === undefined) return driftRecurrence(problem, box, 'square');
  const strong = noisyRecurrence(problem, box, noise);
  if (strong.verdict === 'holds' || noise.length > 1) return strong;
  const r = fastField(problem, box, noise);
  const isLipschitz =
    r !== null &&
    breakOf(r.formulas, regionOf(r)).status === 'none' &&
    lipschitzConstant(r, { effort: BESIDE }).upper < Infinity;
  return isLipschitz ? driftRecurrence(problem, box, 'mean') : strong;
}

/** By b alone: of the squares where the noise is constant, of the means for one fast variable. */
function driftRecurrence(problem: Problem, box: AssumptionBox, of: 'square' | 'mean'): Assumption {
  const [x, y] = namesOf(problem);
  const field = fastField(problem, box);
  const survey =
    field === null
      ? { ...sampledContraction(problem, box, [...x, ...y]), wide: null, everywhere: null, cause: POINTS_ALONE }
      : surveyed(field, y, contractionBound, 0);
  const inequality = '(b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|² with κ > 0';
  return recurrenceRow(of === 'square' ? inequality : `${inequality}, so that E|Y₁ − Y₂| ≤ e^−κt|y₁ − y₂|`, survey);
}

/** By b and r. */
function noisyRecurrence(problem: Problem, box: AssumptionBox, noise: readonly AnyFormula[]): Assumption {
  const statement = '(b(x,y₁) − b(x,y₂))·(y₁ − y₂) + ½|r(x,y₁) − r(x,y₂)|² ≤ −κ|y₁ − y₂|² with κ > 0';
  const [, y] = namesOf(problem);
  const both = fastField(problem, box, [...problem.fast.drift, ...noise]);
  const [drift, r] = [fastField(problem, box), fastField(problem, box, noise)];
  const unknown = { lower: Number.NEGATIVE_INFINITY, upper: Infinity };
  if (both === null || drift === null || r === null) {
    return recurrenceRow(statement, { supremum: unknown, at: null, wide: null, everywhere: null, cause: POINTS_ALONE });
  }
  // A jump of r is one of its square, whatever b does there; a jump of b may point inwards.
  const jumps = [broken(drift, y, outwardJump), broken(r, y, anyJump)].find((found) => found !== null);
  return recurrenceRow(statement, jumps ?? bounded(both, dissipationBound, 0));
}

function recurrenceRow(statement: string, { supremum, at, wide, everywhere, cause }: Survey): Assumption {
  const kappa = opposite(supremum);
  const verdict: Verdict = kappa.lower > 0 ? 'holds' : kappa.upper <= 0 ? 'fails' : 'not decided';
  const isEverywhere = everywhere !== null && everywhere.upper < 0;
  const outside = { wide: wide && opposite(wide), everywhere: everywhere && opposite(everywhere), isEverywhere };
  return assumptionOf({
    name: 'recurrence',
    statement,
    verdict,
    constants: { κ: kappa },
    scope: cause || scopeOf('κ', verdict, kappa, outside),
    at: verdict === 'fails' ? at : null,
    consequence: LOST,
  });
}

function opposite({ lower, upper }: Bounds): Bounds {
  return { lower: -upper + 0, upper: -lower + 0 };
}

interface Outside {
  /** On a box of the states twice as wide, null where that is not needed. */
  readonly wide: Bounds | null;
  readonly everywhere: Bounds | null;
  /** Whether the assumption holds on the whole space. */
  readonly isEverywhere: boolean;
}

interface Survey extends Omit<Outside, 'isEverywhere'> {
  readonly supremum: Bounds;
  readonly at: Readonly<Record<string, number>> | null;
  /** Why there is no constant, where there is none. */
  readonly cause: string;
}

/** The supremum on the box, ∞ at a jump that counts or at a point without a value; beside it, on wider boxes. */
function surveyed(field: Field, along: readonly string[], constant: Constant, threshold: number): Survey {
  const jumps = broken(field, along, constant === contractionBound ? outwardJump : anyJump);
  if (jumps?.cause === TOO_MANY) {
    const { lower, at } = constant(field, { threshold, effort: BESIDE });
    return { ...jumps, supremum: { lower, upper: Infinity }, at: at && namedPlace(field.names, at) };
  }
  return jumps ?? bounded(field, constant, threshold);
}

/** What a jump that counts or a point without a value says of a supremum, null where none is found. */
function broken(field: Field, along: readonly string[], counts: typeof anyJump): Survey | null {
  const found = breakOf(field.formulas, regionOf(field, along), counts);
  if (found.status !== 'found' && found.status !== 'cut') return null;
  const isFound = found.status === 'found';
  return {
    supremum: { lower: isFound ? Infinity : Number.NEGATIVE_INFINITY, upper: Infinity },
    at: isFound ? namedPlace(field.names, found.at) : null,
    wide: null,
    everywhere: null,
    cause: isFound ? found.cause : TOO_MANY,
  };
}

function bounded(field: Field, constant: Constant, threshold: number): Survey {
  const { at, ...supremum } = constant(field, { threshold });
  const everywhere = constant(widenedStates(field, Infinity), { threshold, effort: BESIDE });
  const wide = everywhere.upper < threshold ? null : constant(widenedStates(field, 2), { threshold, effort: BESIDE });
  return { supremum, at: at && namedPlace(field.names, at), wide, everywhere, cause: '' };
}

/** Where a verdict was proved, and the constant outside. */
function scopeOf(name: string, verdict: Verdict, box: Bounds, { wide, everywhere, isEverywhere }: Outside): string {
  const isKnown = everywhere !== null && (Number.isFinite(everywhere.lower) || everywhere.upper < box.lower);
  const limit = isKnown ? shownRange(everywhere) : '';
  if (verdict === 'fails') return '';
  if (isEverywhere) {
    return limit === shownRange(box) ? 'everywhere' : `on the box; ${name} ${limit} on the whole space`;
  }
  const beside = wide === null ? '' : `; ${name} ${shownRange(wide)} on one twice as wide`;
  return `on the box${beside}${limit === '' ? '' : `, ${limit} on the whole space`}`;
}
