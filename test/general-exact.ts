/** Problems of the general system from texts. */
import { formula } from '../src/formula/expression.ts';
import type { ControlSet, Problem } from '../src/model/problem.ts';
import { axisNames } from '../src/model/trees.ts';
import { slowFast } from './problems.ts';

/** The coefficients of a problem as texts in x, y and the controls; a row of `noise` per slow variable. */
export interface Texts {
  readonly slow: readonly string[];
  readonly noise?: readonly (readonly string[])[];
  readonly drift: readonly string[];
  readonly fastNoise?: readonly string[];
  readonly terminal: string;
  readonly running?: string;
  readonly controls?: ControlSet;
  readonly discount?: number;
  readonly horizon?: number;
}

/** No control. */
const NONE: ControlSet = { kind: 'values', names: [], values: [[]] };
export const REAL = { kind: 'box', names: ['u'], lower: [-Infinity], upper: [Infinity] } as const;
export const UNIT = { kind: 'box', names: ['u'], lower: [0], upper: [1] } as const;

/** A problem of the general system. */
export function problemOf({
  slow,
  noise,
  drift,
  fastNoise,
  terminal,
  running,
  controls = NONE,
  ...rest
}: Texts): Problem {
  const [x, y, u] = [axisNames('x', slow.length), axisNames('y', drift.length), controls.names];
  const field = (text: string) => formula(text, x, y, u);
  return {
    ...slowFast({}),
    ...rest,
    controls,
    slowDrift: slow.map(field),
    ...(noise && { slowNoise: noise.map((row) => row.map(field)) }),
    fast: {
      kind: 'drift',
      drift: drift.map((text) => formula(text, x, y)),
      ...(fastNoise && { noise: fastNoise.map((text) => formula(text, x, y)) }),
    },
    terminalCost: formula(terminal, x, y),
    runningCost: running === undefined ? undefined : field(running),
  };
}
