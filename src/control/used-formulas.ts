/** Which controls of a family of formulas can be minimisers. */
import { type FormulaFamily, pointAt } from './formula-families.ts';
import { pieceSize } from './formula-pieces.ts';
import { leastFormula } from './least-formula.ts';
import { type Range, signPatterns } from './ranges.ts';

export interface UsedFormulas {
  /** Per axis a field of the largest |φ_i|/dx_i. */
  readonly rates: readonly Float64Array[];
  /** A field of min ℓ. */
  readonly costs: Float64Array;
}

/**
 * The fastest minimisers for V_{i±1} − V_i in these ranges. φ(u*) falls as p rises, u* the minimiser of pφ + ℓ: along
 * one axis those for the ends of the range are the extreme ones, and along several where φ is affine, as u* then
 * depends on p·φ' alone and monotonically. Otherwise all of U counts.
 */
export function usedFormulas(family: FormulaFamily, differences: readonly Range[]): UsedFormulas {
  const { written, spacing, slowBlock, fastBlock, varies } = family;
  const n = spacing.length;
  const lanes = slowBlock.length;
  const size = lanes * fastBlock.length;
  const isSearched = n === 1 || written.isAffine.every(Boolean);
  const patterns = signPatterns(isSearched ? differences.slice(0, n) : [[0, 0]]);
  const slopes = patterns.map((pattern) => spacing.map((dx, i) => (pattern[i] ?? 0) / dx));
  const known = new Map<number, readonly number[]>();
  const controlsAt = (s: number, j: number) => {
    const key = (varies.x ? s : 0) + (varies.y ? j * lanes : 0);
    const least = (p: readonly number[]) => leastFormula(family, { s, j }, { forward: p, backward: p, weight: 1 });
    const found = known.get(key) ?? slopes.map((p) => least(p).control);
    known.set(key, found);
    return found;
  };
  const rates = spacing.map(() => new Float64Array(size));
  const costs = new Float64Array(size);
  for (let k = 0; k < size; k++) {
    const [s, j] = [k % lanes, Math.floor(k / lanes)];
    const controls = controlsAt(s, j);
    const point = pointAt(family, s, j);
    const at = (q: number, u: number) => {
      point[written.control] = u;
      return family.values[q](point);
    };
    costs[k] = at(n, controls[0]);
    for (let i = 0; i < n; i++) {
      const fastest = isSearched ? Math.max(...controls.map((u) => Math.abs(at(i, u)))) : largestOf(family, i, s, j);
      rates[i][k] = fastest / spacing[i];
    }
  }
  return { rates, costs };
}

/** A bound of |φ_i| over U. */
function largestOf(family: FormulaFamily, i: number, s: number, j: number): number {
  const { pieces, starts, slowBlock, fastBlock, fastBlocks, spacing } = family;
  const block = slowBlock[s] * fastBlocks + fastBlock[j];
  let largest = 0;
  for (let at = starts[block]; at < starts[block + 1]; at += pieceSize(spacing.length)) {
    largest = Math.max(largest, -pieces[at + 2 + 6 * i], pieces[at + 3 + 6 * i]);
  }
  return largest;
}
