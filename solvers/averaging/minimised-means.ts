/**
 * Means of φ and ℓ under μ_x where the minimiser of φ·p + ℓ is not one of finitely many: Σ_j π_j φ(x,y_j,ν(y_j)).
 * A quarter of every second difference of π_jφ_j counts as error: an edge on which the integrand jumps by J costs J/2
 * at most, and a kink or a curvature less.
 */
import { controlLattice, withFiniteEnds } from '../../src/control/control-set.ts';
import { leastOf } from '../../src/control/least-quadratic.ts';
import type { NodeQuadratic } from '../../src/control/node-bracket.ts';
import { minimumOver } from '../../src/control/pointwise-minimum.ts';
import { forEachNode, type Grid } from '../../src/grid/grid.ts';
import { boxesOf, type Coordinates, dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { isQuadraticInControl } from '../../src/model/structure.ts';
import { bestOf, type ConstantMean, type ControlledMean } from './controlled-mean.ts';

/** Values per control at which constant controls are looked at. */
const LEVELS = { 1: 17, 2: 9, more: 3 } as const;

/** The means on these nodes with these weights of μ_x. */
export function minimisedMeans(problem: Problem, x: Coordinates, grid: Grid, weights: Float64Array) {
  const { leastAt } = minimumOver(problem);
  const parts = [...problem.slowDrift, problem.runningCost ?? (() => 0)];
  const { n } = dimensionsOf(problem);
  const split = (sums: readonly number[]): ControlledMean => ({ velocity: sums.slice(0, n), cost: sums[n] });
  const under = (control: Coordinates): ConstantMean => {
    const sums = parts.map(() => 0);
    forEachNode(grid, (j, y) => {
      for (let i = 0; i < parts.length; i++) sums[i] += weights[j] * parts[i](x, y, control);
    });
    return { control: Array.from(control), ...split(sums) };
  };
  const { controls } = problem;
  const count = controls.names.length;
  const levels = count > 2 ? LEVELS.more : LEVELS[count as 1 | 2];
  const constants = boxesOf(controls).flatMap((box) => controlLattice(withFiniteEnds(box), levels).map(under));
  return {
    constants,
    constantAt: isQuadraticInControl(problem)
      ? bestQuadratic(problem, under)
      : (p: Coordinates) => bestOf(constants, p),
    atMinimizers(p: Coordinates) {
      const fields = parts.map(() => new Float64Array(grid.size));
      forEachNode(grid, (j, y) => {
        const { control } = leastAt(x, y, p);
        for (let i = 0; i < parts.length; i++) fields[i][j] = weights[j] * parts[i](x, y, control);
      });
      const errors = fields.map((field) => bend(grid, field) / 4);
      const sums = fields.map((field) => field.reduce((sum, value) => sum + value, 0));
      return { ...split(sums), error: Math.max(...errors) };
    },
    meanHamiltonian(p: Coordinates) {
      let [value, controls] = [0, 0];
      forEachNode(grid, (j, y) => {
        const least = leastAt(x, y, p);
        value -= weights[j] * least.value;
        controls += weights[j] * least.error;
      });
      return { value, controls };
    },
  };
}

/** The means of quadratics are quadratics: known from their values at 0, e_c and e_c + e_d, and minimised exactly. */
function bestQuadratic(problem: Problem, under: (control: Coordinates) => ConstantMean) {
  const count = problem.controls.names.length;
  const unit = (...places: readonly number[]) => {
    const u = new Array<number>(count).fill(0);
    for (const c of places) u[c] += 1;
    const { velocity, cost } = under(u);
    return [...velocity, cost];
  };
  const indices = Array.from({ length: count }, (_, c) => c);
  const [origin, ones] = [unit(), indices.map((c) => unit(c))];
  const pairs = indices.flatMap((c) => indices.slice(c).map((d) => ({ c, d, at: unit(c, d) })));
  const quadratics = origin.map((constant, i): NodeQuadratic => {
    const square = (c: number) => (pairs.find((pair) => pair.c === c && pair.d === c)?.at[i] ?? 0) - 2 * ones[c][i];
    const slope = ones.map((one, c) => one[i] - constant - (square(c) + constant) / 2);
    const bend = pairs.map(({ c, d, at }) =>
      c === d ? (square(c) + constant) / 2 : at[i] - ones[c][i] - ones[d][i] + constant,
    );
    return { constant, slope, bend };
  });
  return (p: Coordinates): ConstantMean => {
    const total = (read: (quadratic: NodeQuadratic) => number) =>
      quadratics.reduce((sum, quadratic, i) => sum + (i < p.length ? p[i] : 1) * read(quadratic), 0);
    const cost: NodeQuadratic = {
      constant: total(({ constant }) => constant),
      slope: indices.map((c) => total(({ slope }) => slope[c])),
      bend: pairs.map((_, k) => total(({ bend }) => bend[k])),
    };
    const bracket = { rates: [], forward: [], backward: [], cost };
    const found = boxesOf(problem.controls).map((box) => leastOf(bracket, box));
    const best = found.reduce((least, each) => (each.value < least.value ? each : least));
    return under(best.control);
  };
}

/** Σ|δ²| of a field on the nodes, over the axes. */
function bend({ shape, strides }: Grid, field: Float64Array): number {
  let sum = 0;
  for (let a = 0; a < shape.length; a++) {
    for (let j = 0; j < field.length; j++) {
      const place = Math.floor(j / strides[a]) % shape[a];
      if (place === 0 || place === shape[a] - 1) continue;
      sum += Math.abs(field[j + strides[a]] - 2 * field[j] + field[j - strides[a]]);
    }
  }
  return sum;
}
