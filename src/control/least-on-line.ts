/** The minimum over an interval of one control, whose rates may be quadratic; made for every node, without lists. */
import type { Box, Least, NodeBracket, NodeQuadratic } from './node-bracket.ts';

/** The least of q at the ends, where a rate vanishes, and at the stationary points of every pattern of signs. */
export function leastOnLine(bracket: NodeBracket, { lower, upper }: Box): Least {
  const [low, high] = [lower[0], upper[0]];
  const inside = (u: number) => Math.min(Math.max(u, low), high);
  let control = inside(0);
  if ((low === -Infinity && fallsTowards(bracket, -1)) || (high === Infinity && fallsTowards(bracket, 1))) {
    return { value: -Infinity, control: Float64Array.of(control) };
  }
  let value = bracketOn(bracket, control);
  const axes = bracket.rates.length;
  for (let k = 0; k < 2 + 2 * axes + 2 ** axes; k++) {
    const point = k === 0 ? low : k === 1 ? high : innerPoint(bracket, k - 2);
    const u = inside(point);
    if (!Number.isFinite(u)) continue;
    const at = bracketOn(bracket, u);
    if (at < value) [value, control] = [at, u];
  }
  return { value, control: Float64Array.of(control) };
}

/** The k-th zero of a rate, then stationary point; NaN where there is none. */
function innerPoint({ rates, forward, backward, cost }: NodeBracket, k: number): number {
  if (k < 2 * rates.length) return rootOf(rates[k >> 1], k & 1);
  const signs = k - 2 * rates.length;
  let [s, b] = [cost.slope[0], cost.bend[0]];
  for (let i = 0; i < rates.length; i++) {
    const difference = (signs >> i) & 1 ? forward[i] : backward[i];
    s += rates[i].slope[0] * difference;
    b += rates[i].bend[0] * difference;
  }
  return b > 0 ? -s / (2 * b) : Number.NaN;
}

/** The first or second real root of a u² + b u + c, without cancellation; NaN where there is none. */
function rootOf({ constant: c, slope, bend }: NodeQuadratic, which: number): number {
  const [a, b] = [bend[0], slope[0]];
  if (a === 0) return b === 0 || which === 1 ? Number.NaN : -c / b;
  const discriminant = b * b - 4 * a * c;
  if (discriminant < 0) return Number.NaN;
  const half = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  if (half === 0) return which === 0 ? 0 : Number.NaN;
  return which === 0 ? half / a : c / half;
}

/** q(u). */
function bracketOn({ rates, forward, backward, cost }: NodeBracket, u: number): number {
  let value = quadraticOn(cost, u);
  for (let i = 0; i < rates.length; i++) {
    const rate = quadraticOn(rates[i], u);
    value += rate > 0 ? rate * forward[i] : rate * backward[i];
  }
  return value;
}

function quadraticOn({ constant, slope, bend }: NodeQuadratic, u: number): number {
  return constant + slope[0] * u + bend[0] * u * u;
}

/** Whether q falls without bound towards −∞ or ∞. */
function fallsTowards({ rates, forward, backward, cost }: NodeBracket, side: number): boolean {
  let [s, b] = [cost.slope[0] * side, cost.bend[0]];
  for (let i = 0; i < rates.length; i++) {
    const { slope, bend } = rates[i];
    const far = bend[0] !== 0 ? bend[0] : slope[0] * side;
    const difference = far > 0 ? forward[i] : backward[i];
    s += slope[0] * side * difference;
    b += bend[0] * difference;
  }
  return b < 0 || (b === 0 && s < 0);
}
