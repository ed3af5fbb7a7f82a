/** Several controls without ends: whether q of a node falls with them, and which of them do not matter. */
import { type Box, curvature, type NodeBracket, type NodeQuadratic } from './node-bracket.ts';

/** Whether q may fall without bound. */
export function fallsForever(bracket: NodeBracket, box: Box): boolean {
  if (isBounded(box)) return false;
  const { lower, upper } = box;
  const ends = Array.from(lower, (low, c) => [low, upper[c]].filter((end) => !Number.isFinite(end)).map(Math.sign));
  const endless = ends.flatMap((sides, c) => (sides.length > 0 ? [c] : []));
  const { cost } = bracket;
  const curved = endless.filter((c) => isCurved(cost, c));
  if (!isPositive(curved.map((c) => curved.map((d) => curvature(cost, c, d))))) return true;
  const flat = endless.filter((c) => !curved.includes(c));
  return flat.some((c) => ends[c].some((side) => leastGrowth(bracket, c, side) < 0));
}

function isBounded({ lower, upper }: Box): boolean {
  for (let c = 0; c < lower.length; c++) if (!Number.isFinite(upper[c] - lower[c])) return false;
  return true;
}

/** Controls without curvature that are endless on both sides do not matter where q does not fall: they rest at 0. */
export function withoutInert({ cost }: NodeBracket, box: Box): Box {
  const { lower, upper } = box;
  if (isBounded(box)) return box;
  const isInert = (c: number) => lower[c] === -Infinity && upper[c] === Infinity && !isCurved(cost, c);
  const ends = (side: ArrayLike<number>) => Array.from(side, (end, c) => (isInert(c) ? 0 : end));
  return { lower: ends(lower), upper: ends(upper) };
}

/** The least that q grows by per unit of a control without curvature on one side, whatever the signs of the rates. */
function leastGrowth({ rates, forward, backward, cost }: NodeBracket, c: number, side: number): number {
  return rates.reduce(
    (sum, { slope }, i) => sum + Math.min(side * slope[c] * forward[i], side * slope[c] * backward[i]),
    side * cost.slope[c],
  );
}

function isCurved(cost: NodeQuadratic, c: number): boolean {
  return Array.from(cost.slope).some((_, d) => curvature(cost, c, d) !== 0);
}

/** Whether a symmetric matrix is positive definite, by elimination. */
function isPositive(matrix: readonly (readonly number[])[]): boolean {
  const rows = matrix.map((row) => [...row]);
  for (let p = 0; p < rows.length; p++) {
    if (!(rows[p][p] > 0)) return false;
    for (let i = p + 1; i < rows.length; i++) {
      const factor = rows[i][p] / rows[p][p];
      for (let k = p; k < rows.length; k++) rows[i][k] -= factor * rows[p][k];
    }
  }
  return true;
}
