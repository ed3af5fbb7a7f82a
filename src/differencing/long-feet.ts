/** How far controls move in a step, node by node. */
import type { DifferencingKind } from './differencing.ts';

/** Probability, at every x, of the tails of the invariant measure to which feet longer than a cell are left. */
export const TAIL = 1e-6;

/** foot·max Σ_i|r_i| over the candidates at every node. */
export const cellsPerStep: DifferencingKind['courant'] = ({ minimum, foot }, slots, size) =>
  new Float64Array(size).map((_, k) =>
    minimum.candidates.reduce((most, { rates }) => {
      const cells = rates.reduce((sum, slot) => sum + Math.abs(slots[slot][k]), 0);
      return Math.max(most, foot * cells);
    }, 0),
  );
