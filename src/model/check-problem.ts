/**
 * What a problem must be before anything is solved: complete, with numbers where numbers belong. What closures claim of
 * themselves – that b is −D_yΦ, a gradient that of its loss, φ affine – is held against differences at a few points:
 * that refutes a false claim, and proves none.
 */
import { type Formula, treeIn } from '../formula/formula.ts';
import { InputError, type Subject } from '../input/input-error.ts';
import { requireFunction, requireNotNegative, requirePositive } from '../input/require.ts';
import { type GeneralTerm, refuseTerms } from './general-terms.ts';
import { boxesOf, type Coordinates, type Problem } from './problem.ts';
import { namesOf } from './trees.ts';

type AnyField = Formula<(...points: Coordinates[]) => number>;

/** Points at which claims are held against differences. */
const POINTS = 6;
/** Relative step of differences, and how far from them a claim may be: their own error is 1e-8. */
const [STEP, FAR] = [1e-4, 1e-4];

const checked = new WeakSet<Problem>();

/** What is asked of a problem, and the general terms that it takes; default none. */
export interface Asking {
  readonly what: string;
  readonly takes?: readonly GeneralTerm[];
}

/**
 * Throws InputError for a problem that is incomplete, contradicts itself, or has terms that are not taken here; parts
 * are looked at once per problem.
 */
export function requireProblem(problem: Problem, { what, takes }: Asking): void {
  if (!checked.has(problem)) {
    requireParts(problem);
    requireGeneralParts(problem);
    requireControls(problem);
    refutePotential(problem);
    refuteGradient(problem);
    refuteAffine(problem);
    checked.add(problem);
  }
  refuseTerms(problem, what, takes);
}

function requireParts(problem: Problem): void {
  const { horizon, slowDrift, fast, terminalCost, runningCost } = problem;
  requirePositive(horizon, { name: 'the horizon T', use: 'the problem is solved on [0, T]' });
  requireList(slowDrift, 'slowDrift', 'dX = φ(X,Y,u) dt');
  const kind: unknown = fast?.kind;
  if (kind !== 'potential' && kind !== 'drift') {
    throw new InputError(
      `the fast process is of the kind ${String(kind)}`,
      'b is given itself or by a potential',
      "take { kind: 'drift', drift } or fromPotential(Φ)",
      'fastDrift',
    );
  }
  requireList(fast.drift, 'fastDrift', 'dY = b(X,Y)/ε dt + √(2/ε) dW');
  if (fast.kind === 'potential') requireField(fast.potential, 'the potential Φ', 'fastPotential', 'b = −D_yΦ');
  requireField(terminalCost, 'f', 'terminalCost', 'E f(X_T) is minimised');
  if (runningCost !== undefined) requireField(runningCost, 'ℓ', 'runningCost', 'E∫ℓ dt is minimised');
  if (fast.deepRelaxation === undefined) return;
  requirePositive(fast.deepRelaxation.gamma, { name: 'γ', use: 'V(y,x) = f(y) + γ|x − y|²/2', subject: 'loss' });
}

/** s, r and λ where they are given. */
function requireGeneralParts(problem: Problem): void {
  const { slowNoise, slowDrift, fast, discount = 0 } = problem;
  requireNotNegative(discount, { name: 'the discount λ', use: 'costs at time t count e^−λt', subject: 'discount' });
  const rows: readonly (readonly unknown[])[] = slowNoise ?? slowDrift.map(() => []);
  const columns = rows[0]?.length ?? 0;
  if (rows.length !== slowDrift.length || rows.some((row) => row.length !== columns)) {
    throw new InputError(
      `the slow noise has ${rows.length} rows of ${rows.map((row) => row.length).join(', ')} coefficients`,
      `dX_i = φ_i dt + Σ_j s_ij dW_j for ${slowDrift.length} slow variables and the same Brownian motions`,
      'give a row per slow variable, all of one length',
      'slowNoise',
    );
  }
  for (const field of rows.flat()) requireField(field, 'a coefficient of s', 'slowNoise', 'dX = φ dt + s dW');
  const noise = fast.kind === 'drift' ? fast.noise : undefined;
  if (noise !== undefined && noise.length !== fast.drift.length) {
    throw new InputError(
      `the fast noise has ${noise.length} components`,
      `dY_k = b_k/ε dt + r_k/√ε dB_k for ${fast.drift.length} fast variables`,
      'give a coefficient per fast variable',
      'fastNoise',
    );
  }
  for (const field of requireCentred(problem)) requireField(field, 'a component of g', 'centredDrift', 'ε^(−1/2) g dt');
  for (const field of noise ?? []) requireField(field, 'a component of r', 'fastNoise', 'dY = b/ε dt + r/√ε dB');
}

