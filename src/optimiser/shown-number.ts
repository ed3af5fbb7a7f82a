/** A setting in a formula: six digits, without what rounding leaves in a difference such as 1 − 0.95. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}
