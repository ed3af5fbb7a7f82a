/**
 * IMEX Euler as one pass over memory per step: where a program is a sweep with one moving candidate without cost,
 * n = 1, followed by a line solve, its fields are laid out for the loop of assembly/imex.ts.
 */
import { upwind } from '../../differencing/upwind.ts';
import { eliminateResolvent } from '../../linalg/tridiagonal.ts';
import type { Phase, StepProgram } from '../kernel.ts';
import { type FieldMemory, writeWords } from './memory.ts';
import { farthest, type Line, reachOf } from './reach.ts';

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
  const whole = solve.lines === undefined && sweep.noise === undefined;
  const { families, formulas } = sweep.minimum;
  const listed = families.length + formulas.length === 0;
  return inPlace && single && byUpwind && whole && listed && slow.shape.length === 1 ? { sweep, solve } : null;
}

/** Blocks of lanes, one per thread. */
export interface Block {
  readonly first: number;
  readonly last: number;
}

/**
 * Eliminates in both orders and writes the descriptor for every block; null, with nothing changed, where a foot reaches
 * over a whole block. The field of V holds everything a step carries over: `next` and the rates give their place to
 * factors and weights.
 */
export function planImex(
  fields: FieldMemory,
  program: StepProgram,
  step: ImexStep,
  slots: readonly Float64Array[],
  blocks: readonly Block[],
): number[] | null {
  const lanes = program.slow.size;
  const nodes = program.fastNodes;
  const rate = slots[step.sweep.minimum.candidates[0].rates[0]];
  const line = { lanes, foot: step.sweep.foot, leaves: (k: number, side: number) => rate[k] * side > 0 };
  const halo = farthest(rate, line);
  if (blocks.length > 1 && blocks.some(({ first, last }) => last - first < halo)) return null;
  const [up, down] = [slots[step.solve.up], slots[step.solve.down]];
  const rates = { lanes, nodes, up, down };
  const upward = { share: slots[program.next], killed: fields.reserve(lanes * nodes) };
  const downward = { share: up, killed: down };
  eliminateResolvent(rates, step.solve.killing, { order: 'upward', into: upward });
  eliminateResolvent(rates, step.solve.killing, { order: 'downward', into: downward });
  const runs = turnRates(fields, rate, line);
  // A single block has no neighbours.
  const columns = blocks.length > 1 ? 2 * nodes * halo : 0;
  const edges = blocks.map(() => [fields.reserve(columns), fields.reserve(columns)]);
  const { canRest, edges: between } = step.sweep.minimum;
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
      canRest ? (between.length > 0 ? 2 : 1) : 0,
      halo,
    ]),
  );
}

/**
 * Turns rates φ/dx into the weights of reachOf and lists the runs of equal reach: first the words at which the runs of
 * each row start, then per run the lane at which it ends and its reach.
 */
function turnRates(fields: FieldMemory, rate: Float64Array, line: Line): Float64Array {
  const { lanes } = line;
  const rows = rate.length / lanes;
  const starts = new Int32Array(rows);
  const runs: number[] = [];
  const row = new Float64Array(lanes);
  for (let j = 0; j < rows; j++) {
    starts[j] = rows + runs.length;
    let before = 0;
    for (let i = 0; i < lanes; i++) {
      const { reach, weight } = reachOf(rate[j * lanes + i], j * lanes + i, line);
      if (reach !== before && i > 0) runs.push(i, before);
      before = reach;
      row[i] = weight;
    }
    runs.push(lanes, before);
    rate.set(row, j * lanes);
  }
  const words = fields.reserve(Math.ceil((rows + runs.length) / 2));
  const list = new Int32Array(fields.memory.buffer, words.byteOffset, rows + runs.length);
  list.set(starts);
  list.set(runs, rows);
  return words;
}