/** The components of a centred drift, none where there is none. */
function requireCentred({ centredDrift, slowDrift }: Problem): readonly unknown[] {
  if (centredDrift === undefined || centredDrift.length === slowDrift.length) return centredDrift ?? [];
  throw new InputError(
    `the centred drift has ${centredDrift.length} components`,
    `dX_i = … + ε^(−1/2) g_i dt for ${slowDrift.length} slow variables`,
    'give one per slow variable',
    'centredDrift',
  );
}

function requireList(fields: unknown, subject: 'slowDrift' | 'fastDrift', use: string): void {
  const name = subject === 'slowDrift' ? 'φ' : 'b';
  if (!Array.isArray(fields) || fields.length === 0) {
    throw new InputError(`${name} has no components`, use, 'give an array with a function per component', subject);
  }
  for (const [i, field] of fields.entries()) requireField(field, `component ${i + 1} of ${name}`, subject, use);
}

function requireField(field: unknown, name: string, subject: Subject, use: string): void {
  requireFunction(field, { name, use, subject });
}

/** U has as many ends as names, in order, and is not empty. */
function requireControls({ controls }: Problem): void {
  const refuse = (fact: string, remedy: string): never => {
    throw new InputError(fact, 'the minimum is taken over U', remedy, 'control');
  };
  const boxes = boxesOf(controls);
  if (boxes.length === 0) refuse('U has no values', 'give at least one value or interval');
  for (const { lower, upper } of boxes) {
    if (lower.length !== controls.names.length || upper.length !== lower.length) {
      refuse(
        `U has ${controls.names.length} names, ${lower.length} lower and ${upper.length} upper ends`,
        'give one of each per control',
      );
    }
    lower.forEach((low, c) => {
      const isInterval = low <= upper[c] && low < Infinity && upper[c] > -Infinity;
      if (!isInterval) refuse(`${controls.names[c]} lies in [${low}, ${upper[c]}]`, 'give lower ≤ upper');
    });
  }
}

/** b against −D_yΦ. */
function refutePotential({ fast, slowDrift }: Problem): void {
  if (fast.kind !== 'potential' || fast.deepRelaxation !== undefined) return;
  const [n, m] = [slowDrift.length, fast.drift.length];
  fast.drift.forEach((b, i) => {
    refuteSlopes(
      points(n + m).map((point) => {
        const [x, y] = [point.slice(0, n), point.slice(n)];
        return {
          claimed: -b(x, y),
          found: differenceOf((moved) => fast.potential(x, moved), y, i),
          claim: `component ${i + 1} of b is ${b(x, y)} at x = ${shownPoint(x)}, y = ${shownPoint(y)}`,
        };
      }),
      {
        cause: 'the problem says that b = −D_yΦ, and differences of Φ give',
        remedy: 'take fromPotential(Φ), or leave the potential out',
        subject: 'fastDrift',
      },
    );
  });
}

/** The gradient of deep relaxation against the loss. */
function refuteGradient({ fast: { deepRelaxation } }: Problem): void {
  if (deepRelaxation === undefined) return;
  const { loss, gradient } = deepRelaxation;
  gradient.forEach((component, i) => {
    refuteSlopes(
      points(gradient.length).map((y) => ({
        claimed: component(y),
        found: differenceOf(loss, y, i),
        claim: `component ${i + 1} of the gradient is ${component(y)} at ${shownPoint(y)}`,
      })),
      {
        cause: 'values follow the loss and paths its gradient, and differences of the loss give',
        remedy: 'give the gradient of this loss, or a loss made by formula(…), which knows its own',
        subject: 'loss',
      },
    );
  });
}

interface Slope {
  readonly claimed: number;
  /** Differences at a step and at its half. */
  readonly found: readonly [number, number];
  readonly claim: string;
}

