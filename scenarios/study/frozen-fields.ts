/** What is averaged at frozen x as fields: H̄, invariant measures, and the optimal averaged velocity. */
import {
  evenAxes,
  type InvariantMeasure,
  invariantMeasure,
  stationaryMeasure,
  supportBox,
} from '../../solvers/index.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { supportAt } from '../../src/measure/fast-box.ts';
import { gibbsMeasure } from '../../src/measure/gibbs-measure.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { type Fields, fieldAxis, fieldsTo, mapNodes, pointAxis, spread } from './field.ts';
import { frozenMeasures, frozenMotion } from './frozen-motion.ts';
import type { StudySetup } from './setup.ts';
import { flattened, slopeAt, steepestSlope } from './slopes.ts';
import { heldPoints } from './value-fields.ts';
import { whereFinite } from './where-finite.ts';

const DIGITS = 10;
const field = fieldsTo(DIGITS);
const LARGEST_SLOPE = 2;
/** Points per axis of H̄, of densities by m, of x on the line, of velocities; nodes of μ_x behind H̄ in the plane. */
const POINTS = { slopes: 41, density: [401, 101], table: 25, measures: 5, velocity: 15, nodes: 61 } as const;
/** Deviations of μ_x that a density is shown for. */
const REACH = 5;

/** H(x,p): many x where n = m = 1, else the centre of K and the middle of its right side. */
export function hamiltonianFields(setup: StudySetup): Fields {
  const points = frozenPoints(setup, POINTS.table);
  const n = setup.slow.length;
  const table = pointAxis('table', setup.names.slice(0, n), points);
  const slopes = axisNames('p', n).map((name) => spread(name, -LARGEST_SLOPE, LARGEST_SLOPE, POINTS.slopes));
  const values = points.flatMap((x) => {
    const hamiltonian = hamiltonianAt(setup, x);
    return mapNodes(slopes, (p) => whereFinite(() => hamiltonian(p)));
  });
  const over = slopes.map(({ name }) => name).toReversed();
  return {
    axes: [...table.axes, ...slopes.map((axis) => fieldAxis(axis, 'gradient'))],
    variables: [
      ...table.variables,
      field('H', 'effective Hamiltonian at frozen x', [table.axes[0].name, ...over], values),
    ],
  };
}

/** Evenly over K where n = m = 1; else the centre of K and the middle of its right side. */
function frozenPoints(setup: StudySetup, count: number): (readonly number[])[] {
  const { x, beside } = heldPoints(setup);
  if (setup.slow.length + setup.fast.length > 2) return [x, beside];
  const { lower, upper } = setup.observeSlow;
  return fieldAxis(spread('x', lower[0], upper[0], count), '').nodes.map((node) => [node]);
}

/** p ↦ H̄(x,p): by Gibbs quadrature where n = m = 1, else on nodes of μ_x. */
function hamiltonianAt({ problem, slow, fast }: StudySetup, x: readonly number[]): (p: Coordinates) => number {
  if (slow.length + fast.length === 2) {
    const measure = gibbsMeasure(problem, x, supportAt(problem, x));
    return (p) => measure.meanHamiltonian(p);
  }
  return frozenMotion(problem, x, measureAt(problem, x)).hamiltonian;
}

function measureAt(problem: Problem, x: readonly number[]) {
  return stationaryMeasure(problem, x, evenAxes(supportBox(problem, x), POINTS.nodes));
}

/** Densities of μ_x on a box that holds all of them, with means and covariances. */
export function measureFields({ names, ...setup }: StudySetup): Fields {
  const n = setup.slow.length;
  const points = frozenPoints({ names, ...setup }, POINTS.measures);
  const measures = points.map((x) => invariantMeasure(setup.problem, x));
  const fast = names.slice(n);
  const list = pointAxis('measure', names.slice(0, n), points);
  const [{ name: point }] = list.axes;
  const axes = fast.map((name, a) => {
    const ends = measures.map(({ mean, covariance }) => [mean[a], REACH * Math.sqrt(covariance[a][a])]);
    const lower = Math.min(...ends.map(([mean, reach]) => mean - reach));
    const upper = Math.max(...ends.map(([mean, reach]) => mean + reach));
    return spread(`${name}_measure`, lower, upper, POINTS.density[fast.length === 1 ? 0 : 1]);
  });
  type Measure = (typeof measures)[number];
  const moment = (name: string, description: string, of: (measure: Measure) => number) =>
    field(name, description, [point], measures.map(of));
  return {
    axes: [...list.axes, ...axes.map((axis) => fieldAxis(axis, 'fast variable'))],
    variables: [
      ...list.variables,
      field(
        'density',
        'density of the invariant measure frozen at x; 0 outside the box that holds it up to its tails',
        [point, ...axes.map(({ name }) => name).toReversed()],
        measures.flatMap((measure) => mapNodes(axes, (y) => densityAt(measure, y))),
      ),
      ...fast.map((name, a) => moment(`mean_${name}`, `mean of ${name}`, ({ mean }) => mean[a])),
      ...fast.flatMap((first, a) =>
        fast
          .slice(a)
          .map((second, b) =>
            moment(
              `covariance_${first}_${second}`,
              `covariance of ${first} and ${second}`,
              ({ covariance }) => covariance[a][a + b],
            ),
          ),
      ),
    ],
  };
}

/** Every x has a box of its own, on which its density is known. */
function densityAt({ box, density }: InvariantMeasure, y: readonly number[]): number {
  return box.every(({ lower, upper }, a) => lower <= y[a] && y[a] <= upper) ? density(y) : 0;
}

/** The optimal velocity φ̄(x, ν_p), p = Dv(τ=T; x), on a lattice of cells of the x-box; n = 2. */
export function velocityFields(setup: StudySetup, v: GridFunction): Fields {
  if (setup.slow.length !== 2) return { axes: [], variables: [] };
  const steepest = steepestSlope(v);
  const measures = frozenMeasures(setup.problem, setup.slow);
  const axes = setup.slow.map(({ lower, upper }, a) => {
    const half = (upper - lower) / (2 * POINTS.velocity);
    return spread(`${setup.names[a]}_velocity`, lower + half, upper - half, POINTS.velocity);
  });
  const velocities: number[][] = [];
  mapNodes(axes, (x) => {
    const { velocity } = frozenMotion(setup.problem, x, measures(x));
    return velocities.push(velocity(flattened(slopeAt(v, x), steepest)));
  });
  return {
    axes: axes.map((axis) => fieldAxis(axis, 'slow variable')),
    variables: axes.map((_, i) =>
      field(
        `velocity_${setup.names[i]}`,
        `optimal averaged velocity along ${setup.names[i]} at time to go T`,
        axes.map(({ name }) => name).toReversed(),
        velocities.map((velocity) => velocity[i]),
      ),
    ),
  };
}
