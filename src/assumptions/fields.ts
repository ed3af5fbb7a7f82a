/** The coefficients of a problem as formulas with their variables and boxes; null where one of them is a closure. */
import { withFiniteEnds } from '../control/control-set.ts';
import type { AnyFormula } from '../formula/formula.ts';
import { boxesOf, type Interval, type Problem } from '../model/problem.ts';
import { namesOf, treesIn } from '../model/trees.ts';
import { type Lifted, lifted } from './lifted-jumps.ts';
import type { Region } from './proved-breaks.ts';
import type { Box } from './supremum.ts';

/** Where the assumptions are checked: one interval per axis. */
export interface AssumptionBox {
  readonly slow: readonly Interval[];
  readonly fast: readonly Interval[];
}

/** Coefficients in their variables; the first `states` of these are x and y or what takes their place. */
export interface Field {
  readonly formulas: Lifted;
  readonly names: readonly string[];
  readonly states: readonly string[];
  /** How many of the states are x. */
  readonly slow: number;
  /** Whether U was endless and is cut off in the boxes. */
  readonly isCut: boolean;
  /** x, y in their box and u in U, whose ends may be infinite. */
  readonly boxes: readonly Box[];
}

/** U is cut off here where a point of it is looked for. */
export const REACH = 1e3;

/** φ or ℓ. */
export function controlledField(problem: Problem, fields: readonly AnyFormula[], box: AssumptionBox): Field | null {
  const [x, y, u] = namesOf(problem);
  const trees = treesIn(fields, [x, y, u]);
  const states = productOf([...box.slow, ...box.fast]);
  const boxes = boxesOf(problem.controls).map((side) => joined(states, side));
  const names = [...x, ...y, ...u];
  return trees && { formulas: lifted(trees), names, states: [...x, ...y], slow: x.length, boxes, isCut: false };
}

/** b, or other functions of x and y. */
export function fastField(
  problem: Problem,
  box: AssumptionBox,
  fields: readonly AnyFormula[] = problem.fast.drift,
): Field | null {
  const [x, y] = namesOf(problem);
  const trees = treesIn(fields, [x, y]);
  const names = [...x, ...y];
  const boxes = [productOf([...box.slow, ...box.fast])];
  return trees && { formulas: lifted(trees), names, states: names, slow: x.length, boxes, isCut: false };
}

/** A function of one point on a box, in the names of x or of y. */
export function fieldOfPoint(
  fields: readonly AnyFormula[],
  names: readonly string[],
  sides: readonly Interval[],
): Field | null {
  const trees = treesIn(fields, [names]);
  return (
    trees && {
      formulas: lifted(trees),
      names,
      states: names,
      slow: names.length,
      boxes: [productOf(sides)],
      isCut: false,
    }
  );
}

function productOf(sides: readonly Interval[]): Box {
  return { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
}

function joined(a: Box, b: Box): Box {
  return { lower: [...a.lower, ...b.lower], upper: [...a.upper, ...b.upper] };
}

/** Whether U has no end in the boxes of a field. */
export function hasEndlessControls({ boxes, states }: Field): boolean {
  const isOpen = (end: number, k: number) => k >= states.length && !Number.isFinite(end);
  return boxes.some(({ lower, upper }) => lower.some(isOpen) || upper.some(isOpen));
}

/** The same with U cut off. */
export function cutOff(field: Field, reach: number): Field {
  const count = field.states.length;
  const cut = ({ lower, upper }: Box): Box => {
    const ends = withFiniteEnds({ lower: lower.slice(count), upper: upper.slice(count) }, reach);
    return joined({ lower: lower.slice(0, count), upper: upper.slice(0, count) }, ends);
  };
  return { ...field, boxes: field.boxes.map(cut), isCut: true };
}

/** Where jumps are looked for as the states move. */
export function regionOf(field: Field, along: readonly string[] = field.states): Region {
  const boxes = hasEndlessControls(field) ? cutOff(field, REACH).boxes : field.boxes;
  return { names: field.names, along, boxes };
}

/** The same with a box of the states that is `factor` times as wide around the same middle; ∞ gives the whole space. */
export function widenedStates(field: Field, factor: number): Field {
  const count = field.states.length;
  const boxes = field.boxes.map(({ lower, upper }) => {
    const reach = (k: number) => (factor === Infinity ? Infinity : ((upper[k] - lower[k]) * (factor - 1)) / 2);
    return {
      lower: lower.map((end, k) => (k < count ? end - reach(k) : end)),
      upper: upper.map((end, k) => (k < count ? end + reach(k) : end)),
    };
  });
  return { ...field, boxes, isCut: false };
}
