/**
 * Structure of φ, ℓ, of a drift in R^m or of another function of y that nodes do not see: spikes and oscillations. On
 * cells that show it (field-cells.ts) every node y_j, which stands for the cell around it, is held against the mean M_j
 * there; what neighbouring means make of jumps, kinks and slopes is left out,
 *
 *   O = Σ_j μ_x(cell j) (|g(y_j) − M_j| − ½ range of M_j and its neighbours)⁺   against   D = ∫ |g − ∫g dμ_x| dμ_x,
 *
 * and O has what leaves the range of the four nodes an axis around by more than half of it, and all that is not as the
 * nodes say where that is a quarter of D. μ_x is that of weighed-cells.ts.
 *
 * Polynomials are not looked at. With controls u stands at the ends and the middle of U.
 */
import { degreeIn } from '../formula/degree.ts';
import type { IntervalProgram } from '../formula/interval.ts';
import type { Tree } from '../formula/tree.ts';
import { type Axis, uniformAxis } from '../grid/axis.ts';
import { noiseOf } from '../model/fast-scale.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import { type Coordinates, dimensionsOf, hullOf, type Problem } from '../model/problem.ts';
import { axisNames, controlTrees, namesOf, treesIn } from '../model/trees.ts';
import { type FieldCells, fieldCells, type OnFast, spreadOf } from './field-cells.ts';
import { countedByLoneNodes } from './lone-nodes.ts';
import { programWithSlopes } from './measure-cells.ts';
import { nodeCells } from './node-cells.ts';
import { SAFETY } from './resolution.ts';
import { nodeValues, seenBy } from './seen-by-nodes.ts';
import { weighedCells } from './weighed-cells.ts';

/** What the nodes do not see of a function of y. */
export interface HiddenStructure {
  /** Where most of it lies, and how wide it is there along the axes. */
  readonly at: readonly number[];
  readonly widths: readonly number[];
  /** O/D. */
  readonly share: number;
}

/** Cells that show the functions, and what the nodes hide of the worst of them. */
export interface HiddenInFields extends FieldCells {
  readonly hidden: HiddenStructure | null;
}

/** O/D above which the nodes do not resolve a function. */
const LARGEST_HIDDEN = 0.01;
/** ∫|g − g_nodes| dμ_x/D above which they do not, g_nodes the cubic through them: jumps and kinks come to a tenth. */
const LARGEST_STRANGE = 0.25;
/** A function that varies by no more than this part of its size is constant to the rounding of its formula. */
const ROUNDING = 1e-12;
/** Controls that are looked at, at most. */
const MOST_CONTROLS = 9;

/** The worst of φ, ℓ, b and r in R^m at frozen x; null for closures, and where all are polynomials in y. */
export function hiddenInFields(problem: Problem, x: Coordinates, axes: readonly Axis[]): HiddenInFields | null {
  return inFields(problem, [...Array.from(x), ...axes.flatMap(({ lower, upper, nodes }) => [lower, upper, nodes])]);
}

const inFields = oncePerProblem((problem, numbers): HiddenInFields | null => {
  const { n, m } = dimensionsOf(problem);
  const axes = axisNames('y', m).map((name, a) => {
    const [lower, upper, nodes] = numbers.slice(n + 3 * a, n + 3 * a + 3);
    return uniformAxis(name, lower, upper, nodes);
  });
  const x = numbers.slice(0, n);
  const functions = wildFields(problem, []).flatMap(({ program, field, isControlled }) =>
    (isControlled ? someControls(problem) : [[]]).map((u): OnFast => {
      return { program, frozen: [...x, ...Array.from(u)], valueAt: (y) => field(x, y, u) };
    }),
  );
  return hiddenIn(problem, x, axes, functions);
});

/** The same of a function of y alone, given with its tree. */
export function hiddenInFunction(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  given: { readonly tree: Tree; readonly valueAt: (y: Coordinates) => number },
): HiddenInFields | null {
  const [, ofY] = namesOf(problem);
  if (!isWild(given.tree, ofY)) return null;
  const program = programWithSlopes(given.tree, [], ofY);
  return hiddenIn(problem, x, axes, [{ program, frozen: [], valueAt: given.valueAt }]);
}

interface WildField {
  readonly program: IntervalProgram;
  readonly field: (x: Coordinates, y: Coordinates, u: Coordinates) => number;
  readonly isControlled: boolean;
}

/** The fields that are no polynomials in y, compiled; none where one of φ, ℓ is a closure. */
const wildFields = oncePerProblem((problem): readonly WildField[] => {
  const trees = controlTrees(problem);
  if (trees === null) return [];
  const [ofX, ofY, ofU] = trees.names;
  const compiled = (list: readonly Tree[], fields: readonly WildField['field'][], names: readonly string[]) =>
    list.flatMap((tree, k): WildField[] => {
      if (!isWild(tree, ofY)) return [];
      return [{ program: programWithSlopes(tree, names, ofY), field: fields[k], isControlled: names !== ofX }];
    });
  const { slowDrift, runningCost, fast } = problem;
  const costs = trees.runningCost === undefined || runningCost === undefined ? [] : [runningCost];
  const drifts = fast.kind === 'drift' && ofY.length > 1 ? [...fast.drift, ...noiseOf(fast)] : [];
  return [
    ...compiled(
      [...trees.slowDrift, ...(trees.runningCost === undefined ? [] : [trees.runningCost])],
      [...slowDrift, ...costs],
      [...ofX, ...ofU],
    ),
    ...compiled(treesIn(drifts, [ofX, ofY]) ?? [], drifts, ofX),
  ];
});

