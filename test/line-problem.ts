/** Problems of the general system on a line, from texts. */
import { formula } from '../src/formula/expression.ts';
import type { ControlSet, Problem } from '../src/model/problem.ts';

interface Written {
  readonly slow: { readonly drift: string; readonly noise?: readonly string[] };
  readonly fast: { readonly drift: string; readonly noise?: string };
  readonly terminal: string;
  readonly running?: string;
  readonly discount?: number;
  /** An interval; absent means no control. */
  readonly controls?: { readonly u: readonly [number, number] };
}

/** The problem with T = 1; coefficients are formulas of x, y and, where there is one, u. */
export function generalProblem({ slow, fast, terminal, running, discount, controls }: Written): Problem {
  const names = controls === undefined ? [] : ['u'];
  const inPlane = (text: string) => formula(text, ['x'], ['y']);
  const controlled = (text: string) => formula(text, ['x'], ['y'], names);
  const set: ControlSet =
    controls === undefined
      ? { kind: 'values', names, values: [[]] }
      : { kind: 'box', names, lower: [controls.u[0]], upper: [controls.u[1]] };
  return {
    name: 'general',
    title: 'general',
    horizon: 1,
    controls: set,
    slowDrift: [controlled(slow.drift)],
    ...(slow.noise && { slowNoise: [slow.noise.map(controlled)] }),
    fast: { kind: 'drift', drift: [inPlane(fast.drift)], ...(fast.noise && { noise: [inPlane(fast.noise)] }) },
    terminalCost: inPlane(terminal),
    ...(running && { runningCost: controlled(running) }),
    discount,
    formulas: [],
  };
}
