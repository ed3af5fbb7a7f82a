/**
 * Controls on the line through two values u₀ and u₁, and drifts that are affine along it:
 *
 *   u = u₀ + w (u₁ − u₀),   φ(x,y,u) = φ(x,y,u₀) + w (φ(x,y,u₁) − φ(x,y,u₀)).
 */
import type { ControlledField, Interval } from '../model/problem.ts';

/** Points along an axis of the box at which a drift is looked at. */
const PROBES = 33;

/** w of a control; 0 where u₀ = u₁. */
export function weightBetween([from, to]: readonly [number, number], u: number): number {
  return from === to ? 0 : (u - from) / (to - from);
}

/** Largest distance of φ from its blend under some controls, relative to the largest |φ|, on a lattice of the box. */
export function blendDefect(
  phi: ControlledField,
  ends: readonly [number, number],
  controls: readonly number[],
  [slow, fast]: readonly [Interval, Interval],
): number {
  const weighted = controls.map((u) => ({ u: [u], weight: weightBetween(ends, u) }));
  const [from, to] = ends.map((end) => [end]);
  let [defect, largest] = [0, 0];
  for (const x of probes(slow)) {
    for (const y of probes(fast)) {
      const lower = phi(x, y, from);
      const upper = phi(x, y, to);
      largest = Math.max(largest, Math.abs(lower), Math.abs(upper));
      for (const { u, weight } of weighted) {
        defect = Math.max(defect, Math.abs(phi(x, y, u) - lower - weight * (upper - lower)));
      }
    }
  }
  return defect / (largest || 1);
}

function probes({ lower, upper }: Interval): number[][] {
  return Array.from({ length: PROBES }, (_, k) => [lower + ((upper - lower) * k) / (PROBES - 1)]);
}
