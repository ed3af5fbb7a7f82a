/** One step of a discretised problem on a kernel, from any value. */

import { slowHamiltonian } from '../src/control/slow-hamiltonian.ts';
import type { Differencing } from '../src/differencing/differencing.ts';
import { upwind } from '../src/differencing/upwind.ts';
import { fastOperator } from '../src/generator/fast-operator.ts';
import { type Allocate, onHeap } from '../src/grid/allocate.ts';
import { type Axis, coordinate } from '../src/grid/axis.ts';
import { nodeCoordinates, tensorGrid } from '../src/grid/grid.ts';
import type { Kernel, StepProgram } from '../src/kernel/kernel.ts';
import { slowTerminal } from '../src/model/general-terms.ts';
import type { Problem } from '../src/model/problem.ts';
import { type Equation, effectiveEquation, epsilonEquation, type TimeStep } from '../src/time/equation.ts';
import type { Discretisation } from '../src/time/field-slots.ts';
import { rungeKutta } from '../src/time/runge-kutta.ts';
import { sampleSource } from '../src/time/source.ts';
import { euler } from '../src/time/time-methods.ts';

/** Both operators of a problem on its axes. */
export function discretised(
  problem: Problem,
  slowAxes: readonly Axis[],
  fast: Axis | readonly Axis[],
  allocate: Allocate = onHeap,
): Discretisation {
  const grid = tensorGrid(slowAxes);
  const fastAxes = 'nodes' in fast ? [fast] : fast;
  const points = Array.from({ length: grid.size }, (_, s) =>
    slowAxes.map((axis, a) => coordinate(axis, Math.floor(s / grid.strides[a]) % grid.shape[a])),
  );
  return {
    grid,
    slow: slowHamiltonian(problem, grid, tensorGrid(fastAxes), { allocate }),
    fast: fastOperator(problem, points, fastAxes, { allocate }),
    allocate,
    discount: problem.discount ?? 0,
    source: sampleSource(problem.source, grid, tensorGrid(fastAxes)),
  };
}

/** One step of IMEX Euler for the ε-problem, from the terminal values `start` (one per slow node). */
export function imexEuler(
  problem: Discretisation,
  dt: number,
  epsilon: number,
  start: Float64Array,
  differencing: Differencing<Float64Array> = { kind: upwind },
): StepProgram {
  return programOf(euler.step, epsilonEquation(problem, epsilon, start), differencing, dt);
}

/** One step of explicit Euler for the ε-problem. */
export function explicitEuler(problem: Discretisation, dt: number, epsilon: number, start: Float64Array): StepProgram {
  return programOf(
    rungeKutta({ kind: 'convex', kept: [0] }).step,
    epsilonEquation(problem, epsilon, start),
    { kind: upwind },
    dt,
  );
}

/** One Euler step of the effective equation, the ε → 0 limit of `imexEuler`. */
export function averagedEuler(
  problem: Discretisation,
  dt: number,
  measure: Float64Array,
  start: Float64Array,
): StepProgram {
  return programOf(euler.step, effectiveEquation(problem, measure, start), { kind: upwind }, dt);
}

/** A step as a program. */
export function programOf(
  step: TimeStep,
  equation: Equation,
  differencing: Differencing<Float64Array>,
  dt: number,
): StepProgram {
  return equation.program(step(equation, equation.differencing(differencing), dt, equation.next), dt);
}

/** f on the slow nodes. */
export function terminalValuesOf(problem: Problem, { grid }: Discretisation): Float64Array {
  const point = new Float64Array(grid.axes.length);
  return Float64Array.from({ length: grid.size }, (_, s) => {
    nodeCoordinates(point, grid, s);
    return slowTerminal(problem)(point);
  });
}

/** The first phase alone: V + dt·M V. */
export function sweepOf(program: StepProgram): StepProgram {
  return { ...program, phases: program.phases.slice(0, 1) };
}

/** The value after `steps` steps of a program started from V. */
export async function stepped(kernel: Kernel, program: StepProgram, V: Float64Array, steps = 1): Promise<Float64Array> {
  const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? V.slice() : buffer.slice()));
  const session = kernel.open();
  const loaded = await session.load({ ...program, buffers });
  await loaded.advance(steps);
  const after = await loaded.read();
  session.close();
  return after;
}
