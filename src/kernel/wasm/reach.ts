/** How far feet reach along an axis without neighbours across: whole cells and what is left of one. */

/** A line of `lanes` nodes, and whether every control leaves over its end at node k on this side. */
export interface Line {
  readonly lanes: number;
  readonly foot: number;
  leaves(k: number, side: number): boolean;
}

/** Between the nodes `reach` ∓ 1 and `reach` cells away, `weight` the part of the way from the first to the second. */
export interface FootOnLine {
  readonly reach: number;
  readonly weight: number;
}

/**
 * The foot of node k, whose control has this rate. Beyond an end it is the end, or goes on along the last cell where
 * every control leaves there.
 */
export function reachOf(rate: number, k: number, { lanes, foot, leaves }: Line): FootOnLine {
  const i = k % lanes;
  const cells = foot * rate;
  const side = cells > 0 ? 1 : -1;
  const room = side > 0 ? lanes - 1 - i : i;
  const length = Math.abs(cells);
  // At the end itself the difference points inward, against the control.
  if (room === 0) return { reach: -side, weight: -length };
  if (length <= 1) return { reach: side, weight: length };
  if (length <= room) {
    const whole = Math.min(Math.floor(length), room - 1);
    return { reach: side * (whole + 1), weight: length - whole };
  }
  return { reach: side * room, weight: leaves(k + side * room, side) ? length - (room - 1) : 1 };
}

/** Nodes that a foot inside the axis reaches at most. */
export function farthest(rates: Float64Array, line: Line): number {
  let most = 1;
  for (let k = 0; k < rates.length; k++) {
    // Most feet are short.
    if (!(line.foot * Math.abs(rates[k]) <= 1)) most = Math.max(most, Math.abs(reachOf(rates[k], k, line).reach));
  }
  return most;
}

/** A run of nodes with long feet of equal reach; `isCut` where they end at the end of the axis, reach 0 at that end. */
export interface LongRun {
  readonly first: number;
  last: number;
  readonly reach: number;
  readonly isCut: boolean;
}

/** The feet of row j that are no differences between neighbours; all of them where `always`. */
export function longRuns(rates: Float64Array, j: number, line: Line, always: boolean): LongRun[] {
  const { lanes, foot } = line;
  const runs: LongRun[] = [];
  for (let i = 0; i < lanes; i++) {
    const k = j * lanes + i;
    const rate = rates[k];
    const length = foot * Math.abs(rate);
    const room = rate > 0 ? lanes - 1 - i : i;
    if (!(length > 1) && !always) continue;
    const isEnd = room === 0 && length > 0;
    if (isEnd && !always) continue;
    const { reach, weight } = isEnd ? { reach: 0, weight: 0 } : reachOf(rate, k, line);
    const isCut = length > room && weight <= 1;
    const before = runs[runs.length - 1];
    const goesOn = before?.last === i && before.reach === reach && before.isCut === isCut;
    if (goesOn) before.last = i + 1;
    else runs.push({ first: i, last: i + 1, reach, isCut });
  }
  return runs;
}
