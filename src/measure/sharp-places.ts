/**
 * Where along x wells of a potential in R^m, m = 2, 3, may be narrower than two spacings h: a well that is so narrow
 * along the axis a has ∂²Φ/∂y_a² > 4/h_a² inside. Boxes of (x,y) on which an enclosure rules that out are left out, the
 * others halved, those first on which it may be largest.
 */
import { derivative } from '../formula/derivative.ts';
import { type IntervalProgram, intervalProgram } from '../formula/interval.ts';
import { EMPTY } from '../formula/interval-arithmetic.ts';
import { type Axis, coordinate } from '../grid/axis.ts';
import { oncePerProblem } from '../model/once-per-problem.ts';
import type { Problem } from '../model/problem.ts';
import { namesOf, potentialTree } from '../model/trees.ts';
import { type Cell, cellOf, halves, refined, setCell } from './cells.ts';

/** Boxes that are looked at, and x that are named. */
const [BOXES, PLACES] = [1500, 6];

const curvatureProgram = oncePerProblem((problem): IntervalProgram | null => {
  const tree = potentialTree(problem);
  const [ofX, ofY] = namesOf(problem);
  if (tree === null || ofY.length === 1) return null;
  const curvatures = ofY.map((name) => derivative(derivative(tree, name), name));
  return intervalProgram(curvatures, [...ofX, ...ofY], 0);
});

interface CurvedCell extends Cell {
  /** The largest ∂²Φ/∂y_a² h_a²/4 it may have; 0 where that is at most 1. */
  readonly sharpness: number;
}

/** x nodes beside which a well may be too narrow for the y-nodes, those first where it may be narrowest. */
export function sharpPlaces(problem: Problem, slow: readonly Axis[], fast: readonly Axis[]): readonly number[][] {
  const program = curvatureProgram(problem, []);
  if (program === null) return [];
  const { lower: low, upper, flags, results, run } = program;
  const judge = (cell: Cell): CurvedCell => {
    setCell(program, 0, cell, 1);
    run();
    const sharpness = results.reduce((most, curvature, a) => {
      if (flags[curvature] & EMPTY || Number.isNaN(low[curvature])) return most;
      return Math.max(most, (upper[curvature] * fast[a].spacing ** 2) / 4);
    }, 0);
    return { ...cell, sharpness: sharpness > 1 ? sharpness : 0 };
  };
  const spacings = [...slow, ...fast].map(({ spacing }) => spacing);
  const { cells } = refined([judge(cellOf([...slow, ...fast]))], {
    most: BOXES,
    // Of boxes that are as curved the larger one.
    openOf: ({ sharpness, volume, half }) => {
      const isPoint = half.every((side, a) => side < spacings[a] / 64);
      return isPoint || sharpness === 0 ? 0 : Math.min(sharpness, 1e30) * volume;
    },
    split(cell) {
      const sides = cell.half.map((side, a) => side / spacings[a]);
      return halves(cell, sides.indexOf(Math.max(...sides)))
        .map(judge)
        .filter(({ sharpness }) => sharpness > 0);
    },
    isEnough: (_, open) => open.every((each) => each === 0),
  });
  const found = new Map<string, number[]>();
  for (const { middle, sharpness } of [...cells].sort((a, b) => b.sharpness - a.sharpness)) {
    const x = slow.map((axis, i) => nearestTo(axis, middle[i]));
    if (sharpness > 0 && found.size < PLACES) found.set(x.join(), x);
  }
  return [...found.values()];
}

function nearestTo(axis: Axis, place: number): number {
  return coordinate(axis, Math.min(axis.nodes - 1, Math.max(0, Math.round((place - axis.lower) / axis.spacing))));
}
