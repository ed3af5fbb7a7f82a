/** What every solver asks of its problem, its axes and its options before any work. Each check throws InputError. */
import type { Axis } from '../src/grid/axis.ts';
import { InputError } from '../src/input/input-error.ts';
import {
  requireCount,
  requireInterval,
  requireName,
  requireNotNegative,
  requirePoint,
  requirePositive,
} from '../src/input/require.ts';
import { requireProblem } from '../src/model/check-problem.ts';
import type { GeneralTerm } from '../src/model/general-terms.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import { namesOf } from '../src/model/trees.ts';

/** Options that more than one solver takes. */
interface Asked {
  readonly steps?: number;
  readonly snapshots?: number;
  readonly filterConstant?: number;
  readonly fastScheme?: string;
  readonly fastSolve?: string;
  readonly frame?: string;
  readonly stepBound?: string;
  readonly slow?: readonly Axis[];
  readonly fast?: readonly Axis[];
}

/** The problem, its axes and, as far as they are given, the options of a march. */
export function requireMarch(problem: Problem, options: Asked, takes: readonly GeneralTerm[] = []): void {
  requireProblem(problem, { what: 'a march in time', takes });
  requireAxes(problem, options);
  const given = <Value>(value: Value | undefined, check: (value: Value) => void) => {
    if (value !== undefined) check(value);
  };
  const steps = { name: 'steps', use: 'τ goes from 0 to T in so many steps' };
  given(options.steps, (value) => requireCount(value, 1, steps));
  given(options.snapshots, (value) => requireCount(value, 0, { name: 'snapshots', use: 'so many values are kept' }));
  const filter = { name: 'filterConstant', use: 'a filter compares with C·dx·dt' };
  given(options.filterConstant, (value) => requireNotNegative(value, filter));
  const names = (name: string) => ({ name, use: 'ways to solve are known by name' });
  given(options.fastScheme, (value) => requireFastScheme(value));
  given(options.fastSolve, (value) => requireName(value, ['lines', 'planes'], names('fastSolve')));
  given(options.frame, (value) => requireName(value, ['fixed', 'moving'], names('frame')));
  given(options.stepBound, (value) => requireName(value, ['averaged', 'pointwise'], names('stepBound')));
}

export function requireEpsilon(value: unknown): void {
  requirePositive(value, { name: 'epsilon', use: 'y moves by b/ε and √(2/ε) dW' });
}

export function requireFastScheme(value: unknown): void {
  requireName(value, ['scharfetter-gummel', 'corrected', 'upwind'], {
    name: 'fastScheme',
    use: 'schemes in y are known by name',
  });
}

/** As many axes as variables, each with the spacing that its ends and nodes say, and none of the other variable. */
function requireAxes(problem: Problem, { slow, fast }: Asked): void {
  const { n, m } = dimensionsOf(problem);
  const [ofX, ofY] = namesOf(problem);
  requireSides(slow, { kind: 'slow', count: n, others: ofY });
  requireSides(fast, { kind: 'fast', count: m, others: ofX });
}

/** The axes of y alone. */
export function requireFastAxes(problem: Problem, fast: readonly Axis[]): void {
  requireSides(fast, { kind: 'fast', count: dimensionsOf(problem).m, others: namesOf(problem)[0] });
}

function requireSides(
  axes: readonly Axis[] | undefined,
  {
    kind,
    count,
    others,
  }: { readonly kind: 'slow' | 'fast'; readonly count: number; readonly others: readonly string[] },
): void {
  const given = Array.isArray(axes) ? axes.length : 0;
  if (given !== count) {
    throw new InputError(
      `${kind} has ${given} axes`,
      `the problem has ${count} ${kind} variable${count === 1 ? '' : 's'}`,
      'give one axis per variable, made by uniformAxis(name, lower, upper, nodes)',
      'domain',
    );
  }
  for (const axis of axes ?? []) {
    requireInterval(axis, {
      name: `the ${kind} axis ${axis.name}`,
      use: 'it is divided into cells',
      subject: 'domain',
    });
    requireCount(axis.nodes, 3, { name: `nodes of the axis ${axis.name}`, use: 'differences need neighbours' });
    const spacing = (axis.upper - axis.lower) / (axis.nodes - 1);
    if (!(Math.abs(axis.spacing - spacing) <= 1e-9 * spacing)) {
      throw new InputError(
        `the spacing of the axis ${axis.name} is ${axis.spacing}`,
        `its ends and ${axis.nodes} nodes give ${spacing}`,
        'make axes by uniformAxis(name, lower, upper, nodes)',
        'domain',
      );
    }
    if (!others.includes(axis.name)) continue;
    throw new InputError(
      `${axis.name} is among the ${kind} axes`,
      `it is a ${kind === 'slow' ? 'fast' : 'slow'} variable`,
      'give { slow: axes of x, fast: axes of y }',
      'domain',
    );
  }
}

