/** The steps that `hjb bench` measures, on the quadratic model a = 1, γ = 2, U = [0, 1], at any size. */
import { uniformAxis } from '../../src/grid/axis.ts';
import { tensorGrid } from '../../src/grid/grid.ts';
import type { StepProgram } from '../../src/kernel/kernel.ts';
import { onHeap } from '../../src/operator/candidate-rates.ts';
import { fastGenerator } from '../../src/operator/fast-generator.ts';
import { slowHamiltonian } from '../../src/operator/slow-hamiltonian.ts';
import type { Problem } from '../../src/problem/problem.ts';
import { explicitEuler, explicitStableStep } from '../../src/time/explicit-euler.ts';
import { averagedEuler, imexEuler } from '../../src/time/imex-euler.ts';
import type { Measured } from './kernel-figures.ts';

/** The scale separation at which steps are measured; no step depends on it. */
const EPSILON = 0.1;

/** All steps at `nodes` × `nodes`, made one after another. */
export function* measuredSteps(problem: Problem, box: Box, nodes: number): Generator<Measured> {
  const slowAxis = uniformAxis('x', box.x.lower, box.x.upper, nodes);
  const fastAxis = uniformAxis('y', box.y.lower, box.y.upper, nodes);
  const grid = tensorGrid([slowAxis]);
  const points = Array.from({ length: nodes }, (_, i) => [slowAxis.lower + i * slowAxis.spacing]);
  const slow = slowHamiltonian(problem, grid, tensorGrid([fastAxis]));
  const fast = fastGenerator(problem, points, fastAxis);
  const operators = { grid, slow, fast, allocate: onHeap };
  const start = Float64Array.from(points, problem.terminalCost);
  const named = (name: string, program: StepProgram) => ({ name, nodes: [nodes, nodes], program });
  yield named('upwind, IMEX Euler', imexEuler(operators, slow.stableStep, EPSILON, start));
  const averaged = slow.averagedStableStep(fast.stationary());
  yield named('upwind, effective equation', averagedEuler(operators, averaged, fast.stationary(), start));
  const explicit = explicitStableStep(slow, fast, EPSILON);
  yield named('upwind, explicit Euler', explicitEuler(operators, explicit, EPSILON, start));
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
