import type { DifferencingKind } from './differencing.ts';
import { increments } from './increments.ts';
import { cellsPerStep, TAIL } from './long-feet.ts';

/**
 * r⁺ (V_{i+1} − V_i) + r⁻ (V_i − V_{i−1}) (Kushner, Dupuis 2001, ch. 5), and where a control moves farther than a cell
 * the value at its foot, of which that is the case of short ones: monotone for every dt. The usual step is that of the
 * averaged motion, which is also that of the effective equation; where long feet are wide differences, which smear more
 * than short steps do, they are left to the tails.
 */
export const upwind: DifferencingKind = {
  name: 'upwind',
  claims: { order: 1, monotone: 'under-cfl', interpolation: 1 },
  feet: 'beyond-a-cell',
  followsFrame: true,
  crossTerms: 'stencil',
  wasm: 0,
  card: 0,
  on: () => ({ kind: upwind }),
  longestStep: () => Infinity,
  sharedStep: (_, slow) => slow.stableStep,
  usualStep: (slow, measure) =>
    slow.longFeet === 'exact' ? slow.averagedStableStep(measure) : slow.quantileStep(measure, TAIL),
  courant: cellsPerStep,
  reach: (cells) => Math.max(1, Math.ceil(cells)),
  increments: increments('beyond-a-cell', (V, { at, stride }, forward) =>
    forward ? V[at + stride] - V[at] : V[at] - V[at - stride],
  ),
};
