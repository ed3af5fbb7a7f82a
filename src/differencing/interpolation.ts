/**
 * Semi-Lagrangian differences (Falcone, Ferretti 2014, ch. 5): min_u {I[V](x + dt·φ, y) + dt·ℓ} − V with the linear
 * interpolation of feet.ts, or between nodes farther apart (wide-difference.ts), monotone for every dt: feet outside
 * the box are moved to its boundary. Over [0,T] the error is a·dt + b·dx²/dt: the feet bend by O(dt²) a step, and each
 * of the T/dt interpolations costs O(dx²). It is least at dt ∝ dx, where it is of order 1.
 */

import type { DifferencingKind } from './differencing.ts';
import { increments } from './increments.ts';

export const interpolation: DifferencingKind = {
  name: 'interpolation',
  claims: { order: 1, monotone: 'always', interpolation: 1, orderPerStep: 2 },
  feet: 'always',
  followsFrame: false,
  crossTerms: 'columns',
  wasm: 3,
  on: () => ({ kind: interpolation }),
  longestStep: () => Infinity,
  sharedStep: (_, slow) => slow.stableStep,
  // Where the two terms of the error balance: where φ varies at rate Λ and moves at speed F = Λ·length, F·dt = dx/2. F
  // is the largest speed averaged with the stationary measure; the fastest feet stand in the tails in y, where nothing
  // happens. In the library the error is then within 10 % of its least over all dt (`separated`: 2.6 times).
  usualStep: (slow, measure) => slow.averagedStableStep(measure) / 2,
  courant: (_sweep, _slots, size) => new Float64Array(size),
  reach: (cells) => Math.ceil(cells) + 1,
  increments: increments('always', (V, { at, stride }, forward) =>
    forward ? V[at + stride] - V[at] : V[at] - V[at - stride],
  ),
};
