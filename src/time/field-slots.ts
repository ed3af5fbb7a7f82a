/** Numbering the fields of a time step: the two discrete operators become slots of a step program. */

import type { SlowHamiltonian } from '../control/slow-hamiltonian.ts';
import type { Differencing, FastLines, Minimum, NoiseSlots } from '../differencing/differencing.ts';
import { noiseReach } from '../differencing/second-difference.ts';
import type { FastOperator } from '../generator/fast-operator-parts.ts';
import type { Allocate } from '../grid/allocate.ts';
import type { Grid } from '../grid/grid.ts';
import type { Phase, StepProgram } from '../kernel/kernel.ts';
import { minimumSlots } from './minimum-slots.ts';
import { armIn } from './noise-arms.ts';
import type { SampledSource } from './source.ts';

/** The two operators on their grids, and where their working fields come from. */
export interface Discretisation {
  readonly grid: Grid;
  readonly slow: SlowHamiltonian;
  readonly fast: FastOperator;
  readonly allocate: Allocate;
  /** λ, per unit of time. */
  readonly discount: number;
  /** The source on slow × fast nodes; null where the problem has none. */
  readonly source: SampledSource | null;
}

export interface DirectionSlots {
  readonly up: number;
  readonly down: number;
  readonly lines?: FastLines;
}

export interface FieldSlots {
  add(field: Float64Array): number;
  /** A field of zeros on all nodes. */
  work(): number;
  /** A field of x alone, zeros without `start`. */
  slowField(start?: Float64Array): number;
  /** The field that is `start` at every y. */
  value(start: Float64Array): number;
  minimum(): Minimum;
  /** The noise of x in a sweep of a step of length dt; {} without. */
  noise(differencing: Pick<Differencing, 'kind'>, dt: number): { readonly noise?: NoiseSlots };
  /** The fast axes that the controls move along, in a moving frame. */
  moved(): { readonly across?: readonly FastLines[] };
  /** The rates of every fast axis with its lines. */
  rates(): readonly DirectionSlots[];
  program(value: number, next: number, phases: readonly Phase[]): StepProgram;
}

export function fieldSlots({ grid, slow, fast, allocate }: Discretisation): FieldSlots {
  const buffers: Float64Array[] = [];
  const add = (field: Float64Array) => buffers.push(field) - 1;
  const speeds = () => {
    const field = allocate(slow.slowNodes * slow.fastNodes);
    slow.used.speeds(field, 0);
    return field;
  };
  const places = new Map<Float64Array, number>();
  /** The slot of a field that several sweeps read. */
  const shared = (field: Float64Array) => {
    const slot = places.get(field) ?? add(field);
    places.set(field, slot);
    return slot;
  };
  const work = () => add(allocate(fast.lanes * fast.nodes));
  return {
    add,
    work,
    slowField(start) {
      const slot = add(allocate(fast.lanes));
      if (start !== undefined) buffers[slot].set(start);
      return slot;
    },
    value(start) {
      const slot = work();
      for (let k = 0; k < buffers[slot].length; k += start.length) buffers[slot].set(start, k);
      return slot;
    },
    minimum: () => ({ ...minimumSlots(slow, add), speeds: slow.longFeet === 'exact' ? null : add(speeds()) }),
    noise(differencing, dt) {
      if (slow.noise === null) return {};
      const noise = slow.noise.as(differencing.kind.crossTerms);
      const { directions, columns } = noise;
      if (columns !== null) {
        const slots = columns.map((column) => column.map((field) => (field === null ? null : shared(field))));
        const arm = armIn(dt, noise, grid, fast.stationary());
        return { noise: { directions: [], steady: null, reach: [], columns: { slots, arm } } };
      }
      const steady = noise.steady?.map(shared) ?? null;
      const reach = noiseReach(noise, differencing, grid, { fastNodes: fast.nodes, dt });
      return { noise: { directions, steady, reach } };
    },
    moved: () => {
      if (slow.movedAxes === slow.slowDimension) return {};
      return { across: fast.directions.map(({ nodes, stride }) => ({ nodes, stride })) };
    },
    rates: () =>
      fast.directions.map(({ up, down, nodes, stride, alike }) => ({
        up: add(up),
        down: add(down),
        ...(fast.directions.length > 1 && { lines: { nodes, stride, alike } }),
      })),
    program: (value, next, phases) => ({ slow: grid, fastNodes: fast.nodes, buffers, phases, value, next }),
  };
}
