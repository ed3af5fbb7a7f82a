/** The assumptions with a threshold: (A) γ > Lip(∇f), and recurrence κ > 0. */
import type { Interval, Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, shownRange, type Verdict } from './assumption.ts';
import { contractionBound, type Effort, lipschitzConstant } from './constants.ts';
import { type AssumptionBox, type Field, fastField, fieldOfPoint, regionOf, widenedStates } from './fields.ts';
import type { Bounds } from './matrix-bounds.ts';
import { anyJump, breakOf, outwardJump, TOO_MANY } from './proved-breaks.ts';
import { POINTS_ALONE, sampledContraction, sampledGradient } from './sampled.ts';
import type { Supremum } from './supremum.ts';

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

/** Recurrence: κ = −sup λ_max(sym D_y b) > 0. */
export function recurrenceAssumption(problem: Problem, box: AssumptionBox): Assumption {
  const [x, y] = namesOf(problem);
  const field = fastField(problem, box);
  const { supremum, at, wide, everywhere, cause } =
    field === null
      ? { ...sampledContraction(problem, box, [...x, ...y]), wide: null, everywhere: null, cause: POINTS_ALONE }
      : surveyed(field, y, contractionBound, 0);
  const kappa = opposite(supremum);
  const verdict: Verdict = kappa.lower > 0 ? 'holds' : kappa.upper <= 0 ? 'fails' : 'not decided';
  const isEverywhere = everywhere !== null && everywhere.upper < 0;
  const outside = { wide: wide && opposite(wide), everywhere: everywhere && opposite(everywhere), isEverywhere };
  return assumptionOf({
    name: 'recurrence',
    statement: '(b(x,y₁) − b(x,y₂))·(y₁ − y₂) ≤ −κ|y₁ − y₂|² with κ > 0',
    verdict,
    constants: { κ: kappa },
    scope: cause || scopeOf('κ', verdict, kappa, outside),
    at: verdict === 'fails' ? at : null,
    consequence:
      'the convergence theorem Vᵉ → v (Theorem 2) and the δ(n) theorem of the truncated cell problems are lost: ' +
      'μ_x may not exist, not be unique, or mix slowly',
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
function surveyed(
  field: Field,
  along: readonly string[],
  constant: (field: Field, effort: Effort) => Supremum,
  threshold: number,
): Survey {
  const region = regionOf(field, along);
  const found = breakOf(field.formulas, region, constant === contractionBound ? outwardJump : anyJump);
  if (found.status === 'found') {
    const supremum = { lower: Infinity, upper: Infinity };
    return { supremum, at: namedPlace(field.names, found.at), wide: null, everywhere: null, cause: found.cause };
  }
  if (found.status === 'cut') {
    const { lower, at } = constant(field, { threshold, effort: BESIDE });
    const supremum = { lower, upper: Infinity };
    return { supremum, at: at && namedPlace(field.names, at), wide: null, everywhere: null, cause: TOO_MANY };
  }
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
