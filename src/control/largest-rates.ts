/**
 * The largest Σ_i |φ_i|/dx_i + Σ_d ν_d of all controls at any node: how strongly an increment of M can couple a node to
 * its neighbours.
 */
import { largestIn } from './family-reach.ts';
import { largestOf } from './rare-values.ts';
import type { SlowHamiltonian } from './slow-hamiltonian.ts';

/** ∞ where a control that moves has no end, and where minima over formulas are searched for. */
export function largestRates({
  candidates,
  families,
  formulas,
  noise,
  ...nodes
}: Pick<
  SlowHamiltonian,
  'candidates' | 'families' | 'formulas' | 'noise' | 'movedAxes' | 'slowNodes' | 'fastNodes'
>): number {
  const { movedAxes, slowNodes, fastNodes } = nodes;
  if (formulas.length > 0) return Infinity;
  const [own, spread] = [new Float64Array(slowNodes), new Float64Array(slowNodes)];
  const write = (out: Float64Array, from: number) => {
    out.fill(0);
    for (let i = 0; i < movedAxes; i++) {
      own.fill(0);
      for (const { rates } of candidates) {
        for (let s = 0; s < own.length; s++) own[s] = Math.max(own[s], Math.abs(rates[i][from + s]));
      }
      for (const { rates, box } of families) {
        largestIn(spread, rates[i], box, from);
        for (let s = 0; s < own.length; s++) own[s] = Math.max(own[s], spread[s]);
      }
      for (let s = 0; s < own.length; s++) out[s] += own[s];
    }
    if (noise === null) return;
    noise.as('stencil').rates(own, from);
    for (let s = 0; s < own.length; s++) out[s] += own[s];
  };
  return largestOf(write, { lanes: slowNodes, size: slowNodes * fastNodes });
}
