/** The steps that `hjb bench` measures, on the quadratic model a = 1, γ = 2, U = [0, 1], at any size. */

import { slowHamiltonian } from '../../src/control/slow-hamiltonian.ts';
import { fastOperator } from '../../src/generator/fast-operator.ts';
import { onHeap } from '../../src/grid/allocate.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { StepProgram } from '../../src/kernel/kernel.ts';
import type { Problem } from '../../src/model/problem.ts';
import { effectiveEquation, epsilonEquation } from '../../src/time/equation.ts';
import { filterRate } from '../../src/time/filtered.ts';
import { methodStep, stepBounds } from '../../src/time/method-step.ts';
import { allSchemes, type Method, methodOf } from '../../src/time/schemes.ts';
import { valueFloor } from '../../src/time/value-floor.ts';
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
export function* measuredSteps(problem: Problem, box: Box, nodes: number): Generator<Measured> {
  const slowAxis = uniformAxis('x', box.x.lower, box.x.upper, nodes);
  const fastAxis = uniformAxis('y', box.y.lower, box.y.upper, nodes);
  const grid = tensorGrid([slowAxis]);
  const points = Array.from({ length: nodes }, (_, i) => [slowAxis.lower + i * slowAxis.spacing]);
  const slow = slowHamiltonian(problem, grid, tensorGrid([fastAxis]));
  const fast = fastOperator(problem, points, [fastAxis]);
  const operators = { grid, slow, fast, allocate: onHeap, source: null };
  const start = Float64Array.from(points, problem.terminalCost);
  for (const method of measuredMethods) {
    const limit: Parameters<typeof stepBounds>[3] =
      method.equation === 'epsilon' ? { epsilon: EPSILON } : { measure: fast.stationary() };
    const differences = method.scheme.differences(operators, start);
    const dt = stepBounds(method, operators, differences, limit).usualStep;
    const equation =
      'epsilon' in limit
        ? epsilonEquation(operators, limit.epsilon, start)
        : effectiveEquation(operators, limit.measure, start);
    const { program } = methodStep(method, equation, differences, {
      dt,
      rate: filterRate(operators, start, { horizon: problem.horizon, dt }),
      floor: valueFloor(problem, operators, start),
    });
    yield { name: nameOf(method), nodes: [nodes, nodes], program };
  }
}

/** upwind, imex; effective: upwind, imex. */
function nameOf({ equation, scheme, time }: Method): string {
  return `${equation === 'effective' ? 'effective: ' : ''}${scheme.name}, ${time.name}`;
}

interface Box {
  readonly x: { readonly lower: number; readonly upper: number };
  readonly y: { readonly lower: number; readonly upper: number };
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
