/** A step program as calls of the compiled loops, phase by phase: for schemes that have no loop of their own. */
import { eliminateResolvent } from '../linalg/tridiagonal.ts';
import type { Minimum, Phase, StepProgram } from './kernel.ts';
import type { FieldMemory } from './wasm-memory.ts';

/** One call: a loop, the slots of its fields, and whether all threads must have finished the call before. */
export interface Call {
  readonly kind: Phase['kind'];
  readonly barrier: boolean;
  readonly slots: readonly number[];
  /** Address of the candidate list, or 0. */
  readonly list: number;
  readonly factor: number;
}

/** The calls of one step. New fields (factors of line solves) are added to `slots`. */
export function planCalls(fields: FieldMemory, program: StepProgram, slots: Float64Array[]): Call[] {
  const written = new Set<number>();
  const factors = resolventFactors(fields, program, slots);
  const lists = new Map<Minimum, number>();
  const listOf = (minimum: Minimum): number => {
    const known = lists.get(minimum) ?? candidateList(fields, program, minimum, slots);
    lists.set(minimum, known);
    return known;
  };
  return program.phases.map((phase) => {
    const reads = phase.kind === 'sweep' || phase.kind === 'average' ? phase.value : null;
    const barrier = reads !== null && written.has(reads);
    written.add(phase.out);
    const list = 'minimum' in phase ? listOf(phase.minimum) : 0;
    const used = phase.kind === 'solve' ? [phase.out, phase.right, ...factors(phase)] : fieldsOf(phase);
    return { kind: phase.kind, barrier, slots: used, list, factor: factorOf(phase) };
  });
}

/** The slots of a phase in the order in which its loop takes them. */
function fieldsOf(phase: Exclude<Phase, Solve>): number[] {
  if (phase.kind === 'sweep') return [phase.out, phase.value];
  if (phase.kind === 'average') return [phase.out, phase.value, phase.weights];
  return [phase.out, phase.add, phase.value, phase.up, phase.down];
}

function factorOf(phase: Phase): number {
  if (phase.kind === 'solve') return 0;
  return phase.kind === 'generator' ? phase.factor : phase.dt;
}

type Solve = Extract<Phase, { kind: 'solve' }>;

/**
 * Eliminates the line systems once for each 1/κ; returns the slots of the factors of a phase. The last elimination
 * takes the place of the rates, unless a `generator` phase still needs them.
 */
function resolventFactors(
  fields: FieldMemory,
  program: StepProgram,
  slots: Float64Array[],
): (phase: Solve) => readonly number[] {
  const solves = program.phases.filter((phase) => phase.kind === 'solve');
  const keyOf = ({ up, down, killing }: Solve) => `${up} ${down} ${killing}`;
  const systems = [...new Map(solves.map((phase) => [keyOf(phase), phase])).entries()];
  const known = new Map<string, readonly number[]>();
  for (const [k, [key, { up, down, killing }]] of systems.entries()) {
    const rates = { lanes: program.slow.size, nodes: program.fastNodes, up: slots[up], down: slots[down] };
    const needed =
      systems.slice(k + 1).some(([, later]) => later.up === up || later.down === down) ||
      program.phases.some((phase) => phase.kind === 'generator' && (phase.up === up || phase.down === down));
    const fresh = () => slots.push(fields.reserve(rates.up.length)) - 1;
    const [share, killed] = needed ? [fresh(), fresh()] : [down, up];
    eliminateResolvent(rates, killing, { into: { share: slots[share], killed: slots[killed] } });
    known.set(key, [share, killed]);
  }
  return (phase) => known.get(keyOf(phase)) as readonly number[];
}

/** Writes the candidate list that `minimum` of the assembly reads; returns its address. */
function candidateList(
  fields: FieldMemory,
  program: StepProgram,
  minimum: Minimum,
  slots: readonly Float64Array[],
): number {
  const { shape } = program.slow;
  const words = [shape.length, shape[0], shape[1] ?? 1, minimum.candidates.length, minimum.canRest ? 1 : 0];
  for (const { rates, cost } of minimum.candidates) {
    words.push(...rates.map((slot) => slots[slot].byteOffset), cost === null ? 0 : slots[cost].byteOffset);
  }
  const address = fields.reserve(Math.ceil(words.length / 2)).byteOffset;
  new Uint32Array(fields.memory.buffer, address, words.length).set(words);
  return address;
}
