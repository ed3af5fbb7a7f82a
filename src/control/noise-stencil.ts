/**
 * Noise with cross terms on two slow axes as second differences between nodes, along the axes and one diagonal at a
 * node: with a = ½ s sᵀ, c_i = s_i/dx_i the rows of s in cells, and σ the sign of a₁₂
 *
 *   tr(a D²V) ≈ Σ_i ν_i δ_i²V/2 + ν_σ δ²_(σ,1)V/2,   ν_σ = |c₁·c₂| = 2|a₁₂|/(dx₁dx₂),   ν_i = c_i·c_i − ν_σ,
 *
 * δ_d²V = V(x+d) − 2V + V(x−d), the stencil of seven nodes (Motzkin, Wasow 1953; Kushner, Dupuis 2001, ch. 5.3). All
 * weights are ≥ 0 iff a₁₁dx₂ ≥ |a₁₂|dx₁ and a₂₂dx₁ ≥ |a₁₂|dx₂, which is decided at every node.
 */
import { type Allocate, onHeap } from '../grid/allocate.ts';
import type { Grid } from '../grid/grid.ts';
import { InputError } from '../input/input-error.ts';
import type { Problem } from '../model/problem.ts';
import { placeOf } from './control-rows.ts';
import { lazyField } from './lazy-field.ts';
import { forEachNoiseRow } from './noise-rates.ts';

/** Directions of second differences in cells per slow axis, and ν of every one at every node. */
export interface NoiseStencil {
  readonly directions: readonly (readonly number[])[];
  readonly rates: readonly Float64Array[];
}

/** A weight may be so far below 0, relative to |a₁₂|, by the rounding of its few products; it is then 0. */
const ROUND_OFF = 1e-14;

/**
 * The stencil of noise with cross terms on two axes; a diagonal that no node needs is left out.
 * Throws InputError at the first node where a weight would be negative, and where a coefficient is not finite.
 */
export function noiseStencil(problem: Problem, slow: Grid, fast: Grid, allocate: Allocate = onHeap): NoiseStencil {
  const field = () => allocate(slow.size * fast.size);
  const axes = [field(), field()];
  const diagonals = [1, -1].map((side) => ({ side, rates: lazyField(field), row: new Float64Array(slow.size) }));
  const met: Met = { first: null, least: 0, most: Infinity };
  forEachNoiseRow(problem, slow, fast, ([s1, s2], { from, y }) => {
    for (let s = 0; s < slow.size; s++) {
      const node = entriesAt(s1, s2, s, slow);
      const cross = Math.abs(node.mixed);
      meet(met, node, () => placeOf({ slow, fast, slope: [] }, s, y));
      for (const [i, square] of node.squares.entries()) axes[i][from + s] = Math.max(0, square - cross);
      for (const { side, row } of diagonals) row[s] = Math.max(0, side * node.mixed);
    }
    for (const { rates, row } of diagonals) rates.setRow(from, row, 1);
  });
  if (met.first !== null) throw notDominated(met.first, met, slow);
  const used = diagonals.flatMap(({ side, rates }) => {
    const values = rates.array();
    return values === null ? [] : [{ direction: [side, 1], values }];
  });
  return {
    directions: [[1, 0], [0, 1], ...used.map(({ direction }) => direction)],
    rates: [...axes, ...used.map(({ values }) => values)],
  };
}

/** c_1·c_1, c_2·c_2 and c_1·c_2 at a node. */
interface Entries {
  readonly squares: readonly [number, number];
  readonly mixed: number;
}

function entriesAt(
  s1: readonly Float64Array[],
  s2: readonly Float64Array[],
  s: number,
  { axes: [x1, x2] }: Grid,
): Entries {
  let [first, second, mixed] = [0, 0, 0];
  for (let j = 0; j < s1.length; j++) {
    const [one, two] = [s1[j][s] / x1.spacing, s2[j][s] / x2.spacing];
    first += one * one;
    second += two * two;
    mixed += one * two;
  }
  return { squares: [first, second], mixed };
}

type Place = ReturnType<typeof placeOf>;

/** What the nodes ask of dx₁/dx₂, relative to what it is: at least `least`, at most `most`; and the first refused. */
interface Met {
  first: (Entries & { readonly at: Place }) | null;
  least: number;
  most: number;
}

function meet(met: Met, node: Entries, place: () => Place): void {
  const cross = Math.abs(node.mixed);
  if (cross === 0) return;
  const [first, second] = node.squares;
  met.least = Math.max(met.least, cross / second);
  met.most = Math.min(met.most, first / cross);
  if (met.first === null && Math.min(first, second) < cross * (1 - ROUND_OFF)) met.first = { ...node, at: place() };
}

function notDominated({ squares, mixed, at }: NonNullable<Met['first']>, { least, most }: Met, slow: Grid): InputError {
  const [x1, x2] = slow.axes;
  const ratio = x1.spacing / x2.spacing;
  const [d1, d2] = [`d${x1.name}`, `d${x2.name}`];
  const place = Object.entries(at).map(([name, point]) => `${name} = ${Array.from(point, shown).join(', ')}`);
  const isFirst = squares[0] < squares[1];
  const own = (isFirst ? squares[0] * x1.spacing ** 2 : squares[1] * x2.spacing ** 2) / 2;
  const [name, mine, other] = isFirst ? ['a_11', d2, d1] : ['a_22', d1, d2];
  const cross = (mixed * x1.spacing * x2.spacing) / 2;
  const [low, high] = [shown(least * ratio), shown(most * ratio)];
  const fits =
    least <= most
      ? `, or other numbers of nodes: ${d1}/${d2} from ${low} to ${high}, now ${shown(ratio)}`
      : `: no ${d1}/${d2} fits all nodes`;
  return new InputError(
    `at ${place.join(', ')} the noise in x has a_12 = ${shown(cross)}, more than ${name} = ${shown(own)} allows: ` +
      `${name}·${mine} < |a_12|·${other}`,
    'second differences between neighbouring nodes (a stencil of 7) are monotone for a = ½ssᵀ only with ' +
      `a_11·${d2} ≥ |a_12|·${d1} and a_22·${d1} ≥ |a_12|·${d2} at every node`,
    `take --scheme semi-lagrangian${fits}`,
    'slowNoise',
  );
}

function shown(value: number): number {
  return Number(value.toPrecision(4));
}
