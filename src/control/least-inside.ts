/**
 * Two controls whose cost is convex: the minimum over U where it stands inside, as with wide boxes at most nodes.
 *
 * r⁺D⁺ + r⁻D⁻ is min(rD⁺, rD⁻) where D⁺ < D⁻ and max(rD⁺, rD⁻) elsewhere. So q is the least of convex functions, one
 * for every choice of D⁺ or D⁻ along the axes of the first kind; of such a function a stationary point of one smooth
 * piece at which the rates have the signs of that piece is the minimum.
 */
import { type Box, bracketAt, type Least, type NodeBracket, quadraticAt } from './node-bracket.ts';
import { stationary, systemOf } from './stationary-point.ts';

/** The minimum with a control that attains it; null where it was not found inside the box. */
export function leastInside(bracket: NodeBracket, { lower, upper }: Box): Least | null {
  const { rates, cost } = bracket;
  if (lower.length !== 2) return null;
  const [a, b, c] = [2 * cost.bend[0], cost.bend[1], 2 * cost.bend[2]];
  // The stationary point of a cost that hardly bends is lost in round-off.
  if (!(a > 0 && c > 0 && a * c - b * b > FLAT * a * c)) return null;
  const concave = concaveAxes(bracket);
  const found = { value: Infinity, control: new Float64Array(2) };
  let choices = 0;
  const u = new Float64Array(2);
  const rows = systemOf(bracket);
  for (let signs = 0; signs < 2 ** rates.length; signs++) {
    u.fill(0);
    if (!stationary(u, bracket, rows, { free: BOTH, zeros: 0, signs })) return null;
    const isInside = u[0] >= lower[0] && u[0] <= upper[0] && u[1] >= lower[1] && u[1] <= upper[1];
    if (!isInside || !hasSigns(bracket, u, signs, concave)) continue;
    choices |= 1 << (signs & concave);
    const value = bracketAt(bracket, u);
    if (value >= found.value) continue;
    found.value = value;
    found.control.set(u);
  }
  return choices === allChoices(concave, rates.length) ? found : null;
}

/** Both controls are free. */
const BOTH = [0, 1];

/** Least share of the product of the curvatures that a determinant must be. */
const FLAT = 1e-8;

/** A bit for every axis with D⁺ < D⁻. */
function concaveAxes({ rates, forward, backward }: NodeBracket): number {
  let axes = 0;
  for (let i = 0; i < rates.length; i++) if (forward[i] < backward[i]) axes |= 1 << i;
  return axes;
}

/** Whether the rates along the other axes have these signs. */
function hasSigns({ rates }: NodeBracket, u: Float64Array, signs: number, concave: number): boolean {
  for (let i = 0; i < rates.length; i++) {
    if ((concave >> i) & 1) continue;
    const rate = quadraticAt(rates[i], u);
    if ((signs >> i) & 1 ? rate < 0 : rate > 0) return false;
  }
  return true;
}

/** A bit for every subset of the axes of the first kind. */
function allChoices(concave: number, axes: number): number {
  let all = 0;
  for (let signs = 0; signs < 2 ** axes; signs++) all |= 1 << (signs & concave);
  return all;
}
