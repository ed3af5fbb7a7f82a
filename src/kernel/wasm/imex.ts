/**
 * IMEX Euler as one pass over memory per step: where a program is a sweep with one moving candidate without cost,
 * n = 1, followed by a line solve, its fields are laid out for the loop of assembly/imex.ts.
 */
import { upwind } from '../../differencing/upwind.ts';
import { eliminateResolvent } from '../../linalg/tridiagonal.ts';
import type { Phase, StepProgram } from '../kernel.ts';
import { type FieldMemory, writeWords } from './memory.ts';

/** Bytes the pass moves per node: T there and back, rate, killed, share. */
export const IMEX_TRAFFIC = 40;

interface ImexStep {
  readonly sweep: Extract<Phase, { kind: 'sweep' }>;
  readonly solve: Extract<Phase, { kind: 'solve' }>;
}

/** The sweep and the solve of a program that one pass can take, else null. */
export function imexStep(program: StepProgram): ImexStep | null {
  const { phases, slow, value, next } = program;
  const [sweep, solve] = phases;
  if (phases.length !== 2 || sweep.kind !== 'sweep' || solve.kind !== 'solve') return null;
  const { candidates } = sweep.minimum;
  const inPlace =
    sweep.value === value && sweep.add === value && [sweep.out, solve.right, solve.out].every((slot) => slot === next);
  const single = candidates.length === 1 && candidates[0].cost === null;
  const byUpwind = sweep.differencing.kind === upwind && sweep.across === undefined;
  const whole = solve.lines === undefined;
  const { families, formulas } = sweep.minimum;
  const short = families.length + formulas.length === 0 && !hasLongFeet(program, sweep);
  return inPlace && single && byUpwind && whole && short && slow.shape.length === 1 ? { sweep, solve } : null;
}

/** Whether a control moves farther than a cell somewhere. */
function hasLongFeet({ buffers }: StepProgram, { minimum, foot }: ImexStep['sweep']): boolean {
  return minimum.candidates.some(({ rates }) => buffers[rates[0]].some((rate) => foot * Math.abs(rate) > 1));
}

/** Blocks of lanes, one per thread. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

/**
 * Eliminates in both orders and writes the descriptor `ImexPass` of assembly/imex.ts for every block; returns their
 * addresses. The field of V holds everything a step carries over: `next` and the rates give their place to factors.
 */
export function planImex(
  fields: FieldMemory,
  program: StepProgram,
  step: ImexStep,
  slots: readonly Float64Array[],
  blocks: readonly Block[],
): number[] {
  const lanes = program.slow.size;
  const nodes = program.fastNodes;
  const [up, down] = [slots[step.solve.up], slots[step.solve.down]];
  const rates = { lanes, nodes, up, down };
  const upward = { share: slots[program.next], killed: fields.reserve(lanes * nodes) };
  const downward = { share: up, killed: down };
  eliminateResolvent(rates, step.solve.killing, { order: 'upward', into: upward });
  eliminateResolvent(rates, step.solve.killing, { order: 'downward', into: downward });
  const rate = slots[step.sweep.minimum.candidates[0].rates[0]];
  const runs = turnRates(fields, rate, lanes, step.sweep.dt);
  const edges = blocks.map(() => [fields.reserve(2 * nodes), fields.reserve(2 * nodes)]);
  return blocks.map(({ first, last }, t) =>
    writeWords(fields, [
      ...[slots[program.value], rate, runs, upward.share, upward.killed, downward.share, downward.killed],
      fields.reserve(3 * lanes),
      lanes,
      nodes,
      first,
      last,
      ...edges[t],
      edges[t - 1]?.[1] ?? 0,
      edges[t + 1]?.[0] ?? 0,
      step.sweep.minimum.canRest ? 1 : 0,
    ]),
  );
}

/**
 * Turns rates φ/dx into weights dt·φ/dx of V_{i+1} − V_i, or −dt·φ/dx of V_{i−1} − V_i where the difference is
 * backward, and lists where it turns: first the words at which the runs of each row start, then the lane at which each
 * run ends.
 * Runs are forward and backward in turn; ends of the axis take the interior difference.
 */
function turnRates(fields: FieldMemory, rate: Float64Array, lanes: number, dt: number): Float64Array {
  const rows = rate.length / lanes;
  const starts = new Uint32Array(rows);
  const ends: number[] = [];
  for (let j = 0; j < rows; j++) {
    starts[j] = rows + ends.length;
    let forward = true;
    for (let i = 0; i < lanes; i++) {
      const k = j * lanes + i;
      const ahead = i === 0 || (i < lanes - 1 && rate[k] > 0);
      if (ahead !== forward) ends.push(i);
      forward = ahead;
      rate[k] *= ahead ? dt : -dt;
    }
    ends.push(lanes);
  }
  const words = fields.reserve(Math.ceil((rows + ends.length) / 2));
  const list = new Uint32Array(fields.memory.buffer, words.byteOffset, rows + ends.length);
  list.set(starts);
  list.set(ends, rows);
  return words;
}
