/** A well with its widths along the axes and its share of the measure, from Φ and the product of the widths. */
export interface SpaceWell {
  readonly at: readonly number[];
  readonly widths: readonly number[];
  readonly share: number;
}
