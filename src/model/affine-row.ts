/** A function of a point as constant + slope·point. */
export interface AffineRow {
  readonly constant: number;
  readonly slope: number[];
}

/** Relative size below which a defect from linearity is round-off. */
export const LINEAR = 1e-10;

/** Points at which linearity is tried: no accidental zeros of common formulas. */
export function probes(dimension: number): number[][] {
  return [0.7310585, -1.3178, 2.2391, -0.4142].map((a, k) =>
    Array.from({ length: dimension }, (_, i) => a * (1 + 0.37 * ((i + k) % 3)) - 0.11 * i),
  );
}

/** The affine function that `field` is at fixed points, null where it is none. */
export function affineRow(field: (z: number[]) => number, dimension: number): AffineRow | null {
  const unit = (i: number) => Array.from({ length: dimension }, (_, k) => (k === i ? 1 : 0));
  const constant = field(new Array(dimension).fill(0));
  const slope = Array.from({ length: dimension }, (_, i) => field(unit(i)) - constant);
  const scale = 1 + Math.abs(constant) + slope.reduce((sum, s) => sum + Math.abs(s), 0);
  const linear = probes(dimension).every((z) => {
    const expected = slope.reduce((sum, s, i) => sum + s * z[i], constant);
    return Math.abs(field(z) - expected) <= LINEAR * scale;
  });
  return linear ? { constant, slope } : null;
}
