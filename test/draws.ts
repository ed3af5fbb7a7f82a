import fc from 'fast-check';

/**
 * Draws of a property in the full lane: all of them, or a tenth where HJB_DRAWS=tenth says so. `.ci/run` does, whose
 * time is short: every run draws others, so that ten of them draw as many.
 */
export function manyDraws(count: number): number {
  return isTenth ? Math.ceil(count / 10) : count;
}

/** Where there is time for a part, one row in six of a long table of cases: others in every run. */
export function someRows<Row>(rows: readonly Row[]): readonly Row[] {
  return isTenth ? fc.sample(fc.subarray([...rows], { minLength: sixth(rows), maxLength: sixth(rows) }), 1)[0] : rows;
}

/** The same of a table whose rows take half a minute each: one in twenty-four. */
export function fewRows<Row>(rows: readonly Row[]): readonly Row[] {
  const count = Math.ceil(rows.length / 24);
  return isTenth ? fc.sample(fc.subarray([...rows], { minLength: count, maxLength: count }), 1)[0] : rows;
}

const isTenth = process.env.HJB_DRAWS === 'tenth';
const sixth = ({ length }: readonly unknown[]) => Math.ceil(length / 6);
