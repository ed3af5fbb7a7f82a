/**
 * A step program as a composition of operators that can be probed one by one. A composition of monotone maps is
 * monotone, so IMEX Euler is certified as its sweep, whose stencil is short, and its resolvent, which is linear.
 */

import type { Kernel, Phase, StepProgram } from '../kernel/kernel.ts';

/** A map of one field to another. */
export type FieldMap = (V: Float64Array) => Promise<Float64Array>;

/** How far a value acts in a step: cells along each slow axis; rows (fast nodes) in y, or all of them. */
export interface Reach {
  readonly slow: readonly number[];
  readonly fast: number | 'line';
}

export interface Operator {
  /** Takes the slot `value` to the slot `next`. */
  readonly program: StepProgram;
  readonly reach: Reach;
  /** A solve in y alone: the same at every V. */
  readonly linear: boolean;
}

/** The program cut after every phase behind which one field alone carries what came before. */
export function operatorsOf(program: StepProgram): Operator[] {
  const { phases } = program;
  const needed = neededAfter(program);
  const operators: Operator[] = [];
  let changed = new Set([program.value]);
  let [first, input] = [0, program.value];
  for (let i = 0; i < phases.length; i++) {
    changed = new Set([...changed, phases[i].out]);
    const carried = [...needed[i]].filter((slot) => changed.has(slot));
    if (carried.length !== 1) continue;
    const part = { ...program, phases: phases.slice(first, i + 1), value: input, next: carried[0] };
    operators.push({ program: part, reach: reachOf(part), linear: part.phases.every(isSolve) });
    [first, input, changed] = [i + 1, carried[0], new Set(carried)];
  }
  return operators;
}

/** The phases that fill `slot` before phase `end` reads it, as a program of their own. */
export function sliceTo(program: StepProgram, slot: number, end: number): StepProgram {
  const needed = new Set([slot]);
  const phases: Phase[] = [];
  for (let i = end - 1; i >= 0; i--) {
    const phase = program.phases[i];
    if (!needed.has(phase.out)) continue;
    needed.delete(phase.out);
    for (const read of readBy(phase)) needed.add(read);
    phases.unshift(phase);
  }
  return { ...program, phases, next: slot };
}

/** What `use` makes of the first step of the program on a kernel, from any V, as it would run; it is loaded once. */
export async function withStep<Found>(
  kernel: Kernel,
  program: StepProgram,
  use: (map: FieldMap) => Promise<Found>,
): Promise<Found> {
  const session = kernel.open();
  try {
    // The kernel may change the buffers of a program.
    const buffers = program.buffers.map((buffer, slot) => (slot === program.value ? buffer.slice() : buffer));
    const loaded = await session.load({ ...program, buffers });
    return await use(async (V) => {
      loaded.restart(V);
      await loaded.advance(1);
      return loaded.read();
    });
  } finally {
    session.close();
  }
}

/** One step alone. */
export function stepOn(kernel: Kernel, program: StepProgram): FieldMap {
  return (V) => withStep(kernel, program, (map) => map(V));
}

/** Per phase the slots that something after it reads. */
function neededAfter({ phases, next }: StepProgram): Set<number>[] {
  const after: Set<number>[] = [];
  let needed = new Set([next]);
  for (let i = phases.length - 1; i >= 0; i--) {
    after[i] = needed;
    needed = new Set([...needed].filter((slot) => slot !== phases[i].out).concat(readBy(phases[i])));
  }
  return after;
}

/** The fields that depend on V among those a phase reads. */
function readBy(phase: Phase): number[] {
  switch (phase.kind) {
    case 'solve':
    case 'solve-plane':
      return [phase.right];
    case 'combine':
      return phase.terms.map(({ field }) => field);
    case 'filter':
      return [phase.accurate, phase.monotone];
    default:
      return [phase.add, phase.value];
  }
}

function reachOf(program: StepProgram): Reach {
  const at = new Map<number, Reach>([[program.value, { slow: program.slow.shape.map(() => 0), fast: 0 }]]);
  for (const phase of program.phases) {
    const reaches = readBy(phase).flatMap((slot) => {
      const reach = at.get(slot);
      if (reach === undefined) return [];
      return [isMoved(phase, slot) ? sum(reach, ownReach(phase, program)) : reach];
    });
    at.set(phase.out, reaches.reduce(union));
  }
  return at.get(program.next) as Reach;
}

/** Whether a phase reads neighbours in a slot, not the node alone. */
function isMoved(phase: Phase, slot: number): boolean {
  return isSolve(phase) || ('value' in phase && phase.value === slot);
}

function isSolve({ kind }: Phase): boolean {
  return kind === 'solve' || kind === 'solve-plane';
}

function ownReach(phase: Phase, program: StepProgram): Reach {
  const still = program.slow.shape.map(() => 0);
  if (isSolve(phase)) return { slow: still, fast: 'line' };
  if (phase.kind === 'generator') return { slow: still, fast: phase.lines?.stride ?? 1 };
  if (phase.kind !== 'sweep' && phase.kind !== 'average') return { slow: still, fast: 0 };
  const { kind } = phase.differencing;
  const across = phase.kind === 'sweep' ? (phase.across ?? []) : [];
  const n = program.slow.shape.length;
  const { candidates, families, speeds } = phase.minimum;
  const used = speeds === null || kind.feet === 'never' ? 0 : largest(program.buffers[speeds]);
  const reach = (axis: number, nodes: number) => {
    // How far the controls of a family move is not known before.
    if (families.length > 0 && kind.feet !== 'never' && n + across.length === 1) return nodes - 1;
    const fastest = Math.max(used, ...candidates.map(({ rates }) => largest(program.buffers[rates[axis]])));
    // Second differences near an end are those of inner nodes.
    const along = phase.noise?.reach.filter((_, d) => phase.noise?.directions[d][axis] !== 0) ?? [];
    const spread = 2 * Math.ceil(Math.max(0, ...along.map(largest)));
    const { slots, arm } = phase.noise?.columns ?? { slots: [], arm: 0 };
    const entries = slots.map((column) => (column[axis] == null ? 0 : largest(program.buffers[column[axis]])));
    const arms = Math.ceil(arm * Math.max(0, ...entries)) + 1;
    return Math.min(Math.max(spread, arms, kind.reach(Number.isFinite(fastest) ? phase.foot * fastest : 0)), nodes - 1);
  };
  const cells = program.slow.shape.map((nodes, axis) => reach(axis, nodes));
  return { slow: cells, fast: Math.max(0, ...across.map(({ nodes, stride }, a) => reach(n + a, nodes) * stride)) };
}

/** max |value|. */
function largest(field: Float64Array): number {
  return field.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function sum(a: Reach, b: Reach): Reach {
  const fast = a.fast === 'line' || b.fast === 'line' ? 'line' : a.fast + b.fast;
  return { slow: a.slow.map((cells, axis) => cells + b.slow[axis]), fast };
}

function union(a: Reach, b: Reach): Reach {
  const fast = a.fast === 'line' || b.fast === 'line' ? 'line' : Math.max(a.fast, b.fast);
  return { slow: a.slow.map((cells, axis) => Math.max(cells, b.slow[axis])), fast };
}
