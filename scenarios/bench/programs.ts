/** The steps that `hjb bench` measures, on the quadratic model a = 1, γ = 2, U = [0, 1], at any size. */

import { posedStep, poseEffectiveHjb, poseEpsilonHjb } from '../../solvers/workbench.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { StepProgram } from '../../src/kernel/kernel.ts';
import type { Interval, Problem } from '../../src/model/problem.ts';
import { allSchemes, type Method, methodOf } from '../../src/time/schemes.ts';
import type { Measured } from './kernel-figures.ts';

/** The scale separation at which steps are measured; no step depends on it. */
const EPSILON = 0.1;

/** The default time of every scheme, the explicit baseline, and the effective equation by upwind and filtered. */
const measuredMethods = [
  ...allSchemes.map(({ name }) => methodOf('epsilon', { scheme: name })),
  methodOf('epsilon', { time: 'explicit' }),
  ...['upwind', 'filtered'].map((scheme) => methodOf('effective', { scheme })),
];

/** A step of every measured method at `nodes` × `nodes`, made one after another. */
export function* measuredSteps(
  problem: Problem,
  box: Readonly<Record<'x' | 'y', Interval>>,
  nodes: number,
): Generator<Measured> {
  const slow = [uniformAxis('x', box.x.lower, box.x.upper, nodes)];
  const fast = [uniformAxis('y', box.y.lower, box.y.upper, nodes)];
  const [first] = measuredMethods;
  // The operators of an equation are the same for all its methods.
  const posed = {
    epsilon: poseEpsilonHjb(problem, first, { slow, fast, epsilon: EPSILON }),
    effective: poseEffectiveHjb(problem, first, { slow, fast }),
  };
  for (const method of measuredMethods) {
    const { program } = posedStep({ ...posed[method.equation], method }, {});
    yield { name: nameOf(method), nodes: [nodes, nodes], program };
  }
}

/** upwind, imex; effective: upwind, imex. */
function nameOf({ equation, scheme, time }: Method): string {
  return `${equation === 'effective' ? 'effective: ' : ''}${scheme.name}, ${time.name}`;
}

/** Copying a field on `nodes` × `nodes`. */
export function copying(nodes: number): Measured {
  const grid = tensorGrid([uniformAxis('x', 0, 1, nodes)]);
  const buffers = [0, 1].map(() => new Float64Array(nodes * nodes).fill(1));
  const program: StepProgram = {
    slow: grid,
    fastNodes: nodes,
    buffers,
    phases: [{ kind: 'combine', out: 1, terms: [{ field: 0, factor: 1 }] }],
    value: 0,
    next: 1,
  };
  return { name: 'copy', nodes: [nodes, nodes], program };
}