function isWild(tree: Tree, ofY: readonly string[]): boolean {
  return !Number.isFinite(degreeIn(tree, ofY));
}

/** The ends and the middle of U, or a list of values; an infinite end stands 1 from the other one or from 0. */
function someControls({ controls }: Problem): readonly Coordinates[] {
  if (controls.kind === 'values') return controls.values.slice(0, MOST_CONTROLS);
  const sides = hullOf(controls).map(({ lower, upper }) => {
    const low = Number.isFinite(lower) ? lower : Math.min(0, upper) - 1;
    const high = Number.isFinite(upper) ? upper : Math.max(0, lower) + 1;
    return low === high ? [low] : [low, low / 2 + high / 2, high];
  });
  const all = sides.reduce<number[][]>((made, side) => made.flatMap((u) => side.map((value) => [...u, value])), [[]]);
  return all.slice(0, MOST_CONTROLS);
}

function hiddenIn(
  problem: Problem,
  x: Coordinates,
  axes: readonly Axis[],
  functions: readonly OnFast[],
): HiddenInFields | null {
  const weighed = functions.length === 0 ? null : weighedCells(problem, x, axes);
  if (weighed === null) return null;
  const found = fieldCells(weighed, functions);
  const each = functions.map(({ valueAt }, f) => hiddenOn(axes, found, found.values[f], valueAt));
  const hidden = each.reduce((worst, one) => (one !== null && one.share > (worst?.share ?? 0) ? one : worst), null);
  return { ...found, hidden };
}

/** The nodes against the means over their cells, and against the spread of the values. */
function hiddenOn(
  axes: readonly Axis[],
  { cells, mass }: FieldCells,
  values: Float64Array,
  valueAt: OnFast['valueAt'],
): HiddenStructure | null {
  if (!values.every(Number.isFinite)) return null;
  const atNode = nodeValues(axes, valueAt);
  const seen = seenBy(axes, atNode);
  const off = cells.map(({ middle }, k) => {
    const {
      range: [least, most],
    } = seen(middle);
    const room = (most - least) / 2;
    return mass[k] * Math.max(0, values[k] - most - room, least - room - values[k]);
  });
  for (const { mass: held, node, mean, room, farthest } of nodeCells(axes, { cells, mass, values, atNode, valueAt })) {
    off[farthest] += held * Math.max(0, Math.abs(node - mean) - room);
  }
  const spread = spreadOf(mass, values);
  // A constant to rounding, such as φ at a control that holds no share: nothing is hidden in its last digits.
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (spread <= ROUNDING * largest) return null;
  const total = (each: readonly number[]) => each.reduce((sum, value) => sum + value, 0);
  // What is finer than the cells, too, shows on so many points.
  const strange = cells.map(({ middle }, k) => mass[k] * Math.abs(values[k] - seen(middle).cubic));
  const isStrange = total(strange) > LARGEST_STRANGE * spread;
  if (isStrange) for (let k = 0; k < off.length; k++) off[k] += strange[k];
  const hidden = total(off);
  if (!(hidden > LARGEST_HIDDEN * spread)) return null;
  const worst = off.reduce((top, value, k) => (value > off[top] ? k : top), 0);
  const { middle } = cells[worst];
  const usual = seen(middle).cubic;
  return {
    at: middle,
    widths: axes.map((axis, a) => widthAlong(axis, a, { middle, usual, valueAt })),
    share: hidden / spread,
  };
}

/** How far around a point a function is nearer to its value there than to the usual one. */
function widthAlong(
  { spacing }: Axis,
  axis: number,
  {
    middle,
    usual,
    valueAt,
  }: { readonly middle: readonly number[]; readonly usual: number; readonly valueAt: OnFast['valueAt'] },
): number {
  const peak = Math.abs(valueAt(middle) - usual);
  const isFar = (distance: number) => Math.abs(valueAt(middle.with(axis, middle[axis] + distance)) - usual) > peak / 2;
  return [-1, 1].reduce((width, sign) => {
    let reach = spacing * 2 ** -20;
    while (reach < spacing && isFar(sign * reach)) reach *= 1.2;
    return width + reach;
  }, 0);
}

/**
 * What a mean of h over nodes may be off by for structure they do not see: ∫ (|h − h_nodes| − bend/2)⁺ dμ_x over cells
 * that show the functions h is made of, h_nodes the cubic through four nodes an axis and `bend` their second
 * differences, which the errors of kinks and of what is smooth are made of; and what nodes that such structure hits
 * count of it (lone-nodes.ts).
 */
export function hiddenMean({ cells, mass }: FieldCells, axes: readonly Axis[], h: (y: Coordinates) => number): number {
  const atNode = nodeValues(axes, h);
  const seen = seenBy(axes, atNode);
  const sum = cells.reduce((total, { middle }, k) => {
    const { cubic, bend } = seen(middle);
    return total + mass[k] * Math.max(0, Math.abs(h(middle) - cubic) - bend / 2);
  }, 0);
  return SAFETY * (sum + countedByLoneNodes(axes, { cells, mass }, atNode));
}
