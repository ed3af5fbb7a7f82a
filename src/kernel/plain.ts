/** The phases in plain TypeScript: the oracle against which every other kernel is tested, and the readable version. */
import type { Grid } from '../grid/grid.ts';
import { applyResolvent, eliminateResolvent, type ResolventFactors } from '../linalg/tridiagonal.ts';
import type { Breakdown, Kernel, LoadedProgram, Minimum, Phase, Session, StepProgram } from './kernel.ts';

/** A kernel without WebAssembly and without threads. */
export function plainKernel(): Kernel {
  return { backend: 'js', threads: 1, open: openPlain, close: async () => {} };
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
    close() {},
  };
}

function loadPlain(program: StepProgram): LoadedProgram {
  const slots = [...program.buffers];
  const factors = new Map(program.phases.map((phase) => [phase, factorsOf(phase, program, slots)]));
  const work = {
    ...program,
    slots,
    factors,
    row: new Float64Array(program.slow.size),
    trial: new Float64Array(program.slow.size),
  };
  let done = 0;
  return {
    threads: 1,
    read: async () => slots[program.value].slice(),
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
  readonly factors: ReadonlyMap<Phase, ResolventFactors | null>;
  readonly row: Float64Array;
  readonly trial: Float64Array;
}

function factorsOf(phase: Phase, program: StepProgram, slots: readonly Float64Array[]): ResolventFactors | null {
  if (phase.kind !== 'solve') return null;
  const rates = { lanes: program.slow.size, nodes: program.fastNodes, up: slots[phase.up], down: slots[phase.down] };
  return eliminateResolvent(rates, phase.killing);
}

function runPhase(phase: Phase, work: Work): void {
  const { slots, row } = work;
  const lanes = work.slow.size;
  const size = lanes * work.fastNodes;
  const out = slots[phase.out];
  switch (phase.kind) {
    case 'sweep': {
      const V = slots[phase.value];
      for (let k0 = 0; k0 < size; k0 += lanes) {
        minimumOverControls(row, work, phase.minimum, V, { node: k0, value: k0 });
        for (let s = 0; s < lanes; s++) out[k0 + s] = V[k0 + s] + phase.dt * row[s];
      }
      return;
    }
    case 'average': {
      const v = slots[phase.value];
      const weights = slots[phase.weights];
      out.fill(0);
      for (let k0 = 0; k0 < size; k0 += lanes) {
        minimumOverControls(row, work, phase.minimum, v, { node: k0, value: 0 });
        for (let s = 0; s < lanes; s++) out[s] += weights[k0 + s] * row[s];
      }
      for (let s = 0; s < lanes; s++) out[s] = v[s] + phase.dt * out[s];
      return;
    }
    case 'solve':
      applyResolvent(out, work.factors.get(phase) as ResolventFactors, slots[phase.right]);
      return;
    case 'generator': {
      const [add, w, up, down] = [phase.add, phase.value, phase.up, phase.down].map((slot) => slots[slot]);
      for (let k = 0; k < size; k++) {
        const rising = k < size - lanes ? up[k] * (w[k + lanes] - w[k]) : 0;
        const falling = k >= lanes ? down[k] * (w[k - lanes] - w[k]) : 0;
        out[k] = add[k] + phase.factor * (rising + falling);
      }
    }
  }
}

/** Where a row of slow nodes starts: in the coefficient arrays, and in V. */
interface RowStart {
  readonly node: number;
  readonly value: number;
}

/** row(s) = min over the candidates of Σ_i r_i⁺ δ_i⁺V + r_i⁻ δ_i⁻V + ℓ along one row of slow nodes. */
function minimumOverControls(row: Float64Array, work: Work, minimum: Minimum, V: Float64Array, start: RowStart): void {
  const { slow, slots, trial } = work;
  const { candidates, canRest } = minimum;
  if (candidates.length === 0) row.fill(0);
  for (let c = 0; c < candidates.length; c++) {
    const { rates, cost } = candidates[c];
    const target = c === 0 ? row : trial;
    if (cost === null) target.fill(0);
    else target.set(slots[cost].subarray(start.node, start.node + slow.size));
    for (let axis = 0; axis < rates.length; axis++) addUpwind(target, slow, axis, slots[rates[axis]], V, start);
    if (c > 0) for (let s = 0; s < slow.size; s++) row[s] = Math.min(row[s], trial[s]);
  }
  if (canRest) for (let s = 0; s < slow.size; s++) row[s] = Math.min(row[s], 0);
}

/** target += r⁺(V_{s+1} − V_s) + r⁻(V_s − V_{s−1}) along one slow axis, the interior difference at both ends. */
function addUpwind(
  target: Float64Array,
  slow: Grid,
  axis: number,
  rate: Float64Array,
  V: Float64Array,
  start: RowStart,
): void {
  const k0 = start.node;
  const v0 = start.value;
  const stride = slow.strides[axis];
  const block = stride * slow.shape[axis];
  for (let first = 0; first < slow.size; first += block) {
    const last = first + block - stride;
    for (let s = first; s < first + stride; s++) target[s] += rate[k0 + s] * (V[v0 + s + stride] - V[v0 + s]);
    for (let s = first + stride; s < last; s++) {
      const r = rate[k0 + s];
      const v = V[v0 + s];
      target[s] += r > 0 ? r * (V[v0 + s + stride] - v) : r * (v - V[v0 + s - stride]);
    }
    for (let s = last; s < last + stride; s++) target[s] += rate[k0 + s] * (V[v0 + s] - V[v0 + s - stride]);
  }
}
