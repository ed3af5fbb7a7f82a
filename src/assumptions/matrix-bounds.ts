/** Eigenvalues and norms of matrices of at most three rows: of one, and of all between two bounds. */

type Matrix = readonly (readonly number[])[];

/** lower ≤ value ≤ upper. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Rounding of a closed form in the entries, relative to their size: measured below 2^-48. */
const ROUNDING = 2 ** -44;

export function symmetricPart(matrix: Matrix): number[][] {
  return matrix.map((row, i) => row.map((value, k) => (value + matrix[k][i]) / 2));
}

/** The largest eigenvalue of a symmetric 1×1, 2×2 or 3×3 matrix in closed form (3×3: Smith 1961). */
export function largestEigenvalue(a: Matrix): number {
  if (a.length === 1) return a[0][0];
  if (a.length === 2) return (a[0][0] + a[1][1]) / 2 + Math.hypot((a[0][0] - a[1][1]) / 2, a[0][1]);
  const mean = (a[0][0] + a[1][1] + a[2][2]) / 3;
  const centred = a.map((row, i) => row.map((value, k) => (i === k ? value - mean : value)));
  const spread = Math.sqrt(centred.flat().reduce((sum, value) => sum + value * value, 0) / 6);
  if (spread === 0) return mean;
  const [[p, q, r], [, s, t], [, , w]] = centred;
  const determinant = p * (s * w - t * t) - q * (q * w - t * r) + r * (q * t - s * r);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / spread ** 3 / 2))) / 3;
  return mean + 2 * spread * Math.cos(angle);
}

/** The largest singular value, from the smaller Gram matrix (at most 3 rows). */
export function spectralNorm(matrix: Matrix): number {
  const gram = matrix.map((row) => matrix.map((other) => row.reduce((sum, value, k) => sum + value * other[k], 0)));
  return Math.sqrt(Math.max(0, largestEigenvalue(gram)));
}

/**
 * Bounds of λ_max(sym A) over all square matrices with lower ≤ A ≤ upper, row by row: the circles of Gershgorin, and
 * |λ_max(A) − λ_max(M)| ≤ |A − M| with the middle M (Weyl).
 */
export function symmetricEigenvalueBounds(lower: Float64Array, upper: Float64Array, size: number): Bounds {
  if (size === 1) return { lower: lower[0], upper: upper[0] };
  const [least, most] = [lower, upper].map((bound) =>
    symmetricPart(Array.from({ length: size }, (_, i) => Array.from(bound.subarray(i * size, (i + 1) * size)))),
  );
  let circles = Number.NEGATIVE_INFINITY;
  let diagonal = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < size; i++) {
    let reach = most[i][i];
    for (let k = 0; k < size; k++) if (k !== i) reach += Math.max(-least[i][k], most[i][k]);
    circles = Math.max(circles, reach);
    diagonal = Math.max(diagonal, least[i][i]);
  }
  const { middle, radius } = middleAndRadius(least, most);
  if (!Number.isFinite(radius)) {
    return { lower: diagonal, upper: circles < Infinity ? circles + ROUNDING * largest(least, most) : Infinity };
  }
  const slack = ROUNDING * (frobenius(middle) + radius);
  const centre = largestEigenvalue(middle);
  // An eigenvalue is at least every entry of the diagonal.
  return {
    lower: Math.max(diagonal, centre - radius) - slack,
    upper: Math.min(circles, centre + radius) + slack,
  };
}

/** Bounds of the spectral norm over all matrices with lower ≤ A ≤ upper, of so many rows. */
export function spectralNormBounds(lower: Float64Array, upper: Float64Array, rows: number): Bounds {
  const columns = lower.length / rows;
  const row = (bound: Float64Array, i: number) => Array.from(bound.subarray(i * columns, (i + 1) * columns));
  const sizes = Array.from(lower, (low, k) => Math.max(-low, upper[k]));
  const nearest = Array.from(lower, (low, k) => Math.max(0, low, -upper[k]));
  // Of one number it is exact.
  if (sizes.filter((size) => size > 0).length <= 1) return { lower: Math.max(...nearest), upper: Math.max(...sizes) };
  const most = Array.from({ length: rows }, (_, i) => sizes.slice(i * columns, (i + 1) * columns));
  if (sizes.includes(Number.POSITIVE_INFINITY)) {
    return { lower: Math.max(...nearest), upper: Number.POSITIVE_INFINITY };
  }
  // |A| ≤ |A'| where A' has the largest sizes of entries (Perron, Frobenius).
  const whole = spectralNorm(most);
  if (rows === 1) return widened(Math.hypot(...nearest), whole, whole);
  const least = Array.from({ length: rows }, (_, i) => row(lower, i));
  const { middle, radius } = middleAndRadius(
    least,
    Array.from({ length: rows }, (_, i) => row(upper, i)),
  );
  const centre = spectralNorm(middle);
  return widened(Math.max(centre - radius, ...nearest), Math.min(whole, centre + radius), whole);
}

function widened(lower: number, upper: number, size: number): Bounds {
  return { lower: Math.max(0, lower - ROUNDING * size), upper: upper + ROUNDING * size };
}

/** The middle matrix, and the norm of what is left on either side. */
function middleAndRadius(least: Matrix, most: Matrix) {
  const middle = least.map((row, i) => row.map((value, k) => value / 2 + most[i][k] / 2));
  const radius = frobenius(least.map((row, i) => row.map((value, k) => most[i][k] / 2 - value / 2)));
  return { middle, radius: Number.isNaN(radius) ? Number.POSITIVE_INFINITY : radius };
}

/** The largest finite size of an entry. */
function largest(least: Matrix, most: Matrix): number {
  return Math.max(0, ...[...least.flat(), ...most.flat()].filter(Number.isFinite).map(Math.abs));
}

function frobenius(matrix: Matrix): number {
  return Math.hypot(...matrix.flat());
}
