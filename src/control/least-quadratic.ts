/**
 * The minimum over a box U of what a node of a grid sees of a control,
 *
 *   q(u) = Σ_i [r_i(u)⁺ D_i⁺ + r_i(u)⁻ D_i⁻] + ℓ(u),
 *
 * where r_i is affine in u and ℓ quadratic (for one control r_i may be quadratic too) and D_i^± are one-sided
 * differences: exact to round-off. On a region in which no r_i changes sign q is quadratic, so that its minimum is a
 * stationary point of that quadratic on a face of the region: on a face of U, cut with some of the hyperplanes r_i = 0.
 * All of them are tried, and q itself is evaluated there, clipped to U: what is found is a value of q, and no value is
 * smaller (Nocedal, Wright 2006, ch. 16, for the equality-constrained problems).
 */

/** Entry c of `slope` belongs to control c, those of `bend` to the products of controls c ≤ d in order. */
export interface NodeQuadratic {
  readonly constant: number;
  readonly slope: ArrayLike<number>;
  readonly bend: ArrayLike<number>;
}

/** What a node sees: a rate per axis with its two differences, and the cost. */
export interface NodeBracket {
  readonly rates: readonly NodeQuadratic[];
  readonly forward: ArrayLike<number>;
  readonly backward: ArrayLike<number>;
  readonly cost: NodeQuadratic;
}

export interface Box {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** The minimum of q over a box and a control that attains it; −∞ where q falls without bound. */
export interface Least {
  readonly value: number;
  readonly control: Float64Array;
}

/** The value of a quadratic at u. */
export function quadraticAt({ constant, slope, bend }: NodeQuadratic, u: ArrayLike<number>): number {
  let [value, k] = [constant, 0];
  for (let c = 0; c < u.length; c++) {
    value += slope[c] * u[c];
    for (let d = c; d < u.length; d++) value += bend[k++] * u[c] * u[d];
  }
  return value;
}

/** q(u). */
export function bracketAt({ rates, forward, backward, cost }: NodeBracket, u: ArrayLike<number>): number {
  let value = quadraticAt(cost, u);
  for (let i = 0; i < rates.length; i++) {
    const rate = quadraticAt(rates[i], u);
    value += rate > 0 ? rate * forward[i] : rate * backward[i];
  }
  return value;
}

/**
 * The minimum of q over `box`, whose ends may be infinite. On an endless box of several controls it is −∞ unless q is
 * seen to grow: by a curvature that is positive definite in the endless controls, or by its slopes in those without.
 */
export function leastOf(bracket: NodeBracket, box: Box): Least {
  const controls = box.lower.length;
  if (controls === 1) return leastOnLine(bracket, box.lower[0], box.upper[0]);
  const control = Float64Array.from(box.lower, (low, c) => Math.min(Math.max(0, low), box.upper[c]));
  if (fallsForever(bracket, box)) return { value: -Infinity, control };
  const found = { value: bracketAt(bracket, control), control };
  for (const u of onFaces(bracket, withoutInert(bracket, box))) {
    for (let c = 0; c < controls; c++) u[c] = Math.min(Math.max(u[c], box.lower[c]), box.upper[c]);
    if (!u.every(Number.isFinite)) continue;
    const value = bracketAt(bracket, u);
    if (value < found.value) {
      found.value = value;
      control.set(u);
    }
  }
  return found;
}

/**
 * One control: tried are the ends, where a rate vanishes, and the stationary points of every pattern of signs. Scalars
 * throughout: grids ask for it at every node.
 */
function leastOnLine(bracket: NodeBracket, low: number, high: number): Least {
  const { rates, forward, backward, cost } = bracket;
  const control = new Float64Array(1);
  control[0] = Math.min(Math.max(0, low), high);
  const falls = (low === -Infinity && fallsTowards(bracket, -1)) || (high === Infinity && fallsTowards(bracket, 1));
  const least = { value: falls ? -Infinity : onLine(bracket, control[0]), control };
  if (falls) return least;
  tryOnLine(least, bracket, low);
  tryOnLine(least, bracket, high);
  for (let i = 0; i < rates.length; i++) tryRoots(least, bracket, rates[i], low, high);
  for (let signs = 0; signs < 2 ** rates.length; signs++) {
    let [s, b] = [cost.slope[0], cost.bend[0]];
    for (let i = 0; i < rates.length; i++) {
      const difference = (signs >> i) & 1 ? forward[i] : backward[i];
      s += rates[i].slope[0] * difference;
      b += rates[i].bend[0] * difference;
    }
    if (b > 0) tryOnLine(least, bracket, Math.min(Math.max(-s / (2 * b), low), high));
  }
  return least;
}

/** q at one control, as `bracketAt`. */
function onLine({ rates, forward, backward, cost }: NodeBracket, u: number): number {
  let value = cost.constant + cost.slope[0] * u + cost.bend[0] * u * u;
  for (let i = 0; i < rates.length; i++) {
    const { constant, slope, bend } = rates[i];
    const rate = constant + slope[0] * u + bend[0] * u * u;
    value += rate > 0 ? rate * forward[i] : rate * backward[i];
  }
  return value;
}

function tryOnLine(least: { value: number; control: Float64Array }, bracket: NodeBracket, u: number): void {
  if (!Number.isFinite(u)) return;
  const value = onLine(bracket, u);
  if (!(value < least.value)) return;
  least.value = value;
  least.control[0] = u;
}

/** Where a u² + b u + c = 0, without cancellation. */
function tryRoots(
  least: { value: number; control: Float64Array },
  bracket: NodeBracket,
  { constant: c, slope, bend }: NodeQuadratic,
  low: number,
  high: number,
): void {
  const [a, b] = [bend[0], slope[0]];
  const tryAt = (u: number) => tryOnLine(least, bracket, Math.min(Math.max(u, low), high));
  const discriminant = b * b - 4 * a * c;
  if (a === 0 && b !== 0) tryAt(-c / b);
  if (a === 0 || discriminant < 0) return;
  const half = -(b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant)) / 2;
  if (half !== 0) tryAt(half / a);
  tryAt(half === 0 ? 0 : c / half);
}

