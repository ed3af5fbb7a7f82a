/** Two-sided bounds of the constants of the assumptions, from formulas: suprema of norms and eigenvalues of slopes. */
import { numberTree, product, squared, sum, zero } from '../formula/algebra.ts';
import { degreeIn } from '../formula/degree.ts';
import { dependsOn, substituted, type Tree } from '../formula/tree.ts';
import { type EnclosedEntries, enclosedEntries } from './enclosed-entries.ts';
import { cutOff, type Field, hasEndlessControls, REACH } from './fields.ts';
import { lifted, slopeOf } from './lifted-jumps.ts';
import { type Bounds, spectralNormBounds, symmetricEigenvalueBounds } from './matrix-bounds.ts';
import { type Supremum, supremum } from './supremum.ts';

/** What a constant is compared with, and how much work it is worth beside the usual. */
export interface Effort {
  readonly threshold?: number;
  readonly effort?: number;
}

/** A supremum over the boxes of a field. */
export type Constant = (field: Field, effort: Effort) => Supremum;

/** Rounding of a quotient of norms. */
const ROUNDING = 2 ** -48;

/** sup of the spectral norm of D_zφ, divided by 1 + |u| where U is endless: the Lipschitz constant on the boxes. */
export function lipschitzConstant(field: Field, effort: Effort = {}): Supremum {
  return ratio(field, slopesOf(field, field.states), { rows: field.formulas.trees.length, power: 0 }, effort);
}

/** sup |φ|/(1 + |x| + |y|), with + |u| below where U is endless. */
export function growthConstant(field: Field, effort: Effort = {}): Supremum {
  return ratio(field, field.formulas.trees, { rows: field.formulas.trees.length, power: 1 }, effort);
}

/** sup |f|/(1 + |x|²), |ℓ|/(1 + |x|² + |y|²), with + |u|² below where U is endless. */
export function quadraticGrowthConstant(field: Field, effort: Effort = {}): Supremum {
  return ratio(field, field.formulas.trees, { rows: 1, power: 2 }, effort);
}

/** sup |D_zℓ|/(1 + |x| + |y|), with + |u| below where U is endless. */
export function slopeGrowthConstant(field: Field, effort: Effort = {}): Supremum {
  return ratio(field, slopesOf(field, field.states), { rows: 1, power: 1 }, effort);
}

/** sup λ_max(sym D_y b) for as many y as there are formulas, the last ones of the names. */
export function contractionBound(field: Field, { threshold, effort }: Effort = {}): Supremum {
  const { names, formulas } = field;
  const size = formulas.trees.length;
  return largestEigenvalueOver(field, slopesOf(field, names.slice(names.length - size)), size, { threshold, effort });
}

/**
 * sup λ_max(sym D_y b + ½ (D_y r)ᵀ D_y r) of a field that has the components of b and then those of r: its opposite is
 * κ in (b(y₁) − b(y₂))·(y₁ − y₂) + ½|r(y₁) − r(y₂)|² ≤ −κ|y₁ − y₂|².
 */
export function dissipationBound(field: Field, { threshold, effort }: Effort = {}): Supremum {
  const { names, formulas } = field;
  const size = formulas.trees.length / 2;
  const y = names.slice(names.length - size);
  const slopes = slopesOf(field, y);
  const ofDrift = (k: number, l: number) => slopes[k * size + l];
  const ofNoise = (k: number, l: number) => slopes[(size + k) * size + l];
  const matrix = y.flatMap((_, k) =>
    y.map((_other, l) =>
      y.reduce<Tree>(
        (total, _each, j) => sum(total, product(numberTree(0.5), product(ofNoise(j, k), ofNoise(j, l)))),
        ofDrift(k, l),
      ),
    ),
  );
  return largestEigenvalueOver(field, matrix, size, { threshold, effort });
}

