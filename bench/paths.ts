/** Path-steps per second of every integrator and control on one and two threads, part of `npm run bench`. */

import { readScenario } from '../scenarios/read/read-scenario.ts';
import type { PathControl } from '../solvers/ensembles/path-control.ts';
import type { TwoScaleOptions } from '../solvers/ensembles/path-options.ts';
import { solveEpsilonHjb } from '../solvers/epsilon-hjb.ts';
import { simulateTwoScale } from '../solvers/trajectories.ts';
import { formula } from '../src/formula/expression.ts';
import { uniformAxis } from '../src/grid/axis.ts';
import { dimensionsOf, type Problem } from '../src/model/problem.ts';

const REPEATS = 5;
const side = { lower: -2.5, upper: 2.5 };

const clock = () => performance.now() / 1000;

interface Case {
  readonly name: string;
  readonly problem: Problem;
  readonly control: PathControl;
  readonly size: Pick<TwoScaleOptions, 'paths' | 'steps' | 'method'>;
}

const held: PathControl = { kind: 'constant', u: [1] };
const heun = { method: 'heun', paths: 200_000, steps: 500 } as const;
const inPlane = { paths: 20_000, steps: 500 } as const;

/** The same system with dX = φ dt + (1 + y/2) dW. */
function noisy(problem: Problem): Problem {
  return { ...problem, slowNoise: [[formula('1+y/2', ['x'], ['y'], ['u'])]] };
}

async function cases(): Promise<Case[]> {
  const [quadratic, multiwell] = ['quadratic', 'multiwell'].map((name) => readScenario(name).problem);
  const axes = { slow: [uniformAxis('x', -2.5, 2.5, 101)], fast: [uniformAxis('y', -6.5, 6.5, 101)] };
  const value = await solveEpsilonHjb(quadratic, { ...axes, epsilon: 0.1, snapshots: 50 });
  const changing: PathControl = { kind: 'open-loop', at: (t) => [1 - t] };
  return [
    { name: 'quadratic, Heun, u = 1', problem: quadratic, control: held, size: heun },
    { name: 'multiwell, Heun, u = 1', problem: multiwell, control: held, size: heun },
    { name: 'quadratic, exact steps, u = 1', problem: quadratic, control: held, size: { ...heun, method: undefined } },
    { name: 'quadratic, Heun, argmin of Vᵉ', problem: quadratic, control: { kind: 'argmin', value }, size: heun },
    { name: 'quadratic, Heun, open loop', problem: quadratic, control: changing, size: heun },
    { name: 'multiwell, Heun, open loop', problem: multiwell, control: changing, size: heun },
    { name: 'noise of y in x, Platen', problem: noisy(quadratic), control: held, size: inPlane },
    ...['isotropic-2d', 'rotational-2d', 'rastrigin-2d'].map((name) => {
      return { name: `${name}, Heun, u = 1`, problem: readScenario(name).problem, control: held, size: inPlane };
    }),
  ];
}

async function benchPaths({ name, problem, control, size }: Case, threads: number): Promise<void> {
  const { n, m } = dimensionsOf(problem);
  const start = { epsilon: 0.1, x: new Array(n).fill(1), y: new Array(m).fill(0), control, seed: 1 };
  const box = { slow: new Array(n).fill(side), fast: new Array(m).fill({ lower: -6.5, upper: 6.5 }) };
  const rates: number[] = [];
  for (let k = 0; k < REPEATS; k++) {
    const { seconds, paths, steps } = await simulateTwoScale(
      problem,
      { ...start, ...box, ...size },
      { threads, clock },
    );
    rates.push((paths * steps) / seconds / 1e6);
  }
  rates.sort((a, b) => a - b);
  const [least, median, most] = [rates[0], rates[(REPEATS - 1) / 2], rates[REPEATS - 1]].map((r) => r.toPrecision(3));
  console.log(`${name}, ${threads} threads: median ${median}, ${least} to ${most}`);
}

console.log(`\n10⁶ path-steps per second (${REPEATS} runs)`);
for (const each of await cases()) {
  for (const threads of [1, 2]) await benchPaths(each, threads);
}
