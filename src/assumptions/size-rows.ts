/**
 * Lipschitz and growth conditions of φ, s, b, r, ℓ and f or g. On a box all of them hold but at jumps and where there
 * is no value, so that more is asked for: a bound on the whole space by the growth of the formulas, or a constant that
 * does not grow with the box. One that grows is not decided.
 */

import { isEndless } from '../control/control-set.ts';
import { slowTerminal, terminalSeesY } from '../model/general-terms.ts';
import type { Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';
import { type Assumption, assumptionOf, namedPlace, shownRange, type Verdict } from './assumption.ts';
import {
  curvatureConstant,
  type Effort,
  growthConstant,
  lipschitzConstant,
  ofEachComponent,
  ofSquares,
  quadraticGrowthConstant,
  slopeConstant,
  slopeGrowthConstant,
} from './constants.ts';
import {
  type AssumptionBox,
  controlledField,
  type Field,
  fastField,
  fieldOfPoint,
  regionOf,
  widenedStates,
} from './fields.ts';
import type { Bounds } from './matrix-bounds.ts';
import { breakOf, TOO_MANY } from './proved-breaks.ts';
import { POINTS_ALONE, type SampledFields, sampledGrowth, sampledLipschitz } from './sampled.ts';
import type { Supremum } from './supremum.ts';

const WELL_POSED = 'the value functions and the ε-HJB problem need not be well posed';

/** Work on constants that no verdict hangs on, and on those of a second box. */
const EFFORT = 0.3;
const BESIDE = 0.1;
/** A constant of the wider box beyond this grows. */
const GROWS = 1.005;

/** What a row asks. */
interface Condition {
  readonly name: string;
  readonly statement: string;
  readonly symbol: string;
  readonly constant: (field: Field, effort: Effort) => Supremum;
  /** Constants whose bounds bound this one: what is finite on the whole space, or does not grow with the box. */
  readonly decisive: readonly ((field: Field, effort: Effort) => Supremum)[];
  readonly sampled: () => Bounds;
  /** Whether a jump refutes it; a bound on the size of a function allows jumps. */
  readonly forbidsJumps: boolean;
}

/** The rows of φ, s, b, r, ℓ (where there are any) and of f or g. */
export function sizeAssumptions(problem: Problem, box: AssumptionBox): Assumption[] {
  const { slowDrift, slowNoise, fast, runningCost } = problem;
  const s = slowNoise?.flat();
  const r = fast.kind === 'drift' ? fast.noise : undefined;
  return [
    ...rows(driftConditions('φ', problem, slowDrift, box), controlledField(problem, slowDrift, box)),
    ...(s === undefined ? [] : rows(noiseConditions('s', problem, s, box), controlledField(problem, s, box))),
    ...rows(driftConditions('b', problem, fast.drift, box), fastField(problem, box)),
    ...(r === undefined ? [] : rows(noiseConditions('r', problem, r, box), fastField(problem, box, r))),
    ...(runningCost === undefined
      ? []
      : rows(costConditions(problem, [runningCost], box), controlledField(problem, [runningCost], box))),
    terminalRow(problem, box),
  ];
}

function terminalRow(problem: Problem, box: AssumptionBox): Assumption {
  const { terminalCost } = problem;
  if (terminalSeesY(problem)) {
    const sampled = () => sampledGrowth(problem, [(x, y) => terminalCost(x, y)], box, 2);
    return row(quadraticGrowth('g', '|g(x,y)| ≤ K(1 + |x|² + |y|²)', sampled), fastField(problem, box, [terminalCost]));
  }
  const sampled = () => sampledGrowth(problem, [(x) => slowTerminal(problem)(x)], { ...box, fast: [] }, 2);
  const f = fieldOfPoint([terminalCost], namesOf(problem)[0], box.slow);
  return row(quadraticGrowth('f', '|f(x)| ≤ K(1 + |x|²)', sampled), f);
}

function rows(conditions: readonly Condition[], field: Field | null): Assumption[] {
  return conditions.map((condition) => row(condition, field));
}

/** φ or b: Lipschitz, and of linear growth. */
function driftConditions(name: 'φ' | 'b', problem: Problem, fields: SampledFields, box: AssumptionBox): Condition[] {
  const isOpen = name === 'φ' && isEndless(problem.controls);
  const [u, factor, term] = [name === 'φ' ? ',u' : '', isOpen ? '(1 + |u|)' : '', isOpen ? ' + |u|' : ''];
  return [
    {
      name: `${name} Lipschitz`,
      statement: `|${name}(z₁${u}) − ${name}(z₂${u})| ≤ L${factor}|z₁ − z₂|, z = (x,y)`,
      symbol: 'L',
      constant: lipschitzConstant,
      decisive: [lipschitzConstant],
      sampled: () => sampledLipschitz(problem, fields, box),
      forbidsJumps: true,
    },
    {
      name: `${name} growth`,
      statement: `|${name}(x,y${u})| ≤ C(1 + |x| + |y|${term})`,
      symbol: 'C',
      constant: growthConstant,
      decisive: [slopeConstant],
      sampled: () => sampledGrowth(problem, fields, box, 1),
      forbidsJumps: false,
    },
  ];
}

/** s or r: every coefficient Lipschitz, and of linear growth. */
function noiseConditions(name: 's' | 'r', problem: Problem, fields: SampledFields, box: AssumptionBox): Condition[] {
  const isOpen = name === 's' && isEndless(problem.controls);
  const [u, factor, term] = [name === 's' ? ',u' : '', isOpen ? '(1 + |u|)' : '', isOpen ? ' + |u|' : ''];
  const index = fields.length === 1 ? '' : name === 's' ? '_ij' : '_k';
  const [lipschitz, growth] = [lipschitzConstant, growthConstant].map(ofEachComponent);
  const each = (sampled: (one: SampledFields) => Bounds) => () =>
    fields.map((field) => sampled([field])).reduce((most, found) => (found.lower > most.lower ? found : most));
  return [
    {
      name: `${name} Lipschitz`,
      statement: `|${name}${index}(z₁${u}) − ${name}${index}(z₂${u})| ≤ L${factor}|z₁ − z₂|, z = (x,y)`,
      symbol: 'L',
      constant: lipschitz,
      decisive: [lipschitz],
      sampled: each((one) => sampledLipschitz(problem, one, box)),
      forbidsJumps: true,
    },
    {
      name: `${name} growth`,
      statement: `|${name}${index}(x,y${u})| ≤ C(1 + |x| + |y|${term})`,
      symbol: 'C',
      constant: growth,
      decisive: [slopeConstant, ofSquares(slopeConstant), ofSquares(curvatureConstant)].map(ofEachComponent),
      sampled: each((one) => sampledGrowth(problem, one, box, 1)),
      forbidsJumps: false,
    },
  ];
}

/** ℓ: slopes of linear growth, hence itself of quadratic growth. */
function costConditions(problem: Problem, fields: SampledFields, box: AssumptionBox): Condition[] {
  const isOpen = isEndless(problem.controls);
  const lipschitz: Condition = {
    name: 'ℓ Lipschitz',
    statement: `|ℓ(z₁,u) − ℓ(z₂,u)| ≤ L(1 + |z₁| + |z₂|${isOpen ? ' + |u|' : ''})|z₁ − z₂|, z = (x,y)`,
    symbol: 'L',
    constant: slopeGrowthConstant,
    decisive: [slopeConstant, curvatureConstant],
    sampled: () => sampledLipschitz(problem, fields, box),
    forbidsJumps: true,
  };
  const statement = `|ℓ(x,y,u)| ≤ K(1 + |x|² + |y|²${isOpen ? ' + |u|²' : ''})`;
  return [lipschitz, quadraticGrowth('ℓ', statement, () => sampledGrowth(problem, fields, box, 2))];
}

function quadraticGrowth(name: 'ℓ' | 'f' | 'g', statement: string, sampled: () => Bounds): Condition {
  return {
    name: `${name} growth`,
    statement,
    symbol: 'K',
    constant: quadraticGrowthConstant,
    decisive: [slopeConstant, curvatureConstant],
    sampled,
    forbidsJumps: false,
  };
}

function row(condition: Condition, field: Field | null): Assumption {
  const { name, statement, symbol } = condition;
  const { verdict, bounds, scope, at } = field === null ? sampledDecision(condition) : decision(condition, field);
  return assumptionOf({
    name,
    statement,
    verdict,
    constants: { [symbol]: bounds },
    scope,
    at,
    consequence: WELL_POSED,
  });
}

interface Decision {
  readonly verdict: Verdict;
  readonly bounds: Bounds;
  readonly scope: string;
  readonly at: Assumption['at'];
}

function sampledDecision({ sampled }: Condition): Decision {
  const bounds = sampled();
  return { verdict: bounds.lower === Infinity ? 'fails' : 'not decided', bounds, scope: POINTS_ALONE, at: null };
}

function decision({ constant, decisive, forbidsJumps, symbol }: Condition, field: Field): Decision {
  const region = regionOf(field);
  const found = breakOf(field.formulas, region, forbidsJumps ? undefined : null);
  if (found.status === 'found') {
    const bounds = { lower: Infinity, upper: Infinity };
    return { verdict: 'fails', bounds, scope: found.cause, at: namedPlace(field.names, found.at) };
  }
  const { at, ...bounds } = constant(field, { effort: EFFORT });
  if (found.status === 'cut') return { verdict: 'not decided', bounds, scope: TOO_MANY, at: null };
  if (bounds.lower === Infinity) {
    return { verdict: 'fails', bounds, scope: 'it grows faster than |u|', at: at && namedPlace(field.names, at) };
  }
  const beside = { effort: BESIDE };
  for (const bound of decisive) {
    const whole = bound(widenedStates(field, Infinity), beside);
    if (whole.upper === Infinity) continue;
    return {
      verdict: 'holds',
      bounds,
      scope: bound === constant ? wholeScope(symbol, bounds, whole) : `on the box; bounded on the whole space`,
      at: null,
    };
  }
  if (bounds.upper === Infinity) return { verdict: 'not decided', bounds, scope: 'no bound on the box', at: null };
  const wide = constant(widenedStates(field, 2), beside);
  const settled = (bound: Condition['constant']) =>
    bound(widenedStates(field, 2), beside).upper <= GROWS * bound(field, beside).upper;
  if (wide.upper <= GROWS * bounds.upper || decisive.some(settled)) {
    return { verdict: 'holds', bounds, scope: 'on the box, and on one twice as wide', at: null };
  }
  const grows = wide.lower > bounds.upper ? 'it grows with the box' : 'it may grow with the box';
  const scope = `on the box; ${symbol} ${shownRange(wide)} on one twice as wide: ${grows}`;
  return { verdict: 'not decided', bounds, scope, at: null };
}

function wholeScope(symbol: string, box: Bounds, whole: Bounds): string {
  const isSame = shownRange(box) === shownRange(whole);
  return isSame ? 'everywhere' : `on the box; ${symbol} ${shownRange(whole)} on the whole space`;
}