function largestEigenvalueOver(field: Field, matrix: readonly Tree[], size: number, { threshold, effort }: Effort) {
  const entries = compiled(field, matrix);
  const over = (from: Float64Array, to: Float64Array): Bounds => {
    entries.evaluate(from, to);
    return symmetricEigenvalueBounds(entries.lower, entries.upper, size);
  };
  return supremum({ ...entries, over }, field.boxes, threshold, effort);
}

/** The largest of a constant over the components of a field, each for itself. */
export function ofEachComponent(constant: Constant): Constant {
  return (field, effort) => {
    const { trees, jumps } = field.formulas;
    const moving = trees.filter((tree) => tree.kind !== 'number' || tree.value !== 0);
    const found = (moving.length === 0 ? trees.slice(0, 1) : moving).map((tree) =>
      constant({ ...field, formulas: { trees: [tree], jumps } }, effort),
    );
    const upper = Math.max(...found.map((each) => each.upper));
    const best = found.reduce((most, each) => (each.lower > most.lower ? each : most));
    return { ...best, upper };
  };
}

/** A constant of the squares of formulas: that of √y is that of y. */
export function ofSquares(constant: Constant): Constant {
  return (field, effort) => {
    const { trees, jumps } = field.formulas;
    return constant({ ...field, formulas: { trees: trees.map(squared), jumps } }, effort);
  };
}

/** sup of all slopes, by u too where U is endless: where it is finite formulas grow at most linearly. */
export function slopeConstant(field: Field, effort: Effort = {}): Supremum {
  return largestEntry(field, slopesOf(field, movingOf(field)), effort);
}

/** sup of the slopes of slopes, which then have no jumps: where it is finite formulas grow at most quadratically. */
export function curvatureConstant(field: Field, effort: Effort = {}): Supremum {
  const { formulas } = field;
  if (formulas.jumps.length > 0) return { lower: 0, upper: Infinity, at: null };
  const slopes = { ...field, formulas: lifted(slopesOf(field, movingOf(field))) };
  return largestEntry(slopes, slopesOf(slopes, movingOf(field)), effort);
}

function movingOf(field: Field): readonly string[] {
  return hasEndlessControls(field) ? field.names : field.states;
}

/** The norm of all entries as one row. */
function largestEntry(field: Field, entries: readonly Tree[], { effort }: Effort): Supremum {
  const found = compiled(field, entries);
  const over = (from: Float64Array, to: Float64Array): Bounds => {
    found.evaluate(from, to);
    return spectralNormBounds(found.lower, found.upper, 1);
  };
  return supremum({ ...found, over }, field.boxes, undefined, effort);
}

/** Row by row: every formula by every name. */
function slopesOf({ formulas }: Field, names: readonly string[]): Tree[] {
  return formulas.trees.flatMap((tree) => names.map((name) => slopeOf(tree, name, formulas.jumps)));
}

function compiled({ names, formulas }: Field, entries: readonly Tree[]): EnclosedEntries {
  return enclosedEntries(entries, { names, jumps: formulas.jumps, given: formulas.trees });
}

/** A matrix of so many rows beside 1 (power 0), 1 + |x| + |y| (1) or 1 + |x|² + |y|² (2), and beside |u|. */
interface Scale {
  readonly rows: number;
  readonly power: 0 | 1 | 2;
}

function ratio(field: Field, entries: readonly Tree[], scale: Scale, effort: Effort): Supremum {
  if (!hasEndlessControls(field)) return directRatio(field, entries, scale, effort);
  const [near, far] = [REACH, 1e6].map((reach) => directRatio(cutOff(field, reach), entries, scale, effort));
  // What still grows from the one to the other has no bound.
  const grows = far.lower > 2 * near.lower;
  const upper = grows || scale.power === 2 ? Infinity : endlessRatio(field, entries, scale, effort);
  const best = far.lower > near.lower ? far : near;
  return {
    lower: grows && isCertainToGrow(field) ? Infinity : best.lower,
    upper: Math.max(upper, best.lower),
    at: best.at,
  };
}

