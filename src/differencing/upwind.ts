import { speedAt } from '../control/slow-hamiltonian.ts';
import type { DifferencingKind } from './differencing.ts';
import { alongAxes } from './increments.ts';

/** What one-sided differences share: the bound is that of the upwind sweep, dt Σ|r_i| ≤ 1 for every candidate. */
export const oneSided: Pick<DifferencingKind, 'followsFrame' | 'longestStep' | 'courant'> = {
  followsFrame: true,
  longestStep: (_, slow, measure) => (measure === null ? slow.stableStep : slow.averagedStableStep(measure)),
  courant: ({ minimum, dt }, slots, size) => {
    const candidates = minimum.candidates.map(({ rates }) => ({ rates: rates.map((slot) => slots[slot]) }));
    return new Float64Array(size).map((_, k) => dt * speedAt(candidates, k));
  },
};

/** r⁺ (V_{i+1} − V_i) + r⁻ (V_i − V_{i−1}), monotone below its bound (Kushner, Dupuis 2001, ch. 5). */
export const upwind: DifferencingKind = {
  ...oneSided,
  name: 'upwind',
  claims: { order: 1, monotone: 'under-cfl', interpolation: 1 },
  wasm: 0,
  card: 0,
  on: () => ({ kind: upwind }),
  reach: () => 1,
  increments: alongAxes((V, { at, stride }, forward) => (forward ? V[at + stride] - V[at] : V[at] - V[at - stride])),
};
