/**
 * Where H(x,·,p) on a line may have a kink: the active ends of U change there, or the minimiser jumps to another
 * valley. Between such points H is as smooth as φ and ℓ are.
 */
import type { PointwiseLeast } from '../control/pointwise-minimum.ts';

/** Kinks looked for between two ends: where round-off picks among equal controls there is no end of them. */
const MOST = 8;
/** Halvings after which a continuous minimiser has changed by a thousandth of what it did, or is told to jump. */
const HALVINGS = 10;

/** The ends with the kinks between them, to the last bit. */
export function splitAtKinks(leastAt: (y: number) => PointwiseLeast, ends: ArrayLike<number>): Float64Array {
  const found = Array.from(ends, leastAt);
  const split: number[] = [];
  for (let k = 0; k < ends.length; k++) {
    split.push(ends[k]);
    if (k === ends.length - 1) break;
    const [left, right] = [
      { y: ends[k], least: found[k] },
      { y: ends[k + 1], least: found[k + 1] },
    ];
    if (left.least.branch === right.least.branch) split.push(...jumpBetween(leastAt, left, right));
    else split.push(...changesBetween(leastAt, left, right));
  }
  return Float64Array.from(new Set(split));
}

interface Place {
  readonly y: number;
  readonly least: PointwiseLeast;
}

/** Where the branch changes between two places, every change that halving meets. */
function changesBetween(leastAt: (y: number) => PointwiseLeast, left: Place, right: Place): number[] {
  const changes: number[] = [];
  const visit = (a: Place, b: Place): void => {
    if (a.least.branch === b.least.branch || changes.length >= MOST) return;
    const y = (a.y + b.y) / 2;
    if (!(y > a.y && y < b.y)) {
      changes.push(b.y);
      return;
    }
    const middle = { y, least: leastAt(y) };
    visit(a, middle);
    visit(middle, b);
  };
  visit(left, right);
  return changes.filter((y) => y > left.y && y < right.y);
}

/** Where the minimiser jumps between two places, if it does: the half with the larger change is followed. */
function jumpBetween(leastAt: (y: number) => PointwiseLeast, left: Place, right: Place): number[] {
  const whole = distance(left, right);
  let [a, b] = [left, right];
  for (let k = 0; whole > 0; k++) {
    const y = (a.y + b.y) / 2;
    if (!(y > a.y && y < b.y)) return b.y < right.y ? [b.y] : [];
    const middle = { y, least: leastAt(y) };
    [a, b] = distance(a, middle) > distance(middle, b) ? [a, middle] : [middle, b];
    if (k >= HALVINGS && distance(a, b) < whole / 2) return [];
  }
  return [];
}

function distance({ least: a }: Place, { least: b }: Place): number {
  return a.control.reduce((sum, value, c) => sum + Math.abs(value - b.control[c]), 0);
}
