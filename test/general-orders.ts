/** Problems of the general system with exact values, for the orders of every scheme (test/orders.test.ts). */
import { withKnownSolutions } from '../src/exact/known-solutions.ts';
import type { Problem } from '../src/model/problem.ts';
import type { ExactProblem } from './exact-problems.ts';
import { problemOf } from './general-exact.ts';
import { manufacturedGeneral } from './manufactured-general.ts';
import { gaussian, stateDependentNoise } from './reference-problems.ts';

const horizon = 0.5;

/** φ = u/2 + 0.3y, s = u + 1/2, a discount: u* = −½ − tanh(x/2) for profiles like cosh(x/2). */
function controlledNoise(epsilon: number): Problem {
  const base = problemOf({
    horizon,
    slow: ['u/2 + 0.3*y'],
    noise: [['u + 0.5']],
    drift: ['-y'],
    terminal: '0',
    controls: { kind: 'box', names: ['u'], lower: [-2], upper: [1] },
    discount: 0.5,
  });
  return manufacturedGeneral(base, { value: 'cosh(x/2)', corrector: '0.3*sin(y/2 + 0.4)', decay: 1 }, epsilon);
}

/** Noise in both variables, r of y; g of both at every ε > 0. */
function noiseInBoth(epsilon: number): Problem {
  const base = problemOf({
    horizon,
    slow: ['sin(x)/2 + 0.3*y'],
    noise: [['0.5 + 0.2*cos(x + y)']],
    drift: ['-y'],
    fastNoise: ['1.2 + 0.3*sin(y)'],
    terminal: '0',
    discount: 0.5,
  });
  return manufacturedGeneral(base, { value: 'cosh(x/2)', corrector: '0.5*sin(y/2 + 0.4)*x', decay: 1 }, epsilon);
}

/** A problem with the methods it is for. */
export interface GeneralOrder extends ExactProblem {
  /** Accurate differences are exact for quadratics in x: methods of order 1 alone show theirs. */
  readonly isQuadratic: boolean;
}

/**
 * Steps of accurate schemes resolve the noise, dt ∝ dx², so that their errors fall faster than claimed where dt ∝ dx.
 */
export const generalOrders: readonly GeneralOrder[] = [
  posed('noise that depends on y', () => withKnownSolutions({ ...stateDependentNoise(), horizon }, []), true),
  posed('a terminal cost in y with a discount', () => withKnownSolutions({ ...gaussian(), horizon }, []), true),
  posed('noise that a control moves', controlledNoise, false),
  posed('noise in both variables', noiseInBoth, false),
];

function posed(name: string, problem: ExactProblem['problem'], isQuadratic: boolean): GeneralOrder {
  const half = isQuadratic ? 6 : 4;
  return {
    ...{ name, problem, isQuadratic, slow: { lower: -half, upper: half }, fast: { lower: -6, upper: 6 } },
    window: { lower: [-0.5, -1], upper: [0.5, 1] },
    ...{ levels: [4, 8, 16], fastSpacing: 1, smooth: true, partlyExact: true },
  };
}

/** Where V is no quadratic, orders of 1 show on grids twice as fine. */
export function finer(exact: GeneralOrder): GeneralOrder {
  return exact.isQuadratic ? exact : { ...exact, levels: exact.levels.map((level) => 2 * level), fastSpacing: 0.5 };
}
