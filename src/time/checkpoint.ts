/** The state of a march, kept so that another run goes on from it: bit for bit as one that was never stopped. */
import type { Range } from '../control/ranges.ts';
import { InputError } from '../input/input-error.ts';
import type { Phase, StepProgram } from '../kernel/kernel.ts';

/** A value on the way to τ = T, on the same nodes. */
export interface Snapshot {
  /** Time to go, in (0, T]. */
  readonly tau: number;
  /** values[k] at node k of the grid of the solution. */
  readonly values: Float64Array;
}

/** All that the steps to come depend on beside the problem and its options: plain data. */
export interface MarchState {
  /** Steps done, of how many. */
  readonly step: number;
  readonly steps: number;
  /** Solves before this one that were too steep for their steps, and the differences it is made for. */
  readonly repeats: number;
  readonly differences: readonly Range[];
  /** The fields that a step takes from the one before, the value first. */
  readonly fields: readonly Float64Array[];
  /** Values kept on the way. */
  readonly history: readonly Snapshot[];
  /** Of steps that are solved by policy iteration, else null. */
  readonly policies: PolicyTotals | null;
}

/** Policies and sweeps over all steps done, with the largest of what a step left, relative to max|V|. */
export interface PolicyTotals {
  readonly policies: number;
  readonly mostPolicies: number;
  readonly sweeps: number;
  readonly mostSweeps: number;
  readonly residual: number;
  readonly update: number;
}

/** Where the state of a solve is kept. One belongs to one problem with its options: whoever lends it sees to that. */
export interface Checkpoint {
  /** Seconds of the clock of the run between two states; without a clock only a cancelled run is kept. */
  readonly every: number;
  /** The state kept last, null for none. Asked once, before the first step. */
  load(): Promise<MarchState | null>;
  /** Called between two steps, which wait for it. The arrays are copies. */
  save(state: MarchState): Promise<void>;
}

/** Keeps states of a march. */
export interface Keeper {
  /** After these steps: where it is time. */
  passed(step: number): Promise<void>;
  /** The march ends here. */
  cancelled(step: number): Promise<void>;
}

/** The keeper of a checkpoint, by a clock in seconds; without a checkpoint one that keeps nothing. */
export function keeperOf(
  checkpoint: Checkpoint | undefined,
  clock: (() => number) | undefined,
  stateAt: (step: number) => Promise<MarchState>,
): Keeper {
  if (checkpoint === undefined) return { passed: async () => {}, cancelled: async () => {} };
  let last = clock?.() ?? 0;
  const cancelled = async (step: number) => checkpoint.save(await stateAt(step));
  return {
    cancelled,
    async passed(step) {
      if (clock === undefined || clock() - last < checkpoint.every) return;
      await cancelled(step);
      last = clock();
    },
  };
}

/** The slots that a step takes from the one before: read before it writes them; the value first. */
export function carriedSlots({ phases, value }: StepProgram): number[] {
  const written = new Set(phases.flatMap(writesOf));
  const fresh = new Set<number>();
  const carried = new Set([value]);
  for (const phase of phases) {
    for (const slot of readsOf(phase)) if (written.has(slot) && !fresh.has(slot)) carried.add(slot);
    for (const slot of writesOf(phase)) fresh.add(slot);
  }
  return [...carried];
}

function writesOf(phase: Phase): number[] {
  return phase.kind === 'filter' ? [phase.out, phase.fallen] : [phase.out];
}

function readsOf(phase: Phase): number[] {
  switch (phase.kind) {
    case 'sweep':
    case 'average':
    case 'generator':
      return [phase.add, phase.value];
    case 'solve':
    case 'solve-plane':
      return [phase.right];
    case 'combine':
      return phase.terms.map(({ field }) => field);
    case 'filter':
      return [phase.accurate, phase.monotone, phase.fallen];
  }
}

/** The program of a march that goes on from a state, whose fields it writes into the buffers. Throws InputError. */
export function goingOn(program: StepProgram, carried: readonly number[], state: MarchState): StepProgram {
  const fields = carried.map((slot) => program.buffers[slot]);
  restore(fields, state);
  return { ...program, taken: state.step };
}

/** Writes the fields of a state into those of a march. Throws InputError where they are of another size. */
export function restore(fields: readonly Float64Array[], state: MarchState): void {
  const fits = fields.length === state.fields.length && fields.every((f, k) => f.length === state.fields[k].length);
  if (!fits) throw ofAnotherSolve('its fields have other sizes');
  fields.forEach((field, k) => {
    field.set(state.fields[k]);
  });
}

/** A state that cannot be one of this solve. */
export function ofAnotherSolve(fact: string): InputError {
  return new InputError(
    'the checkpoint is that of another solve',
    fact,
    'lend every problem with its options a checkpoint of its own',
  );
}
