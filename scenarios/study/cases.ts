/** Which solves a study asks for, and what they are called. */

import type { BoxName, StudySetup } from './setup.ts';
import { SHARP } from './sharp-value.ts';

/** One ε-HJB solve of a study; `timeFactor` multiplies the usual number of steps. */
export interface ValueCase {
  readonly kind: 'value';
  readonly epsilon: number;
  readonly nx: number;
  readonly ny: number;
  readonly timeFactor: number;
  readonly box: BoxName;
  /** Take the number of steps of this box (solved before), so that two boxes differ in nothing else. */
  readonly stepsOf: BoxName;
  /** That of the study, or the sharp one beside it. */
  readonly scheme: 'own' | 'sharp';
}

/** One solve of the effective equation; `steps: 'same'` takes the steps of the ε-problem on the same grid. */
export interface EffectiveCase {
  readonly kind: 'effective';
  readonly nx: number;
  readonly ny: number;
  readonly steps: 'own' | 'same';
  readonly timeFactor: number;
  readonly box: BoxName;
  readonly stepsOf: BoxName;
  readonly scheme: 'own' | 'sharp';
}

export type Case = ValueCase | EffectiveCase;

export function valueCase(epsilon: number, nx: number, ny: number, more: Partial<ValueCase> = {}): ValueCase {
  const box = more.box ?? 'standard';
  return { kind: 'value', epsilon, nx, ny, timeFactor: 1, stepsOf: box, scheme: 'own', ...more, box };
}

export function effectiveCase(nx: number, ny: number, more: Partial<EffectiveCase> = {}): EffectiveCase {
  const box = more.box ?? 'standard';
  return { kind: 'effective', nx, ny, steps: 'own', timeFactor: 1, stepsOf: box, scheme: 'own', ...more, box };
}

/** The same text for cases that ask for the same. */
export function keyOf(wanted: Case): string {
  return JSON.stringify(Object.entries(wanted).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every distinct case once, in the order given. */
export function distinct(cases: readonly Case[]): Case[] {
  return [...new Map(cases.map((wanted) => [keyOf(wanted), wanted])).values()];
}

/** The case, solved before, whose number of steps this one takes; null where it has its own. */
export function baseOf(wanted: Case): Case | null {
  const own: Case = { ...wanted, box: wanted.stepsOf, timeFactor: 1 };
  return keyOf(own) === keyOf(wanted) ? null : own;
}

/** "101 × 51", in the plane "25² × 25²". */
export function gridLabel({ slow, fast }: StudySetup, nx: number, ny: number): string {
  return `${nx}${slow.length === 2 ? '²' : ''} × ${ny}${fast.length === 2 ? '²' : ''}`;
}

/** "Vᵉ, ε = 0.1, 101 × 51". */
export function labelOf(setup: StudySetup, wanted: Case): string {
  const grid = gridLabel(setup, wanted.nx, wanted.ny);
  const sharp = wanted.scheme === 'sharp' ? `, ${SHARP}` : '';
  return wanted.kind === 'value' ? `Vᵉ, ε = ${wanted.epsilon}, ${grid}${sharp}` : `v, ${grid}${sharp}`;
}
