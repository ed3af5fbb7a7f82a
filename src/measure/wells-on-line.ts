/** Wells of a density on the line that is known on points: where they are, how wide, how much they hold. */

/** Points in ascending order, Φ there, and shares of the measure of sum 1. */
export interface Measured {
  readonly points: Float64Array;
  readonly potential: Float64Array;
  readonly mass: Float64Array;
}

/** How far a well rises above its bottom. */
export const RISE = 2;

/** The interval `first` to `last` of points around the bottom on which Φ is less than 2 above it. */
export interface Well {
  readonly at: number;
  readonly width: number;
  readonly mass: number;
  readonly first: number;
  readonly last: number;
}

/** The wells, the deepest first; from one to a deeper one Φ rises by 2 at least. */
export function wellsOf({ points, potential, mass }: Measured): Well[] {
  const bottoms: number[] = [];
  for (let k = 0; k < points.length; k++) {
    const before = potential[k - 1] ?? Infinity;
    const after = potential[k + 1] ?? Infinity;
    if (potential[k] <= before && potential[k] <= after && mass[k] > 0) bottoms.push(k);
  }
  bottoms.sort((a, b) => potential[a] - potential[b]);
  const taken = new Uint8Array(points.length);
  return bottoms.flatMap((bottom) => {
    if (taken[bottom] === 1) return [];
    const well = wellAround({ points, potential, mass }, bottom);
    taken.fill(1, well.first, well.last + 1);
    const isLowest = potential.subarray(well.first, well.last + 1).every((value) => value >= potential[bottom]);
    return isLowest ? [well] : [];
  });
}

/** The interval around a point on which Φ is less than 2 above its value there. */
function wellAround({ points, potential, mass }: Measured, bottom: number): Well {
  const top = potential[bottom] + RISE;
  let [first, last] = [bottom, bottom];
  while (first > 0 && potential[first - 1] < top) first--;
  while (last < points.length - 1 && potential[last + 1] < top) last++;
  const crossing = (inside: number, outside: number) => {
    const rise = potential[outside] - potential[inside];
    const share = Number.isFinite(rise) ? (top - potential[inside]) / rise : 0;
    return points[inside] + share * (points[outside] - points[inside]);
  };
  const from = first > 0 ? crossing(first, first - 1) : 2 * points[bottom] - points[last];
  const to = last < points.length - 1 ? crossing(last, last + 1) : 2 * points[bottom] - points[first];
  let sum = 0;
  for (let k = first; k <= last; k++) sum += mass[k];
  return { at: points[bottom], width: Math.max(to - from, Number.MIN_VALUE), mass: sum, first, last };
}

/** What stands where most is missed: the well there, else the distance on which Φ changes by 1. */
export function structureAt(
  { points, potential }: Measured,
  here: number,
  wells: readonly Well[],
): Pick<Well, 'at' | 'width'> {
  const well = wells.find(({ first, last }) => first <= here && here <= last);
  if (well !== undefined) return well;
  let [first, last] = [here, here];
  while (first > 0 && Math.abs(potential[first] - potential[here]) < 1) first--;
  while (last < points.length - 1 && Math.abs(potential[last] - potential[here]) < 1) last++;
  return { at: points[here], width: points[last] - points[first] };
}
