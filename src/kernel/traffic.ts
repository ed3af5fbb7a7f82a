import type { Minimum, Phase, StepProgram } from './kernel.ts';

/** Bytes of a double. */
const DOUBLE = 8;

/**
 * Bytes a step must move per node when it runs phase by phase: every field on all nodes that a phase reads or writes,
 * once; fields of x alone count as nothing. A lower bound, reached when neighbours stay in cache.
 */
export function trafficOf({ phases }: StepProgram): number {
  return DOUBLE * phases.reduce((sum, phase) => sum + fieldsMoved(phase), 0);
}

function fieldsMoved(phase: Phase): number {
  switch (phase.kind) {
    case 'sweep': {
      const viscosity = phase.differencing.kind === 'central' ? phase.differencing.viscosity.length : 0;
      return 1 + distinct([phase.add, phase.value]) + coefficients(phase.minimum) + viscosity;
    }
    case 'average':
      return 1 + coefficients(phase.minimum);
    case 'solve':
      // There and back: right, share → T; T, killed → w.
      return 6;
    case 'solve-plane':
      // The inverses, shape[0] entries a node, there and back; right → t; t, a rate → t; t → w.
      return 2 * phase.shape[0] + 9;
    case 'generator':
      return 1 + distinct([phase.add, phase.value, phase.up, phase.down]);
    case 'combine':
      return 1 + distinct(phase.terms.map(({ field }) => field));
    case 'filter':
      return 3;
  }
}

function coefficients({ candidates }: Minimum): number {
  return candidates.reduce((sum, { rates, cost }) => sum + rates.length + (cost === null ? 0 : 1), 0);
}

function distinct(slots: readonly number[]): number {
  return new Set(slots).size;
}
