/** Problems of the general system: the models of test/fixtures/reference-general.json, and synthetic ones. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formula } from '../src/formula/expression.ts';
import type { Problem } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import { slowFast } from './problems.ts';

/** Exact numbers, see test/fixtures/README.md. */
export const generalReference = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/reference-general.json'), 'utf8'),
);

interface General {
  /** The coefficient of a Brownian motion of its own for every slow variable. */
  readonly noise?: readonly string[];
  /** g in x and y. */
  readonly terminal?: string;
  readonly discount?: number;
}

/** A slow-fast problem with terms of the general system. */
export function general(parts: Parameters<typeof slowFast>[0], { noise, terminal, discount }: General): Problem {
  const base = slowFast(parts);
  const [x, y] = [axisNames('x', base.slowDrift.length), ['y']];
  const of = (text: string) => formula(text, x, y, base.controls.names);
  return {
    ...base,
    name: 'general',
    ...(noise && { slowNoise: noise.map((own, i) => noise.map((_, j) => of(i === j ? own : '0'))) }),
    ...(terminal !== undefined && { terminalCost: formula(terminal, x, y) }),
    ...(discount !== undefined && { discount }),
  };
}

const NONE = { kind: 'values', names: [], values: [[]] } as const;
const REAL = { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] } as const;

/** lq_1d. */
export function noisyLinearQuadratic(): Problem {
  return general(
    {
      slow: ['u + y'],
      potential: 'y^2/2',
      controls: REAL,
      runningCost: '(x^2 + u^2)/2',
      terminalCost: formula('x^2/4', ['x']),
    },
    { noise: ['0.5'] },
  );
}

/** merton, x the logarithm of wealth: the control moves the noise. */
export function powerUtility(): Problem {
  const variance = '0.25/(1 + 0.5*sin(y))';
  return general(
    {
      slow: [`0.02 + u*0.28 - u^2*${variance}/2`],
      potential: 'y^2/2',
      controls: { kind: 'box', names: ['u'], lower: [0], upper: [4] },
      terminalCost: formula('-2*exp(x/2)', ['x']),
    },
    { noise: [`u*sqrt(${variance})`] },
  );
}

/** dX = −X/2 dt + √2 (1 + Y/2) dW, f = x². */
export function noiseOfTheFastVariable(): Problem {
  return general(
    { slow: ['-x/2'], potential: 'y^2/2', controls: NONE, terminalCost: formula('x^2', ['x']) },
    { noise: ['sqrt(2)*(1 + y/2)'] },
  );
}

/** u ∈ [−1, 1], g = x²/2 + y² + xy/3, a discount and noise. */
export function everyTerm(): Problem {
  return general(
    { slow: ['u + 0.3*y'], potential: 'y^2/2', runningCost: 'x^2/4 + y/3' },
    { noise: ['0.4 + 0.1*sin(x + y)'], terminal: 'x^2/2 + y^2 + x*y/3', discount: 0.6 },
  );
}

/** Noise that is 0 at the ends ±2.5, a discount, a cost at the end in y: times `scale`, with x mirrored, or with noise that leaves. */
export function termsInside({ scale = 1, mirrored = false, leaves = false } = {}): Problem {
  const [x, sign] = mirrored ? ['(-x)', '-1'] : ['x', '1'];
  return general(
    { slow: [`${sign}*(u + 0.3*y - 0.4*${x})`], potential: 'y^2/2', runningCost: `${scale}*(${x}^2/4 + y/3)` },
    {
      noise: [`${leaves ? '0.4' : `0.1*(6.25 - ${x}^2)`}*(1 + 0.3*sin(y))`],
      terminal: `${scale}*(${x}^2/2 + y^2 + ${x}*y/3)`,
      discount: 0.6,
    },
  );
}

/** Two slow variables, the noise of the second moved by a control. */
export function noiseInThePlane(isControlled: boolean): Problem {
  return general(
    {
      slow: ['u - 0.2*x1', 'y - u/2'],
      potential: 'y^2/2',
      runningCost: 'u^2/2',
      terminalCost: formula('x1^2/2 + cos(x2)', ['x1', 'x2']),
    },
    { noise: ['0.3 + 0.1*y', isControlled ? '0.5*u + 0.2' : '0.5'] },
  );
}
