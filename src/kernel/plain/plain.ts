/** The phases in plain TypeScript: the oracle against which every other kernel is tested, and the readable version. */
import { eliminatePlanes, solvePlanes } from '../../linalg/plane-elimination.ts';
import { applyResolvent, eliminateResolvent, type ResolventFactors } from '../../linalg/tridiagonal.ts';
import {
  type Breakdown,
  type Kernel,
  type LineBlock,
  type LoadedProgram,
  lineBlocks,
  type Phase,
  planeRates,
  type Session,
  type StepProgram,
} from '../kernel.ts';
import { trafficOf } from '../traffic.ts';
import { addViscosity, increments, type RowSweep } from './plain-sweep.ts';

/** A kernel without WebAssembly and without threads. */
export function plainKernel(): Kernel {
  return { kind: 'plain', backend: 'js', threads: 1, open: openPlain, close: async () => {} };
}

function openPlain(): Session {
  let bytes = 0;
  return {
    allocate(length) {
      bytes += 8 * length;
      return new Float64Array(length);
    },
    load: async (program) => loadPlain(program),
    get bytes() {
      return bytes;
    },
    free: Infinity,
    close() {},
  };
}

function loadPlain(program: StepProgram): LoadedProgram {
  const slots = [...program.buffers];
  const factors = new Map(program.phases.map((phase) => [phase, factorsOf(phase, program, slots)]));
  const planes = new Map(
    program.phases.flatMap((phase) =>
      phase.kind === 'solve-plane' ? [[phase, eliminatePlanes(planeRates(phase, program, slots), phase.killing)]] : [],
    ),
  );
  const work: Work = {
    ...program,
    slots,
    factors,
    planes,
    row: new Float64Array(program.slow.size),
  };
  let done = 0;
  return {
    threads: 1,
    bytesPerNode: trafficOf(program),
    read: async (slot = program.value) => slots[slot].slice(),
    async advance(steps): Promise<Breakdown | null> {
      for (let k = 0; k < steps; k++) {
        for (const phase of program.phases) runPhase(phase, work);
        const { value, next } = program;
        [slots[value], slots[next]] = [slots[next], slots[value]];
        done++;
        if (slots[value].some((entry) => !Number.isFinite(entry))) return { step: done };
      }
      return null;
    },
  };
}

interface Work extends StepProgram {
  readonly slots: Float64Array[];
  readonly factors: ReadonlyMap<Phase, readonly ResolventFactors[]>;
  /** The inverses of the unsplit solves. */
  readonly planes: ReadonlyMap<Phase, Float64Array>;
  readonly row: Float64Array;
}

function factorsOf(phase: Phase, program: StepProgram, slots: readonly Float64Array[]): ResolventFactors[] {
  if (phase.kind !== 'solve') return [];
  return lineBlocks(program, phase.lines).map((block) => {
    const [up, down] = [phase.up, phase.down].map((slot) => blockOf(slots[slot], block));
    return eliminateResolvent({ lanes: block.lanes, nodes: block.nodes, up, down }, phase.killing);
  });
}

function blockOf(field: Float64Array, { offset, lanes, nodes }: LineBlock): Float64Array {
  return field.subarray(offset, offset + lanes * nodes);
}

function runPhase(phase: Phase, work: Work): void {
  const { slots, row } = work;
  const lanes = work.slow.size;
  const size = lanes * work.fastNodes;
  const out = slots[phase.out];
  switch (phase.kind) {
    case 'sweep': {
      const sweep: RowSweep = { ...phase, slow: work.slow, slots };
      const [add, V] = [slots[phase.add], slots[phase.value]];
      for (let k0 = 0; k0 < size; k0 += lanes) {
        increments(row, sweep, V, { node: k0, value: k0 });
        if (phase.differencing.kind === 'central') addViscosity(row, sweep, V, { node: k0, value: k0 });
        for (let s = 0; s < lanes; s++) out[k0 + s] = add[k0 + s] + row[s];
      }
      return;
    }
    case 'average': {
      const sweep: RowSweep = { ...phase, slow: work.slow, slots };
      const [add, v, weights] = [slots[phase.add], slots[phase.value], slots[phase.weights]];
      const total = new Float64Array(lanes);
      for (let k0 = 0; k0 < size; k0 += lanes) {
        increments(row, sweep, v, { node: k0, value: 0 });
        for (let s = 0; s < lanes; s++) total[s] += weights[k0 + s] * row[s];
      }
      if (phase.differencing.kind === 'central') addViscosity(total, sweep, v, { node: 0, value: 0 });
      for (let s = 0; s < lanes; s++) out[s] = add[s] + total[s];
      return;
    }
    case 'combine': {
      const fields = phase.terms.map(({ field, factor }) => [slots[field], factor] as const);
      for (let k = 0; k < out.length; k++) out[k] = fields.reduce((sum, [field, factor]) => sum + factor * field[k], 0);
      return;
    }
    case 'filter': {
      const [accurate, monotone, fallen] = [slots[phase.accurate], slots[phase.monotone], slots[phase.fallen]];
      for (let k = 0; k < out.length; k++) {
        const kept = Math.abs(accurate[k] - monotone[k]) <= phase.reach && accurate[k] >= phase.floor;
        out[k] = kept ? accurate[k] : monotone[k];
        if (!kept) fallen[k % lanes]++;
      }
      return;
    }
    case 'solve':
      for (const [b, block] of lineBlocks(work, phase.lines).entries()) {
        const factors = (work.factors.get(phase) as ResolventFactors[])[b];
        applyResolvent(blockOf(out, block), factors, blockOf(slots[phase.right], block));
      }
      return;
    case 'solve-plane': {
      const inverses = work.planes.get(phase) as Float64Array;
      solvePlanes(out, { rates: planeRates(phase, work, slots), inverses, killing: phase.killing }, slots[phase.right]);
      return;
    }
    case 'generator': {
      const [add, w, up, down] = [phase.add, phase.value, phase.up, phase.down].map((slot) => slots[slot]);
      for (const { offset, lanes: pitch, nodes } of lineBlocks(work, phase.lines)) {
        const end = offset + pitch * nodes;
        for (let k = offset; k < end; k++) {
          const rising = k < end - pitch ? up[k] * (w[k + pitch] - w[k]) : 0;
          const falling = k >= offset + pitch ? down[k] * (w[k - pitch] - w[k]) : 0;
          out[k] = add[k] + phase.factor * (rising + falling);
        }
      }
    }
  }
}
