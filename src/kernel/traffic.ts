import type { Sweep } from '../differencing/differencing.ts';
import { factorLanes } from '../linalg/plane-elimination.ts';
import { type Phase, planeRates, type StepProgram } from './kernel.ts';

/** Bytes of a double. */
const DOUBLE = 8;

/**
 * Bytes a step must move per node when it runs phase by phase: every field on all nodes that a phase reads or writes,
 * once; fields of x alone count as nothing. A lower bound, reached when neighbours stay in cache.
 */
export function trafficOf(program: StepProgram): number {
  return DOUBLE * program.phases.reduce((sum, phase) => sum + fieldsMoved(phase, program), 0);
}

function fieldsMoved(phase: Phase, program: StepProgram): number {
  switch (phase.kind) {
    case 'sweep':
      return 1 + distinct([phase.add, phase.value]) + coefficients(phase) + fieldsOfSecond(phase);
    case 'average':
      return 1 + coefficients(phase) + fieldsOfNoise(phase.noise);
    case 'solve':
      // There and back: right, share → T; T, killed → w.
      return 6;
    case 'solve-plane':
      // The inverses, shape[0] entries a node unless shared, there and back; right → t; t, a rate → t; t → w.
      return (factorLanes(planeRates(phase, program, program.buffers)) === 1 ? 0 : 2 * phase.shape[0]) + 9;
    case 'generator':
      return 1 + distinct([phase.add, phase.value, phase.up, phase.down]);
    case 'combine':
      return 1 + distinct(phase.terms.map(({ field }) => field));
    case 'filter':
      return 3;
  }
}

function coefficients({ minimum }: Pick<Sweep, 'minimum'>): number {
  const fields = minimum.families.flatMap(({ rates, cost, noise = [] }) =>
    [...rates, cost, ...noise].flatMap(({ constant, slope, bend }) => [constant, ...slope, ...bend]),
  );
  const present = fields.filter((slot) => slot !== null).length;
  return minimum.candidates.reduce((sum, { rates, cost }) => sum + rates.length + (cost === null ? 0 : 1), present);
}

/** Fields of second differences. */
function fieldsOfSecond({ differencing, noise }: Sweep): number {
  return (differencing.viscosity?.length ?? 0) + fieldsOfNoise(noise);
}

function fieldsOfNoise(noise: Sweep['noise']): number {
  const entries = noise?.columns?.slots.flat().filter((slot) => slot !== null).length ?? 0;
  return entries + (noise?.steady?.length ?? 0);
}

function distinct(slots: readonly number[]): number {
  return new Set(slots).size;
}
