/** The phases in plain TypeScript: the oracle against which every other kernel is tested, and the readable version. */
import { addColumns } from '../../differencing/noise-columns.ts';
import { addNoise } from '../../differencing/second-difference.ts';
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
  let { taken: done = 0 } = program;
  return {
    threads: 1,
    bytesPerNode: trafficOf(program),
    restart(value) {
      slots[program.value].set(value);
      done = program.taken ?? 0;
    },
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

function runPhase<Kind extends Phase['kind']>(phase: Of<Kind>, work: Work): void {
  (runs[phase.kind] as Runs[Kind])(phase, work);
}

type Of<Kind> = Extract<Phase, { kind: Kind }>;
type Runs = { readonly [Kind in Phase['kind']]: (phase: Of<Kind>, work: Work) => void };

const runs: Runs = {
  sweep(phase, { slow, slots, row, fastNodes }) {
    const { kind } = phase.differencing;
    const all = { ...phase, slow, slots };
    const [out, add, V] = [phase.out, phase.add, phase.value].map((slot) => slots[slot]);
    for (let k0 = 0; k0 < slow.size * fastNodes; k0 += slow.size) {
      const start = { node: k0, value: k0 };
      kind.increments(row, all, V, start);
      addNoise(row, all, V, start);
      addColumns(row, all, V, start);
      kind.dissipate?.(row, all, V, start);
      for (let s = 0; s < slow.size; s++) out[k0 + s] = add[k0 + s] + row[s];
    }
  },
  average(phase, { slow, slots, row, fastNodes }) {
    const { kind } = phase.differencing;
    const all = { ...phase, slow, slots };
    const [out, add, v, weights] = [phase.out, phase.add, phase.value, phase.weights].map((slot) => slots[slot]);
    const total = new Float64Array(slow.size);
    for (let k0 = 0; k0 < slow.size * fastNodes; k0 += slow.size) {
      kind.increments(row, all, v, { node: k0, value: 0 });
      addNoise(row, all, v, { node: k0, value: 0 });
      addColumns(row, all, v, { node: k0, value: 0 });
      for (let s = 0; s < slow.size; s++) total[s] += weights[k0 + s] * row[s];
    }
    kind.dissipate?.(total, all, v, { node: 0, value: 0 });
    for (let s = 0; s < slow.size; s++) out[s] = add[s] + total[s];
  },
  combine(phase, { slots }) {
    const out = slots[phase.out];
    const fields = phase.terms.map(({ field, factor }) => [slots[field], factor] as const);
    for (let k = 0; k < out.length; k++) out[k] = fields.reduce((sum, [field, factor]) => sum + factor * field[k], 0);
  },
  filter({ reach, floor, ...phase }, { slots, slow }) {
    const [out, fallen] = [slots[phase.out], slots[phase.fallen]];
    const [accurate, monotone] = [slots[phase.accurate], slots[phase.monotone]];
    for (let k = 0; k < out.length; k++) {
      const kept = Math.abs(accurate[k] - monotone[k]) <= reach && accurate[k] >= floor;
      out[k] = kept ? accurate[k] : monotone[k];
      if (!kept) fallen[k % slow.size]++;
    }
  },
  solve(phase, work) {
    for (const [b, block] of lineBlocks(work, phase.lines).entries()) {
      const [out, right] = [phase.out, phase.right].map((slot) => blockOf(work.slots[slot], block));
      applyResolvent(out, (work.factors.get(phase) as ResolventFactors[])[b], right);
    }
  },
  'solve-plane'(phase, work) {
    const { out, right, killing } = phase;
    const inverses = work.planes.get(phase) as Float64Array;
    const rates = planeRates(phase, work, work.slots);
    solvePlanes(work.slots[out], { rates, inverses, killing }, work.slots[right]);
  },
  generator(phase, work) {
    const [out, add, w] = [phase.out, phase.add, phase.value].map((slot) => work.slots[slot]);
    const [up, down] = [work.slots[phase.up], work.slots[phase.down]];
    for (const { offset, lanes, nodes } of lineBlocks(work, phase.lines)) {
      const end = offset + lanes * nodes;
      for (let k = offset; k < end; k++) {
        const rising = k < end - lanes ? up[k] * (w[k + lanes] - w[k]) : 0;
        const falling = k >= offset + lanes ? down[k] * (w[k - lanes] - w[k]) : 0;
        out[k] = add[k] + phase.factor * (rising + falling);
      }
    }
  },
};