/** Several controls, rates affine: stationary points on every face of U cut with every set of hyperplanes r_i = 0. */
function onFaces(bracket: NodeBracket, box: Box): Float64Array[] {
  const points: Float64Array[] = [];
  const axes = bracket.rates.length;
  for (const face of facesOf(box)) {
    const free = face.flatMap((value, c) => (value === null ? [c] : []));
    for (let zeros = 0; zeros < 2 ** axes; zeros++) {
      const vanishing = indices(axes).filter((i) => (zeros >> i) & 1);
      if (vanishing.length > free.length) continue;
      const signed = indices(axes).filter((i) => !((zeros >> i) & 1));
      // Where as many rates vanish as controls are free the point does not depend on signs.
      const patterns = vanishing.length === free.length ? 1 : 2 ** signed.length;
      for (let signs = 0; signs < patterns; signs++) {
        const differences = indices(axes).map((i) => (vanishing.includes(i) ? 0 : sideOf(bracket, i, signed, signs)));
        const point = stationary(bracket, face, { free, vanishing, differences });
        if (point !== null) points.push(point);
      }
    }
  }
  return points;
}

function sideOf({ forward, backward }: NodeBracket, i: number, signed: readonly number[], signs: number): number {
  return (signs >> signed.indexOf(i)) & 1 ? forward[i] : backward[i];
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Controls without curvature that are endless on both sides do not matter where q does not fall: they rest at 0. */
function withoutInert({ cost }: NodeBracket, { lower, upper }: Box): Box {
  const isInert = (c: number) => lower[c] === -Infinity && upper[c] === Infinity && !isCurved(cost, c);
  const ends = (side: ArrayLike<number>) => Array.from(side, (end, c) => (isInert(c) ? 0 : end));
  return { lower: ends(lower), upper: ends(upper) };
}

/** All faces of a box: per control an end, or null where it is free; infinite ends have no face. */
function facesOf({ lower, upper }: Box): (number | null)[][] {
  let faces: (number | null)[][] = [[]];
  for (let c = 0; c < lower.length; c++) {
    const ends = lower[c] === upper[c] ? [lower[c]] : [lower[c], upper[c], null];
    const finite = ends.filter((end) => end === null || Number.isFinite(end));
    faces = faces.flatMap((face) => finite.map((end) => [...face, end]));
  }
  return faces;
}

/** Where Σ_i differences_i r_i + ℓ is stationary in the free controls under r_i = 0 for the vanishing i; or null. */
function stationary(
  { rates, cost }: NodeBracket,
  face: readonly (number | null)[],
  {
    free,
    vanishing,
    differences,
  }: {
    readonly free: readonly number[];
    readonly vanishing: readonly number[];
    readonly differences: readonly number[];
  },
): Float64Array | null {
  const point = Float64Array.from(face, (end) => end ?? 0);
  if (free.length === 0) return point;
  const size = free.length + vanishing.length;
  const rows = free.map((c) => {
    const gradient =
      rates.reduce((sum, rate, i) => sum + differences[i] * rate.slope[c], cost.slope[c]) +
      point.reduce((sum, value, d) => sum + curvature(cost, c, d) * value, 0);
    return [...free.map((d) => curvature(cost, c, d)), ...vanishing.map((i) => rates[i].slope[c]), -gradient];
  });
  for (const i of vanishing) {
    rows.push([...free.map((c) => rates[i].slope[c]), ...vanishing.map(() => 0), -quadraticAt(rates[i], point)]);
  }
  const solved = eliminated(rows, size);
  if (solved === null) return null;
  free.forEach((c, k) => {
    point[c] = solved[k];
  });
  return point;
}

/** ∂²/∂u_c∂u_d of a quadratic. */
function curvature({ slope, bend }: NodeQuadratic, c: number, d: number): number {
  const [first, second] = c <= d ? [c, d] : [d, c];
  const at = first * slope.length - (first * (first - 1)) / 2 + (second - first);
  return c === d ? 2 * bend[at] : bend[at];
}

/** The solution of a small linear system, rows with their right side last; null where it is singular. */
function eliminated(rows: number[][], size: number): number[] | null {
  for (let p = 0; p < size; p++) {
    const best = rows.reduce((top, row, i) => (i >= p && Math.abs(row[p]) > Math.abs(rows[top][p]) ? i : top), p);
    [rows[p], rows[best]] = [rows[best], rows[p]];
    if (rows[p][p] === 0) return null;
    for (let i = 0; i < size; i++) {
      if (i === p) continue;
      const factor = rows[i][p] / rows[p][p];
      for (let k = p; k <= size; k++) rows[i][k] -= factor * rows[p][k];
    }
  }
  return rows.map((row, i) => row[size] / row[i]);
}

/** Whether q of several controls may fall without bound on an endless box. */
function fallsForever(bracket: NodeBracket, { lower, upper }: Box): boolean {
  const endless = indices(lower.length).filter((c) => !Number.isFinite(lower[c]) || !Number.isFinite(upper[c]));
  if (endless.length === 0) return false;
  const sides = (c: number) => [lower[c], upper[c]].filter((end) => !Number.isFinite(end)).map(Math.sign);
  const { cost } = bracket;
  const curved = endless.filter((c) => isCurved(cost, c));
  if (!isPositive(curved.map((c) => curved.map((d) => curvature(cost, c, d))))) return true;
  const flat = endless.filter((c) => !curved.includes(c));
  return flat.some((c) => sides(c).some((side) => leastGrowth(bracket, c, side) < 0));
}

/** The least that q grows by per unit of a control without curvature on one side, whatever the signs of the rates. */
function leastGrowth({ rates, forward, backward, cost }: NodeBracket, c: number, side: number): number {
  return rates.reduce(
    (sum, { slope }, i) => sum + Math.min(side * slope[c] * forward[i], side * slope[c] * backward[i]),
    side * cost.slope[c],
  );
}

function isCurved(cost: NodeQuadratic, c: number): boolean {
  return indices(cost.slope.length).some((d) => curvature(cost, c, d) !== 0);
}

/** One control: whether q falls without bound towards −∞ or ∞. */
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

/** Whether a symmetric matrix is positive definite, by elimination. */
function isPositive(matrix: readonly (readonly number[])[]): boolean {
  const rows = matrix.map((row) => [...row]);
  for (let p = 0; p < rows.length; p++) {
    if (!(rows[p][p] > 0)) return false;
    for (let i = p + 1; i < rows.length; i++) {
      const factor = rows[i][p] / rows[p][p];
      for (let k = p; k < rows.length; k++) rows[i][k] -= factor * rows[p][k];
    }
  }
  return true;
}
