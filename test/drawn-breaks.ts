/**
 * Problems whose H or potential jumps and kinks at drawn places, with their own reference: Gauss–Legendre on the pieces
 * between the places, which the draw knows.
 */
import fc from 'fast-check';
import { gaussLegendre } from '../src/grid/quadrature.ts';
import type { Problem } from '../src/model/problem.ts';
import { inSpace } from './problems.ts';

/** A line through the plane (m = 1: a point): {y : a·y = c}. */
interface Front {
  readonly a: readonly number[];
  readonly c: number;
}

/** A field with a text, its value at a point and the fronts across which it is not smooth. */
interface Drawn {
  readonly text: string;
  readonly at: (y: readonly number[]) => number;
  readonly fronts: readonly Front[];
}

export interface BrokenProblem {
  readonly problem: Problem;
  readonly mean: number;
  /** For the report of a failure. */
  readonly text: string;
}

/** Whole thousandths, evenly: small doubles and ends of ranges would be most of what is drawn. */
const within = (min: number, max: number) =>
  fc.noBias(fc.integer({ min: Math.round(1000 * min), max: Math.round(1000 * max) })).map((k) => k / 1000);
const place = within(-1.5, 1.5);
const size = within(-2, 2);
const width = within(0.5, 3);

/** Along an axis, along a diagonal of the cells, or slanted: coefficients of a·y. */
const direction = (m: number) =>
  m === 1
    ? fc.constant([1])
    : fc.oneof(
        fc.constantFrom([1, 0], [0, 1], [1, 1], [1, -1], [1, 2]),
        fc.tuple(place, place).filter(([a, b]) => Math.min(Math.abs(a), Math.abs(b)) > 0.4),
      );

const front = (m: number) => fc.record({ a: direction(m), c: place });

function written({ a, c }: Front): string {
  const names = a.length === 1 ? ['y'] : ['y1', 'y2'];
  return `(${a.map((factor, k) => `(${factor})*${names[k]}`).join(' + ')} - (${c}))`;
}

function across({ a, c }: Front, y: readonly number[]): number {
  return a.reduce((sum, factor, k) => sum + factor * y[k], -c);
}

/** A jump, a kink or a product of jumps, of a drawn size. */
function broken(m: number): fc.Arbitrary<Drawn> {
  const kinds = fc.constantFrom('sign', 'abs', 'max', 'step', 'product', 'atan2');
  return fc.tuple(kinds, front(m), front(m), size).map(([kind, f, g, s]): Drawn => {
    const [F, G] = [written(f), written(g)];
    const of = (text: string, value: (s: number, t: number) => number, fronts = [f]): Drawn => ({
      text: `(${s})*${text}`,
      at: (y) => s * value(across(f, y), across(g, y)),
      fronts,
    });
    if (kind === 'abs') return of(`abs(${F})`, Math.abs);
    if (kind === 'max') return of(`max(${F}, 0.3*${F})`, (t) => Math.max(t, 0.3 * t));
    if (kind === 'step') return of(`(1 + sign(${F}))*${F}`, (t) => (1 + Math.sign(t)) * t);
    if (kind === 'product') return of(`sign(${F})*sign(${G})`, (t, r) => Math.sign(t) * Math.sign(r), [f, g]);
    if (kind === 'atan2') return of(`atan2(${F}, -1)`, (t) => Math.atan2(t, -1));
    return of(`sign(${F})`, Math.sign);
  });
}

const sumOf = (parts: readonly Drawn[]): Drawn => ({
  text: parts.map(({ text }) => text).join(' + '),
  at: (y) => parts.reduce((sum, part) => sum + part.at(y), 0),
  fronts: parts.flatMap(({ fronts }) => fronts),
});

const RULE = gaussLegendre(10);
/** Beyond, Φ ≥ y²/4 leaves masses of 1e-17 and 1e-9; fronts slanted by 4 at most are smooth on a piece. */
const REACH = { 1: 12, 2: 9 } as const;
const PIECES = { 1: 96, 2: 24 } as const;

