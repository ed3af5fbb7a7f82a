/** The sharp values of a study: on the finest grid, once per ε and once for the limit, beside those of its scheme. */
import { sample } from '../../src/grid/grid-function.ts';
import type { Cell, Column } from '../../src/verification/table.ts';
import { type Case, effectiveCase, valueCase } from './cases.ts';
import type { StudySetup } from './setup.ts';
import { SHARP, sharpMethod } from './sharp-value.ts';
import type { Solved } from './solved.ts';

/** The finest grid of the values. */
interface Finest {
  readonly nx: number;
  readonly ny: number;
}

/** Vᵉ for every ε, then v; none where the scheme of the study is not monotone. */
export function sharpCases(setup: StudySetup, { nx, ny }: Finest): Case[] {
  if (sharpMethod(setup.method) === null) return [];
  const scheme = 'sharp';
  return [...setup.epsilon.map((epsilon) => valueCase(epsilon, nx, ny, { scheme })), effectiveCase(nx, ny, { scheme })];
}

/** The columns of sharp values and of their errors; none where there are none. */
export function sharpColumns(setup: StudySetup): { readonly value: Column[]; readonly error: Column[] } {
  if (sharpMethod(setup.method) === null) return { value: [], error: [] };
  return {
    value: [{ key: SHARP, label: SHARP, kind: 'value' }],
    error: [{ key: `${SHARP}Error`, label: `of ${SHARP}`, kind: 'error' }],
  };
}

/** What the two numbers of a row are. */
export function sharpCaption(setup: StudySetup): string {
  const { scheme } = setup.method;
  if (sharpMethod(setup.method) === null) return ` Scheme: ${scheme.name}. Error: |value − exact|.`;
  return (
    ` Value: by the scheme ${scheme.name}, as are bound and extrapolation; ${SHARP}: on the same nodes by the scheme ` +
    `${SHARP}, of order 2 where V is smooth. Errors: |value − exact|, |${SHARP} − exact|.`
  );
}

/** The sharp value at a point (x,y), or at x of the limit, with its error; null where it is left out. */
export function sharpCells(
  setup: StudySetup,
  solved: Solved,
  wanted: Case,
  { point, exact }: { readonly point: readonly number[]; readonly exact: number | null },
): Record<string, Cell> {
  const method = sharpMethod(setup.method);
  if (method === null) return {};
  const sharp = solved.sharp(wanted);
  if (sharp.kind === 'left out' || sharp.solution.outcome.status !== 'converged')
    return { [SHARP]: null, [`${SHARP}Error`]: null };
  const degree = point.map((_, a) => (a < setup.slow.length ? method.scheme.interpolation : 3));
  const value = sample(sharp.solution, point, degree);
  return { [SHARP]: value, [`${SHARP}Error`]: exact === null ? null : Math.abs(value - exact) };
}

/** Why sharp values are left out, one sentence a reason. */
export function sharpNotes(setup: StudySetup, solved: Solved, finest: Finest): string[] {
  const without = new Map<string, string[]>();
  for (const wanted of sharpCases(setup, finest)) {
    const sharp = solved.sharp(wanted);
    if (sharp.kind === 'found') continue;
    const place = wanted.kind === 'value' ? `at ε = ${wanted.epsilon}` : 'of the limit';
    without.set(sharp.reason, [...(without.get(sharp.reason) ?? []), place]);
  }
  return [...without].map(([reason, places]) => `The ${SHARP} value ${places.join(', ')} is left out: ${reason}.`);
}
