/** A function of a point as constant + slope·point. */
export interface AffineRow {
  readonly constant: number;
  readonly slope: number[];
}

/** The numbers of affine functions, read at 0 and at the unit points; null where one is not finite. */
export function affineRows(fields: readonly ((z: number[]) => number)[], dimension: number): AffineRow[] | null {
  const unit = (i: number) => Array.from({ length: dimension }, (_, k) => (k === i ? 1 : 0));
  const rows = fields.map((field) => {
    const constant = field(new Array(dimension).fill(0));
    return { constant, slope: Array.from({ length: dimension }, (_, i) => field(unit(i)) - constant) };
  });
  return rows.every(({ constant, slope }) => [constant, ...slope].every(Number.isFinite)) ? rows : null;
}