/** H = −φ or, under u ∈ [−1, 1], |φ|, with φ the sum of up to three breaks and y; Φ a Gaussian with up to two kinks. */
export function brokenProblem(m: 1 | 2): fc.Arbitrary<BrokenProblem> {
  const kink = fc.record({ f: front(m), s: within(0, 1.5) });
  return fc
    .record({
      h: fc.array(broken(m), { minLength: 1, maxLength: 3 }),
      kinks: fc.array(kink, { maxLength: 2 }),
      widths: fc.tuple(width, width),
      slope: size,
      isDrift: fc.boolean(),
    })
    .map(({ h, kinks, widths, slope, isDrift }) => {
      const names = m === 1 ? ['y'] : ['y1', 'y2'];
      const smooth: Drawn = { text: `(${slope})*${names[0]}`, at: (y) => slope * y[0], fronts: [] };
      const phi = sumOf([...h, smooth]);
      const potential = sumOf([
        {
          text: names.map((name, k) => `${widths[k]}*${name}^2/2`).join(' + '),
          at: (y) => y.reduce((sum, value, k) => sum + (widths[k] * value ** 2) / 2, 0),
          fronts: [],
        },
        ...kinks.map(({ f, s }) => ({
          text: `${s}*abs(${written(f)})`,
          at: (y: readonly number[]) => s * Math.abs(across(f, y)),
          fronts: [f],
        })),
      ]);
      const made = inSpace(m, { potential: potential.text, slow: [phi.text] });
      const { fast } = made;
      const problem: Problem = m === 1 && isDrift ? { ...made, fast: { kind: 'drift', drift: fast.drift } } : made;
      const mean = -meanOf(m, phi, potential);
      return { problem, mean, text: `φ = ${phi.text}; Φ = ${potential.text}; ${problem.fast.kind}` };
    });
}

/** ∫φ e^−Φ/∫e^−Φ, split at the fronts: those across the last axis at every point of the others. */
function meanOf(m: 1 | 2, h: Drawn, potential: Drawn): number {
  const fronts = [...h.fronts, ...potential.fronts];
  let [sum, mass] = [0, 0];
  const along = (others: readonly number[], weight: number): void => {
    const inner = others.length;
    const crossings = fronts.flatMap(({ a, c }) =>
      a[inner] === 0 ? [] : [(c - others.reduce((total, y, k) => total + a[k] * y, 0)) / a[inner]],
    );
    for (const [y, w] of nodesBetween(crossings, m)) {
      const point = [...others, y];
      const density = weight * w * Math.exp(-potential.at(point));
      mass += density;
      sum += density * h.at(point);
    }
  };
  if (m === 1) along([], 1);
  else {
    const corners = fronts.flatMap((f, k) => fronts.slice(k + 1).flatMap((g) => meeting(f, g)));
    const upright = fronts.flatMap(({ a, c }) => (a[1] === 0 ? [c / a[0]] : []));
    for (const [y, w] of nodesBetween([...corners, ...upright], m)) along([y], w);
  }
  return sum / mass;
}

/** The first coordinate at which two lines meet. */
function meeting({ a, c }: Front, { a: b, c: d }: Front): number[] {
  const determinant = a[0] * b[1] - a[1] * b[0];
  return determinant === 0 ? [] : [(c * b[1] - a[1] * d) / determinant];
}

function nodesBetween(places: readonly number[], m: 1 | 2): [number, number][] {
  const [reach, pieces] = [REACH[m], PIECES[m]];
  const even = Array.from({ length: pieces + 1 }, (_, k) => reach * ((2 * k) / pieces - 1));
  const ends = [...new Set([...even, ...places.filter((y) => Math.abs(y) < reach)])].sort((a, b) => a - b);
  return ends
    .slice(1)
    .flatMap((end, k) =>
      Array.from(RULE.nodes, (t, i): [number, number] => [
        ends[k] + t * (end - ends[k]),
        (end - ends[k]) * RULE.weights[i],
      ]),
    );
}