interface Claim {
  readonly cause: string;
  readonly remedy: string;
  readonly subject: Subject;
}

/**
 * Where differences at two steps agree, a slope far from them is none. Two points must say so: a kink may pass through
 * one, where differences agree on the mean of its slopes.
 */
function refuteSlopes(slopes: readonly Slope[], said: Claim): void {
  const wrong = slopes.filter(({ claimed, found: [coarse, fine] }) => {
    const size = 1 + Math.abs(claimed) + Math.abs(fine);
    return Math.abs(coarse - fine) <= (FAR / 10) * size && Math.abs(claimed - fine) > FAR * size;
  });
  if (wrong.length < 2) return;
  const [{ claim, found }] = wrong;
  const sign = said.subject === 'fastDrift' ? -1 : 1;
  const difference = Number((sign * found[1]).toPrecision(6));
  throw new InputError(claim, `${said.cause} ${difference}`, said.remedy, said.subject);
}

/** Central differences of g along coordinate i, with a step and its half. */
function differenceOf(g: (point: Coordinates) => number, at: readonly number[], i: number): readonly [number, number] {
  const slope = (h: number) => {
    const moved = (by: number) => at.map((value, k) => (k === i ? value + by : value));
    return (g(moved(h)) - g(moved(-h))) / (2 * h);
  };
  return [slope(STEP), slope(STEP / 2)];
}

/** Closures declared affine: the value in the middle of two points is the mean. */
function refuteAffine(problem: Problem): void {
  const { slowDrift, runningCost, fast, controls } = problem;
  const names = namesOf(problem);
  const lengths = { x: slowDrift.length, y: fast.drift.length, u: controls.names.length };
  const all: readonly (readonly [AnyField, string, Subject])[] = [
    ...slowDrift.map((field) => [field as AnyField, 'φ', 'slowDrift'] as const),
    ...(runningCost === undefined ? [] : [[runningCost as AnyField, 'ℓ', 'runningCost'] as const]),
    ...fast.drift.map((field) => [field as AnyField, 'b', 'fastDrift'] as const),
  ];
  for (const [field, symbol, subject] of all) {
    if (field.affineIn === undefined || treeIn(field, ...names) !== undefined) continue;
    for (const set of field.affineIn) refuteDeclared(field, set, lengths, symbol, subject);
  }
}

function refuteDeclared(
  field: AnyField,
  set: string,
  lengths: { readonly x: number; readonly y: number; readonly u: number },
  symbol: string,
  subject: Subject,
): void {
  const spread = points(lengths.x + lengths.y + lengths.u);
  const valueAt = (z: readonly number[]) =>
    field(z.slice(0, lengths.x), z.slice(lengths.x, lengths.x + lengths.y), z.slice(lengths.x + lengths.y));
  const letterOf = (k: number) => (k < lengths.x ? 'x' : k < lengths.x + lengths.y ? 'y' : 'u');
  spread.slice(1).forEach((to, k) => {
    const from = spread[k].map((value, i) => (set.includes(letterOf(i)) ? value : to[i]));
    const middle = from.map((value, i) => (value + to[i]) / 2);
    const [a, b, mean] = [valueAt(from), valueAt(to), valueAt(middle)];
    const size = 1 + Math.abs(a) + Math.abs(b);
    if (!(Math.abs(a + b - 2 * mean) > FAR * size)) return;
    throw new InputError(
      `${symbol} is declared affine in ${[...set].join(' and ')}`,
      `between two points it is ${mean}, and ${(a + b) / 2} in the mean`,
      'leave the declaration out, or give a formula',
      subject,
    );
  });
}

/** Points of a low-discrepancy sequence in [−1.5, 1.5]^d (Halton 1960), away from symmetric places. */
function points(dimension: number): number[][] {
  const primes = [2, 3, 5, 7, 11, 13, 17, 19];
  const radical = (index: number, base: number): number =>
    index === 0 ? 0 : ((index % base) + radical(Math.floor(index / base), base)) / base;
  return Array.from({ length: POINTS }, (_, k) =>
    Array.from({ length: dimension }, (_unused, i) => 3 * radical(k + 5, primes[i % primes.length]) - 1.5),
  );
}

function shownPoint(point: readonly number[]): string {
  return point.map((value) => Number(value.toPrecision(4))).join(', ');
}