/** What is asked of the fast process at a frozen x, and the terms it takes beside those that have no part in it. */
export interface FrozenAsking {
  readonly what: string;
  readonly takes: readonly GeneralTerm[];
}

/** Neither g nor λ is seen at frozen x. */
const unseen: readonly GeneralTerm[] = ['terminalInY', 'discount'];
/** The terms that have a part in H(x,y,p,M) and L_x: what takes the whole frozen problem takes these. */
export const frozenTerms: readonly GeneralTerm[] = ['slowNoise', 'fastNoise'];

/** M, a symmetric matrix of n rows, where it is given. */
export function requireHessian(problem: Problem, M: unknown): void {
  if (M === undefined) return;
  const { n } = dimensionsOf(problem);
  const rows: readonly unknown[] = Array.isArray(M) ? M : [];
  const isMatrix = rows.length === n && rows.every((row) => Array.isArray(row) && row.length === n);
  const numbers = isMatrix ? (rows as readonly number[][]) : [];
  const isSymmetric = numbers.every((row, i) =>
    row.every((value, j) => Number.isFinite(value) && value === numbers[j][i]),
  );
  if (isMatrix && isSymmetric) return;
  const entries = n === 1 ? 'one number, M = [[m]]' : 'M = [[m11, m12], [m12, m22]]';
  throw new InputError(
    `M is ${JSON.stringify(M)}`,
    `M = D²v is a symmetric matrix of ${n} row${n === 1 ? '' : 's'}, and tr(aM) is a part of H(x,y,p,M)`,
    `give ${entries}`,
  );
}

/** A frozen x and, where it is asked for, p. */
export function requireFrozen(problem: Problem, { what, takes }: FrozenAsking, x: unknown, p?: unknown): void {
  requireProblem(problem, { what, takes: [...unseen, ...takes] });
  const { n } = dimensionsOf(problem);
  requirePoint(x, n, { name: 'x', use: `x has ${n} coordinate${n === 1 ? '' : 's'}` });
  if (p !== undefined) requireSlope(problem, p);
}

/** p, a slope of v. */
export function requireSlope(problem: Problem, p: unknown): void {
  const { n } = dimensionsOf(problem);
  requirePoint(p, n, { name: 'p', use: `p = D_xv has ${n} coordinate${n === 1 ? '' : 's'}, and H(x,y,p) is averaged` });
}

/** A point y. */
export function requireFastPoint(problem: Problem, y: unknown): void {
  const { m } = dimensionsOf(problem);
  requirePoint(y, m, { name: 'y', use: `y has ${m} coordinate${m === 1 ? '' : 's'}` });
}

/** One interval per fast axis, where a y-box is given. */
export function requireBox(problem: Problem, box: readonly Interval[] | undefined): void {
  if (box === undefined) return;
  const { m } = dimensionsOf(problem);
  const given = Array.isArray(box) ? box.length : 0;
  if (given !== m) {
    const cause = `the problem has ${m} fast variable${m === 1 ? '' : 's'}`;
    throw new InputError(`the y-box has ${given} sides`, cause, 'give one interval per fast axis', 'domain');
  }
  for (const side of box)
    requireInterval(side, { name: 'a side of the y-box', use: 'μ_x is summed on it', subject: 'domain' });
}

interface CellOptions {
  readonly radius: number;
  readonly delta: number;
  readonly nodes: number;
  readonly fastScheme?: string;
}

/** The ball, δ and nodes of a cell problem. */
export function requireCell({ radius, delta, nodes, fastScheme }: CellOptions, fewest: number): void {
  requirePositive(radius, { name: 'radius', use: 'the cell problem is solved in a ball' });
  requirePositive(delta, { name: 'delta', use: 'δω − Lω = −h is solvable for δ > 0' });
  requireCount(nodes, fewest, { name: 'nodes', use: 'a diameter of the ball has so many nodes' });
  if (fastScheme !== undefined) requireFastScheme(fastScheme);
}

/** H̄(x,p) that is a number: H has none somewhere on the support of μ_x otherwise. */
export function requireMean(value: number, x: Coordinates): void {
  if (!Number.isNaN(value)) return;
  throw new InputError(
    `H(x,·,p) has no mean at x = ${Array.from(x).join(', ')}`,
    'φ or ℓ has no finite value somewhere on the y-box that carries μ_x',
    'change the formula, or give a y-box on which it has values',
    'slowDrift',
  );
}
