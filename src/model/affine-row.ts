/** A function of a point as constant + slope·point. */
export interface AffineRow {
  readonly constant: number;
  readonly slope: number[];
}

/** The numbers of an affine function, read at 0 and at the unit points; null where they are not finite. */
export function affineRow(field: (z: number[]) => number, dimension: number): AffineRow | null {
  const unit = (i: number) => Array.from({ length: dimension }, (_, k) => (k === i ? 1 : 0));
  const constant = field(new Array(dimension).fill(0));
  const slope = Array.from({ length: dimension }, (_, i) => field(unit(i)) - constant);
  return [constant, ...slope].every(Number.isFinite) ? { constant, slope } : null;
}
