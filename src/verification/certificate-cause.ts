/** The probable cause of a negative slope, read off the step program at the node. */
import { averaged } from '../control/slow-hamiltonian.ts';
import type { Phase, StepProgram } from '../kernel/kernel.ts';
import type { LeastSlope } from './certificate-probes.ts';

export interface Blame {
  readonly cause: string;
  readonly remedy: string;
}

/** A slope at a node of this program, whose Courant numbers are known; `dt` · steps = `horizon`. */
export interface Suspect {
  readonly program: StepProgram;
  readonly found: LeastSlope;
  readonly courant: Float64Array;
  readonly dt: number;
  readonly horizon: number;
}

type Moving = Extract<Phase, { kind: 'sweep' | 'average' }>;

/** What is wrong with the first suspect that fits, from the surest one on. */
export function blame(suspect: Suspect): Blame {
  const { found } = suspect;
  const whose = found.node === found.neighbour ? 'the node itself' : 'the neighbour';
  const weight = `the weight of ${whose} is ${shown(found.slope)}`;
  if (Number.isNaN(found.slope)) {
    return { cause: 'the step has no finite value there', remedy: 'check the formulas on the domain' };
  }
  return (
    fastRates(suspect) ??
    weights(suspect) ??
    cfl(suspect, weight) ??
    viscosity(suspect) ??
    diagonal(suspect, weight) ??
    upwinding(suspect, weight)
  );
}

/** dt·Σ_i|φ_i|/dx_i of the fastest candidate, or dt·Σν_i; explicit jumps in y add theirs. Largest over the phases. */
export function courantNumbers(program: StepProgram): Float64Array {
  const numbers = new Float64Array(program.buffers[program.value].length);
  for (const phase of program.phases) {
    if (phase.kind !== 'sweep' && phase.kind !== 'average') continue;
    const own = movingCourant(phase, program);
    for (let k = 0; k < numbers.length; k++) numbers[k] = Math.max(numbers[k], own[k]);
  }
  for (const phase of program.phases) {
    if (phase.kind !== 'generator') continue;
    const [up, down] = [program.buffers[phase.up], program.buffers[phase.down]];
    for (let k = 0; k < numbers.length; k++) numbers[k] += phase.factor * (up[k] + down[k]);
  }
  return numbers;
}

function movingCourant(phase: Moving, { slow, fastNodes, buffers }: StepProgram): Float64Array {
  const own = phase.differencing.kind.courant(phase, buffers, slow.size * fastNodes);
  const isFine = phase.kind === 'average' && own.length > slow.size;
  return isFine ? averaged(own, buffers[phase.weights], slow.size) : own;
}

function fastRates({ program, found }: Suspect): Blame | null {
  const lane = found.node % program.slow.size;
  for (const phase of program.phases) {
    if (phase.kind !== 'solve' && phase.kind !== 'generator') continue;
    const remedy = 'the fast generator must store rates ≥ 0 and killing > 0; this is a defect of the program';
    const onLine = (rate: number, k: number) => k % program.slow.size === lane && !(rate >= 0);
    if ([phase.up, phase.down].some((slot) => program.buffers[slot].some(onLine))) {
      return { cause: 'a jump rate in y on this line is negative', remedy };
    }
    if (phase.kind === 'solve' && !(phase.killing > 0))
      return { cause: `the killing ε/dt is ${phase.killing}`, remedy };
  }
  return null;
}

/** A neighbour that second differences of noise along a diagonal reach. */
function diagonal({ program: { phases, slow }, found }: Suspect, weight: string): Blame | null {
  const placeOf = (node: number, axis: number) => Math.floor(node / slow.strides[axis]) % slow.shape[axis];
  const away = slow.shape.map((_, axis) => placeOf(found.neighbour, axis) - placeOf(found.node, axis));
  const isAlong = ([first, second = 0]: readonly number[]) =>
    first * second !== 0 && away[0] !== 0 && first * away[1] === second * away[0];
  const directions = phases.flatMap((phase) => ('noise' in phase && phase.noise?.directions) || []);
  const along = directions.find(isAlong);
  if (along === undefined) return null;
  return {
    cause: `noise in x with cross terms: along the diagonal (${along.join(', ')}) of the cells ${weight}`,
    remedy:
      'the rates of noise must be ≥ 0 at every node, as they are where a is dominated; this is a defect of the program',
  };
}

function weights({ program }: Suspect): Blame | null {
  const remedy = 'take the scheme filtered, which stays near a monotone one, or upwind';
  const signed = (phase: Phase) => 'differencing' in phase && phase.differencing.kind.claims.monotone === 'never';
  if (program.phases.some(signed)) {
    return { cause: 'differences of high order weigh values with both signs', remedy };
  }
  const negative = program.phases.some((phase) => 'terms' in phase && phase.terms.some(({ factor }) => factor < 0));
  return negative ? { cause: 'a stage enters with a negative weight', remedy } : null;
}

function cfl({ found, courant, dt, horizon }: Suspect, weight: string): Blame | null {
  const number = courant[found.node];
  if (found.node !== found.neighbour || !(number > 1)) return null;
  const worst = courant.reduce((a, b) => Math.max(a, b), 0);
  return {
    cause: `CFL: the Courant number dt Σ|φ|/dx is ${shown(number)} > 1, so ${weight}`,
    remedy: `take at least ${Math.ceil((horizon / dt) * worst * (1 - 1e-12))} steps (dt ≤ ${shown(dt / worst)})`,
  };
}

function viscosity({ program, found }: Suspect): Blame | null {
  for (const phase of program.phases) {
    if (phase.kind !== 'sweep') continue;
    for (const [axis, slot] of (phase.differencing.viscosity ?? []).entries()) {
      const nu = program.buffers[slot][found.node];
      const speeds = phase.minimum.candidates.map(({ rates }) => Math.abs(program.buffers[rates[axis]][found.node]));
      const speed = Math.max(0, ...speeds);
      if (nu >= speed) continue;
      return {
        cause: `wrong sign or size of the viscosity: ν/dx = ${shown(nu)} is below |φ|/dx = ${shown(speed)}`,
        remedy: 'the viscosity must be at least |φ| at every node; this is a defect of the program',
      };
    }
  }
  return null;
}

function upwinding({ program, found }: Suspect, weight: string): Blame {
  if (!program.phases.some((phase) => 'differencing' in phase)) {
    return {
      cause: `the jump rates in y are ≥ 0, yet in their line solve ${weight}`,
      remedy: 'the elimination must only add, multiply and divide; this is a defect of the kernel',
    };
  }
  const rates = program.phases.flatMap((phase) =>
    'minimum' in phase && phase.kind === 'sweep'
      ? phase.minimum.candidates.map((candidate) => program.buffers[candidate.rates[0]][found.node])
      : [],
  );
  const drifts = rates.length === 0 ? '' : ` (φ/dx there: ${rates.map(shown).join(', ')})`;
  return {
    cause: `upwind sign: the difference is taken against the drift${drifts}, so ${weight}`,
    remedy: 'take forward differences where φ > 0 and backward ones where φ < 0; this is a defect of the program',
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
