/**
 * What three levels of a refinement say about the error of the finest. For an error a hᵖ + b h^q both coefficients
 * follow from the two differences between the levels; each counts by its size, so that a difference in which they
 * cancel, and so passes through 0 without an error that is small, does not deceive (Roache 1994 with two terms).
 */

/** Two or three levels, coarse to fine: sizes of what is refined, relative or not, and values at one place. */
export interface Refined {
  readonly sizes: readonly number[];
  readonly values: readonly number[];
}

/** Powers p < q of the size in the error. */
export type Powers = readonly [number, number];

/** Safety factors of the grid convergence index: an order observed, and two levels, which show none (Roache 1994). */
const [SAFETY, OF_TWO] = [1.25, 3];

/** The coarsest size in finest ones from which two terms are told apart without magnifying what is neither. */
const WIDE = 2;

/**
 * A bound of the error of the finest level: the grid convergence index of order p from the last difference, more where
 * the levels show a lower order. Unless three of them show half of p at least and both terms by their sizes are no
 * more, also the smaller of these and of what the difference is `around` the place, which alone counts for two levels.
 */
export function remainingError(levels: Refined, powers: Powers, around: () => number): number {
  const { sizes, values } = levels;
  if (sizes.length < 3) return around();
  const [p] = powers;
  const [first, second, third] = sizes;
  const change = Math.abs(values[2] - values[1]);
  const errorOf = (shown: number) => (SAFETY * change) / ((second / third) ** shown - 1);
  const last = errorOf(p);
  const index = convergenceIndex(levels, p);
  const order = shownOrder(levels, p);
  const showsOrder = order !== null && order >= p / 2;
  const known = showsOrder ? errorOf(order) : last;
  if (showsOrder && first < WIDE * third) return Math.max(known, index);
  const terms = SAFETY * twoTermError(levels, powers);
  return showsOrder && terms <= last ? known : Math.max(known, Math.min(Math.max(terms, index), around()));
}

/** The last change, as the grid convergence index has it but not less than the whole, with its sign. */
export function signedChange({ sizes, values }: Refined, [p]: Powers): number {
  const [[coarse, fine], [before, last]] = [sizes.slice(-2), values.slice(-2)];
  const safety = sizes.length < 3 ? OF_TWO : SAFETY;
  return (last - before) * Math.max(1, safety / ((coarse / fine) ** p - 1));
}

/** The grid convergence index of order p; of three levels the larger one of both differences, at the finest. */
function convergenceIndex({ sizes, values }: Refined, p: number): number {
  const finest = sizes[sizes.length - 1];
  const errors = values.slice(1).map((value, k) => {
    const [coarse, fine] = [sizes[k] / finest, sizes[k + 1] / finest];
    return Math.abs(value - values[k]) / (coarse ** p - fine ** p);
  });
  return SAFETY * Math.max(...errors.slice(-2));
}

/** |a| hᵖ + |b| h^q at the finest of three levels. */
function twoTermError({ sizes, values }: Refined, [p, q]: Powers): number {
  const [first, second, third] = sizes.map((size) => size / sizes[2]);
  const [before, last] = [values[0] - values[1], values[1] - values[2]];
  const [p1, q1] = [first ** p - second ** p, first ** q - second ** q];
  const [p2, q2] = [second ** p - third ** p, second ** q - third ** q];
  const determinant = p1 * q2 - p2 * q1;
  return (Math.abs(before * q2 - last * q1) + Math.abs(p1 * last - p2 * before)) / Math.abs(determinant);
}

/**
 * The order that the two differences show, between 0 and `most`; null where they have different signs or the last is
 * not smaller than any positive order has it.
 */
function shownOrder({ sizes, values }: Refined, most: number): number | null {
  const [first, second, third] = sizes.map((size) => size / sizes[2]);
  const shown = (values[0] - values[1]) / (values[1] - values[2]);
  const ratioOf = (order: number) => (first ** order - second ** order) / (second ** order - third ** order);
  // As the order tends to 0 the ratio tends to that of the logarithms.
  if (!(shown > Math.log(first / second) / Math.log(second / third))) return null;
  if (shown >= ratioOf(most)) return most;
  let [low, high] = [0, most];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (ratioOf(middle) < shown) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
