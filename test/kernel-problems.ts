/** What the kernels are compared on. */
import type { Problem } from '../src/model/problem.ts';
import { everyTerm, noiseInThePlane, noisyLinearQuadratic, powerUtility } from './general-problems.ts';
import { withNoise } from './noisy-problems.ts';
import { quadratic, slowFast } from './problems.ts';
import { dominatedNoise } from './reference-problems.ts';

const box = { kind: 'box', names: ['u', 'w'], lower: [-1, -1], upper: [1, 1] } as const;

/** [name, problem, slow axes]: one candidate and rest (the fused step); several candidates; a running cost; two slow axes. Odd sizes on purpose. */
export const kernelProblems: readonly (readonly [string, Problem, number])[] = [
  ['one candidate and rest', quadratic(), 1],
  ['one candidate that cannot rest', quadratic([1, 1]), 1],
  ['several candidates', slowFast({ slow: [(_x, y, u) => u[0] + Math.cos(y[0])] }), 1],
  ['a running cost', slowFast({ slow: [(_x, y, u) => u[0] * y[0]], runningCost: (x, _y, u) => x[0] + 0.2 * u[0] }), 1],
  ['one quadratic control', quadraticControl('u*(1+y)', '0.5*u^2 + x*u + y', [-3, 3]), 1],
  ['a quadratic control without ends', quadraticControl('u + y', '0.5*u^2 + 0.3*x*u', [-Infinity, Infinity]), 1],
  ['a drift quadratic in the control', quadraticControl('0.1 + u*(0.3+0.2*y) - 0.3*u^2', 'x', [-4, 4]), 1],
  ['two coupled controls', coupledControls(), 1],
  ['a convex formula of a control', quadraticControl('u + y', 'cosh(u) + x*u', [-3, 3]), 1],
  ['a formula whose drift turns', quadraticControl('sin(u*y) + 0.1*x', 'u^4/4 - 0.3*u', [-2, 2]), 1],
  ['a formula that all controls leave by', quadraticControl('2 + x*u^3', 'abs(u) + y', [-1, 1]), 1],
  ['a narrow formula', quadraticControl('u', '-exp(-((u-x)/0.02)^2)', [-1, 1]), 1],
  ['two slow axes', slowFast({ slow: [(x, y, u) => u[0] * y[0] - x[1], (x, _y, u) => u[1] + x[0]], controls: box }), 2],
  ['two quadratic controls on two axes', controlsOnTwoAxes(), 2],
  ['a formula on two axes', formulaOnTwoAxes(), 2],
  ['noise in x, a discount and a terminal cost in y', everyTerm(), 1],
  ['noise in x beside a control without ends', noisyLinearQuadratic(), 1],
  ['noise that a control moves', powerUtility(), 1],
  ['noise in both variables', withNoise(everyTerm(), '1.2 + 0.3*sin(y + x)'), 1],
  ['noise on two axes', noiseInThePlane(false), 2],
  ['noise on two axes that a control moves', noiseInThePlane(true), 2],
  ['noise with cross terms', dominatedNoise(), 2],
];

function family(parts: Parameters<typeof slowFast>[0]): Problem {
  return { ...slowFast(parts), name: 'family' };
}

function quadraticControl(slow: string, cost: string, [low, high]: readonly [number, number]): Problem {
  return family({
    slow: [slow],
    runningCost: cost,
    controls: { kind: 'box', names: ['u'], lower: [low], upper: [high] },
  });
}

function coupledControls(): Problem {
  return family({
    slow: ['u + y*w'],
    runningCost: 'u^2 + w^2 + 0.7*u*w + x*w - u',
    controls: { ...box, lower: [-1, -Infinity], upper: [2, Infinity] },
  });
}

function controlsOnTwoAxes(): Problem {
  return family({
    slow: ['u*(1+y^2) - x2', 'w - 0.4*u + x1'],
    runningCost: 'u^2 + 2*w^2 + 0.5*u*w + y*u',
    controls: box,
  });
}

function formulaOnTwoAxes(): Problem {
  return family({
    slow: ['u*(1+y^2) - x2', 'sin(2*u) + x1'],
    runningCost: 'exp(u) - u^3/5 + y*u',
    controls: { kind: 'box', names: ['u'], lower: [-2], upper: [1.5] },
  });
}