/** Whether formulas are polynomials of u, which have no late bends. */
function isCertainToGrow({ formulas, names, states }: Field): boolean {
  return formulas.trees.every((tree) => degreeIn(tree, names.slice(states.length)) < Infinity);
}

function directRatio(field: Field, entries: readonly Tree[], { rows, power }: Scale, { threshold, effort }: Effort) {
  const found = compiled(field, entries);
  const room = roomOf(field, power);
  const over = (from: Float64Array, to: Float64Array): Bounds => {
    found.evaluate(from, to);
    const { lower, upper } = spectralNormBounds(found.lower, found.upper, rows);
    const { least, most } = room(from, to);
    if (least === most && least === 1) return { lower, upper };
    for (let k = 0; k < from.length; k++) found.influence[k] += ((to[k] - from[k]) * Math.min(upper, 1e100)) / least;
    return { lower: (lower / most) * (1 - ROUNDING), upper: (upper / least) * (1 + ROUNDING) };
  };
  return supremum({ ...found, over }, field.boxes, threshold, effort);
}

/** What stands below: its bounds on a box. */
function roomOf(field: Field, power: 0 | 1 | 2) {
  const { slow, states, names, isCut } = field;
  const groups = [
    [0, power === 0 ? 0 : slow],
    [slow, power === 0 ? slow : states.length],
    [states.length, isCut ? names.length : states.length],
  ];
  return (from: Float64Array, to: Float64Array) => {
    let [least, most] = [1, 1];
    for (const [first, end] of groups) {
      let [near, far] = [0, 0];
      for (let k = first; k < end; k++) {
        near += Math.max(0, from[k], -to[k]) ** 2;
        far += Math.max(-from[k], to[k]) ** 2;
      }
      least += power === 2 ? near : Math.sqrt(near);
      most += power === 2 ? far : Math.sqrt(far);
    }
    return { least, most };
  };
}

/** |E(z,u)|/(room + |u|) ≤ max(|E(z,0)|/room, |∂E/∂u|) for every u, if no jump depends on u. */
function endlessRatio(field: Field, entries: readonly Tree[], { rows, power }: Scale, { effort }: Effort): number {
  const { names, states, formulas } = field;
  const controls = names.slice(states.length);
  if (formulas.jumps.some((jump) => controls.some((name) => dependsOn(jump.call, name)))) return Infinity;
  const atZero = entries.map((entry) => substituted(entry, Object.fromEntries(controls.map((name) => [name, zero]))));
  const byControl = controls.flatMap((name) => entries.map((entry) => slopeOf(entry, name, formulas.jumps)));
  const found = compiled(field, [...atZero, ...byControl]);
  const room = roomOf(field, power);
  const count = entries.length;
  const over = (from: Float64Array, to: Float64Array): Bounds => {
    found.evaluate(from, to);
    const norm = (k: number) => {
      const part = (bound: Float64Array) => bound.subarray(k * count, (k + 1) * count);
      return spectralNormBounds(part(found.lower), part(found.upper), rows);
    };
    const { least, most } = room(from, to);
    const [first, ...others] = [0, ...controls.map((_, c) => c + 1)].map(norm);
    const steepest = (end: 'lower' | 'upper') => Math.hypot(...others.map((each) => each[end]));
    return {
      lower: Math.max(first.lower / most, steepest('lower')) * (1 - ROUNDING),
      upper: Math.max(first.upper / least, steepest('upper')) * (1 + ROUNDING),
    };
  };
  // Between 0 and any u of U.
  const boxes = field.boxes.map(({ lower, upper }) => ({
    lower: lower.map((end, k) => (k < states.length ? end : Math.min(end, 0))),
    upper: upper.map((end, k) => (k < states.length ? end : Math.max(end, 0))),
  }));
  return supremum({ ...found, over }, boxes, undefined, effort).upper;
}
