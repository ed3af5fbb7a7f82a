/** Jumps and kinks of φ, s, b, r, ℓ and f or g: continuity, which theorems need, and smoothness, which orders do. */
import type { AnyFormula } from '../formula/formula.ts';
import { terminalSeesY, termsOf } from '../model/general-terms.ts';
import type { Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, type Verdict } from './assumption.ts';
import { type AssumptionBox, controlledField, type Field, fastField, fieldOfPoint, regionOf } from './fields.ts';
import { lifted, slopeOf } from './lifted-jumps.ts';
import { breakOf, jumpOf } from './proved-breaks.ts';
import { POINTS_ALONE } from './sampled.ts';

/** The rows `continuity` and `smoothness`: the first coefficient with a jump, and the first with a kink. */
export function breakAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  const { slowDrift, slowNoise, fast, runningCost, terminalCost } = problem;
  const [x] = namesOf(problem);
  const ofControl = (field: AnyFormula) => controlledField(problem, [field], box);
  const end: [string, Field | null] = terminalSeesY(problem)
    ? ['g', fastField(problem, box, [terminalCost])]
    : ['f', fieldOfPoint([terminalCost], x, box.slow)];
  const fields: [string, Field | null][] = [
    ...slowDrift.map((field): [string, Field | null] => ['φ', ofControl(field)]),
    ...(slowNoise ?? []).flat().map((field): [string, Field | null] => ['s', ofControl(field)]),
    ['b', fastField(problem, box)],
    ...(fast.kind === 'drift' && fast.noise !== undefined
      ? [['r', fastField(problem, box, fast.noise)] as [string, Field | null]]
      : []),
    ...(runningCost === undefined ? [] : [['ℓ', ofControl(runningCost)] as [string, Field | null]]),
    end,
  ];
  const names = coefficientNames(problem);
  return [
    row('continuity', `${names} do not jump`, fields, jumpIn, {
      word: 'jump',
      consequence: 'Theorems 1–3 are lost, and the value function may jump',
      needed: true,
    }),
    row('smoothness', `the slopes of ${names} do not jump`, fields, kinkIn, {
      word: 'kink',
      consequence: 'no theorem is lost; near kinks schemes keep their order only where a node lies on them',
      needed: false,
    }),
  ];
}

/** φ, b, ℓ and f, with s and r where there is noise, and g for f. */
function coefficientNames(problem: Problem): string {
  const terms = termsOf(problem);
  const [s, r] = [terms.includes('slowNoise') ? ' s,' : '', terms.includes('fastNoise') ? ' r,' : ''];
  return `φ,${s} b,${r} ℓ and ${terms.includes('terminalInY') ? 'g' : 'f'}`;
}

interface Meaning {
  readonly word: string;
  readonly consequence: string;
  readonly needed: boolean;
}

type Place = Readonly<Record<string, number>>;

/** What was found of one coefficient. */
type Found = { readonly at: Place; readonly cause: string } | 'none' | 'open';

function row(
  name: string,
  statement: string,
  fields: readonly (readonly [string, Field | null])[],
  look: (field: Field) => Found,
  meaning: Meaning,
): Assumption {
  const { consequence, needed } = meaning;
  let verdict: Verdict = 'holds';
  let scope = 'on the box';
  for (const [symbol, field] of fields) {
    const found = field === null ? 'open' : look(field);
    if (found === 'none') continue;
    if (found !== 'open') {
      const { at, cause } = found;
      return assumptionOf({
        name,
        statement,
        verdict: 'fails',
        constants: {},
        scope: `${symbol} ${cause}`,
        at,
        consequence,
        needed,
      });
    }
    verdict = 'not decided';
    scope = field === null ? POINTS_ALONE : `a ${meaning.word} of ${symbol} is not excluded`;
  }
  return assumptionOf({ name, statement, verdict, constants: {}, scope, at: null, consequence, needed });
}

/** By x, y and u: a jump in u is one of H too. */
function jumpIn(field: Field): Found {
  const found = breakOf(field.formulas, regionOf(field, field.names));
  if (found.status !== 'found') return found.status === 'none' ? 'none' : 'open';
  return { at: namedPlace(field.names, found.at), cause: found.cause.replace(/^it /, '').replace(/ there$/, '') };
}

/** A jump of a slope by x or y where the coefficient itself has none. */
function kinkIn(field: Field): Found {
  const { formulas, states } = field;
  const slopes = formulas.trees.flatMap((tree) => states.map((name) => slopeOf(tree, name, formulas.jumps)));
  const found = jumpOf(lifted(slopes, formulas.jumps), regionOf(field));
  if (found.status === 'found') return { at: namedPlace(field.names, found.at), cause: 'has a kink' };
  return found.status === 'none' ? 'none' : 'open';
}
