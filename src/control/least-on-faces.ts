/**
 * The minimum over a box of several controls, rates affine: stationary points on every face of U cut with every set of
 * hyperplanes r_i = 0, for every pattern of signs of the others. It runs at every node and makes few lists.
 */
import { fallsForever, withoutInert } from './endless-box.ts';
import { leastInside } from './least-inside.ts';
import { type Box, bracketAt, type Least, type NodeBracket } from './node-bracket.ts';
import { bits, stationary, systemOf } from './stationary-point.ts';

export function leastOnFaces(bracket: NodeBracket, box: Box): Least {
  const control = Float64Array.from(box.lower, (low, c) => Math.min(Math.max(0, low), box.upper[c]));
  if (fallsForever(bracket, box)) return { value: -Infinity, control };
  const inside = leastInside(bracket, box);
  if (inside !== null) return inside;
  const found = { value: bracketAt(bracket, control), control };
  const { lower, upper } = withoutInert(bracket, box);
  const free: number[] = [];
  const u = new Float64Array(control.length);
  const axes = bracket.rates.length;
  const rows = systemOf(bracket);
  for (let code = 0; code < 3 ** control.length; code++) {
    if (!takeFace(free, u, { lower, upper }, code)) continue;
    const face = u.slice();
    for (let zeros = 0; zeros < 2 ** axes; zeros++) {
      const vanishing = bits(zeros);
      if (vanishing > free.length) continue;
      for (let signs = 0; signs < 2 ** axes; signs++) {
        // Where as many rates vanish as controls are free the point does not depend on signs.
        if ((signs & zeros) !== 0 || (signs > 0 && vanishing === free.length)) continue;
        u.set(face);
        if (stationary(u, bracket, rows, { free, zeros, signs })) improve(found, u, bracket, box);
      }
    }
  }
  return found;
}

/** Takes the point clipped to U where q is less there. */
function improve(
  found: { value: number; control: Float64Array },
  u: Float64Array,
  bracket: NodeBracket,
  box: Box,
): void {
  for (let c = 0; c < u.length; c++) {
    u[c] = Math.min(Math.max(u[c], box.lower[c]), box.upper[c]);
    if (!Number.isFinite(u[c])) return;
  }
  const value = bracketAt(bracket, u);
  if (value >= found.value) return;
  found.value = value;
  found.control.set(u);
}

/**
 * The face of the box with this number, a digit to base 3 for every control: its lower end, its upper end, or free and
 * at 0. False where there is none: infinite ends have no face, and controls without extent one.
 */
function takeFace(free: number[], u: Float64Array, { lower, upper }: Box, code: number): boolean {
  free.length = 0;
  let rest = code;
  for (let c = 0; c < u.length; c++) {
    const digit = rest % 3;
    rest = (rest - digit) / 3;
    if (digit > 0 && lower[c] === upper[c]) return false;
    u[c] = digit === 0 ? lower[c] : digit === 1 ? upper[c] : 0;
    if (!Number.isFinite(u[c])) return false;
    if (digit === 2) free.push(c);
  }
  return true;
}
