/**
 * One control that fills an interval, for φ and ℓ given by any formulas: on slow × fast nodes the minimum over it is
 * found from the formulas themselves (least-formula.ts) and from what formula-pieces.ts knows of parts of U.
 */
import { type Compiled, compileTogether, type Program, programOf } from '../formula/program.ts';
import { dependsOn } from '../formula/tree.ts';
import { coordinate } from '../grid/axis.ts';
import type { Grid } from '../grid/grid.ts';
import { type FormulaPieces, piecesOn } from './formula-pieces.ts';
import type { WrittenFormulas } from './written-formulas.ts';

/** The formulas of an interval of controls on slow × fast nodes. */
export interface FormulaFamily extends FormulaPieces {
  readonly written: WrittenFormulas;
  /** φ and ℓ at a point, and all of `trees`: as programs, and compiled. */
  readonly programs: { readonly values: Program; readonly all: Program };
  readonly values: readonly Compiled[];
  readonly all: readonly Compiled[];
  /** Coordinates per axis of every slow node, and of every fast one. */
  readonly slowAt: readonly Float64Array[];
  readonly fastAt: readonly Float64Array[];
  /** dx_i. */
  readonly spacing: readonly number[];
  /** Whether the minimiser depends on x, and on y, other than through differences of V. */
  readonly varies: { readonly x: boolean; readonly y: boolean };
}

/** The formulas on nodes, with what is known of them on pieces of U. */
export function formulasOn(written: WrittenFormulas, slow: Grid, fast: Grid): FormulaFamily {
  const { names, trees, isAffine } = written;
  const count = isAffine.length + 1;
  const [n, m] = [slow.axes.length, fast.axes.length];
  // Where φ is not affine its zeros count, and these depend on more than its slope does.
  const decisive = [...trees.slice(count, 2 * count), ...trees.slice(0, n).filter((_, i) => !isAffine[i])];
  const sees = (name: string) => decisive.some((tree) => dependsOn(tree, name));
  const values = trees.slice(0, count);
  return {
    ...piecesOn(written, { slow, fast, sees }),
    written,
    programs: { values: programOf(values, names), all: programOf(trees, names) },
    values: compileTogether(values, names),
    all: compileTogether(trees, names),
    slowAt: coordinatesOf(slow),
    fastAt: coordinatesOf(fast),
    spacing: slow.axes.map(({ spacing }) => spacing),
    varies: { x: names.slice(0, n).some(sees), y: names.slice(n, n + m).some(sees) },
  };
}

/** The same formulas on some of the nodes, `strides[i]` cells apart along axis i. */
export function onSomeNodes(
  family: FormulaFamily,
  { slowNodes, fastNodes, strides }: Record<'slowNodes' | 'fastNodes' | 'strides', readonly number[]>,
): FormulaFamily {
  const some = (nodes: readonly number[]) => (at: Float64Array) => Float64Array.from(nodes, (k) => at[k]);
  return {
    ...family,
    slowAt: family.slowAt.map(some(slowNodes)),
    fastAt: family.fastAt.map(some(fastNodes)),
    slowBlock: Int32Array.from(slowNodes, (s) => family.slowBlock[s]),
    fastBlock: Int32Array.from(fastNodes, (j) => family.fastBlock[j]),
    spacing: family.spacing.map((dx, i) => dx * strides[i]),
  };
}

function coordinatesOf({ axes, shape, strides, size }: Grid): Float64Array[] {
  return axes.map((axis, a) =>
    new Float64Array(size).map((_, k) => coordinate(axis, Math.floor(k / strides[a]) % shape[a])),
  );
}

/** The point (x, y, u) of a node. */
export function pointAt(family: FormulaFamily, s: number, j: number): Float64Array {
  const point = family.written.point.slice();
  standAt(point, family, s, j);
  return point;
}

/** Moves a point to a node. */
export function standAt(point: Float64Array, { slowAt, fastAt }: FormulaFamily, s: number, j: number): void {
  let k = 0;
  for (let a = 0; a < slowAt.length; a++) point[k++] = slowAt[a][s];
  for (let a = 0; a < fastAt.length; a++) point[k++] = fastAt[a][j];
}
