/** The phases of a step recorded as calls of gpu.js kernels; coefficients are uploaded once, as constants. */
import type { IKernelRunShortcut } from 'gpu.js';
import { InputError } from '../../input/input-error.ts';
import { applyResolvent, eliminateResolvent, type LineRates } from '../../linalg/tridiagonal.ts';
import type { Phase, StepProgram, Term } from '../kernel.ts';
import type { Card } from './card.ts';
import { gpuSources } from './kernel-sources.ts';

/** A field on the card while a pipeline is being recorded. */
export type Field = object;
/** Fields by slot. */
export type Fields = Map<number, Field>;

export interface Recorder {
  /** Records one phase: fields of `slots` in, the fields it writes out. */
  record(phase: Phase, slots: Fields): void;
  /** Bytes of coefficients on the card. */
  readonly bytes: number;
  destroy(): void;
}

/** Rows of lanes. */
type Rows = Float32Array[];
type Constants = Record<string, number | Rows | Rows[]>;
type Source = keyof typeof gpuSources;
type Call = (...fields: Field[]) => Field;

/** Makes the kernels of a program as they are needed. Throws InputError where coefficients do not fit the card. */
export function recorderOf(card: Card, program: StepProgram): Recorder {
  const kernels = new Map<string, IKernelRunShortcut>();
  const lanes = program.slow.size;
  let bytes = 0;
  const kernel = (key: string, body: Source, rows: number, constants: () => Constants): Call => {
    let made = kernels.get(key);
    if (made === undefined) {
      // Refused before they are made.
      if (body === 'resolvent') fitting(card, 4 * lanes * rows ** 2);
      const held = constants();
      for (const constant of Object.values(held)) {
        if (typeof constant === 'object') bytes += fitting(card, 4 * lanes * constant.flat().length);
      }
      made = card.gpu.createKernel(gpuSources[body], {
        output: [lanes, rows],
        constants: held,
        precision: 'single',
      }) as IKernelRunShortcut;
      kernels.set(key, made);
    }
    return made as unknown as Call;
  };
  const index = new Map(program.phases.map((phase, k) => [phase, k]));
  const taught = new Set<Phase>();
  return {
    record(phase, slots) {
      if (!taught.has(phase)) requireTaught(phase, program);
      taught.add(phase);
      recordPhase(phase, slots, { program, kernel, key: `${phase.kind} ${index.get(phase)}` });
    },
    get bytes() {
      return bytes;
    },
    destroy() {
      for (const made of kernels.values()) made.destroy();
    },
  };
}

interface Workshop {
  readonly program: StepProgram;
  readonly kernel: (key: string, body: Source, rows: number, constants: () => Constants) => Call;
  readonly key: string;
}

function recordPhase(phase: Phase, slots: Fields, { program, kernel, key }: Workshop): void {
  const lanes = program.slow.size;
  const rows = program.fastNodes;
  const get = (slot: number) => slots.get(slot) as Field;
  const rowsOut = program.buffers[phase.out].length / lanes;
  const add = (first: Term & { handle: Field }, second: Term & { handle: Field }, height: number): Field => {
    const factors = { first: first.factor, second: second.factor };
    const call = kernel(`combine ${height} ${first.factor} ${second.factor}`, 'combined', height, () => factors);
    return call(first.handle, second.handle);
  };
  switch (phase.kind) {
    case 'sweep': {
      const step = kernel(key, 'increment', rows, () => sweepConstants(phase, program))(get(phase.value));
      const terms = [get(phase.add), step].map((handle) => ({ field: 0, factor: 1, handle }));
      slots.set(phase.out, add(terms[0], terms[1], rows));
      return;
    }
    case 'average': {
      const step = kernel(key, 'increment', rows, () => sweepConstants(phase, program))(get(phase.value));
      const weights = () => ({ rows, weights: rowsOf(program.buffers[phase.weights], lanes) });
      slots.set(phase.out, kernel(`${key} mean`, 'averaged', 1, weights)(get(phase.add), step));
      return;
    }
    case 'solve': {
      const name = `solve ${phase.up} ${phase.down} ${phase.killing}`;
      const constants = () => ({ rows, matrices: stochasticMatrices(program, phase) });
      slots.set(phase.out, kernel(name, 'resolvent', rows, constants)(get(phase.right)));
      return;
    }
    case 'generator': {
      const constants = () => {
        const [up, down] = [phase.up, phase.down].map((slot) => rowsOf(program.buffers[slot], lanes));
        return { rows, factor: phase.factor, up, down };
      };
      slots.set(phase.out, kernel(key, 'generated', rows, constants)(get(phase.add), get(phase.value)));
      return;
    }
    case 'combine': {
      const terms = phase.terms.map((term) => ({ ...term, handle: get(term.field) }));
      const [first, second = { ...first, factor: 0 }, ...more] = terms;
      const start = add(first, second, rowsOut);
      const total = more.reduce((sum, term) => add({ field: 0, factor: 1, handle: sum }, term, rowsOut), start);
      slots.set(phase.out, total);
      return;
    }
    case 'filter': {
      const [accurate, monotone] = [get(phase.accurate), get(phase.monotone)];
      const constants = () => ({ reach: phase.reach, floor: Math.max(phase.floor, LOWEST), rows });
      const count = kernel(`${key} count`, 'fallenBack', 1, constants)(get(phase.fallen), accurate, monotone);
      slots.set(phase.out, kernel(key, 'filtered', rowsOut, constants)(accurate, monotone));
      slots.set(phase.fallen, count);
    }
  }
}

/** Throws InputError for what a card is not taught. */
function requireTaught(phase: Phase, program: StepProgram): void {
  if (phase.kind === 'solve-plane' || ('lines' in phase && phase.lines !== undefined)) throw severalFastAxes();
  if (phase.kind === 'sweep' && phase.across !== undefined) throw movingAxes();
  if ('minimum' in phase) requireShortLists(phase, program);
}

/** About the least number in single precision: shaders have no −∞. */
const LOWEST = -3e38;

function severalFastAxes(): InputError {
  return new InputError(
    'the graphics card is not taught several fast axes',
    'its resolvents are matrices of one line in y',
    'use the WebAssembly kernel',
  );
}

/** A card knows lists of controls and feet of a cell at most. */
function requireShortLists(
  phase: Extract<Phase, { kind: 'sweep' | 'average' }>,
  { slow, fastNodes, buffers }: StepProgram,
) {
  if (phase.minimum.families.length > 0) {
    throw new InputError(
      'the graphics card is not taught minima over intervals of quadratic controls',
      'its sweeps compare a list of controls',
      'use the WebAssembly kernel',
    );
  }
  if (phase.minimum.formulas.length > 0) {
    throw new InputError(
      'the graphics card is not taught minima over intervals of controls in formulas',
      'its sweeps compare a list of controls',
      'use the WebAssembly kernel',
    );
  }
  if (phase.noise !== undefined) {
    throw new InputError(
      'the graphics card is not taught noise in x',
      'its sweeps take first differences alone',
      'use the WebAssembly kernel',
    );
  }
  const { kind } = phase.differencing;
  if (kind.feet !== 'beyond-a-cell') return;
  const cells = kind.courant(phase, buffers, slow.size * fastNodes).reduce((a, b) => Math.max(a, b), 0);
  if (cells <= 1 + 1e-12) return;
  throw new InputError(
    `a control moves ${Number(cells.toPrecision(3))} cells a step; the graphics card is taught feet of one at most`,
    'its sweeps take differences between neighbours',
    `take ${Math.ceil(cells)} times as many --steps, or use the WebAssembly kernel`,
  );
}

function movingAxes(): InputError {
  return new InputError(
    'the graphics card is not taught moving frames',
    'its sweeps take differences along the slow axes alone',
    'solve in the fixed frame, or use the WebAssembly kernel',
  );
}

function sweepConstants(phase: Extract<Phase, { kind: 'sweep' | 'average' }>, program: StepProgram): Constants {
  const { slow, fastNodes, buffers } = program;
  const { minimum, differencing, dt } = phase;
  const { kind, floors = [] } = differencing;
  if (kind.card === undefined) {
    throw new InputError(
      `the graphics card is not taught ${kind.name} differences`,
      'it takes upwind and WENO differences',
      'use the WebAssembly kernel for this scheme',
    );
  }
  const lanes = slow.size;
  const zeros = new Float64Array(lanes * fastNodes);
  const { candidates } = minimum;
  // An empty array cannot be uploaded.
  const none = candidates.length === 0 ? [rowsOf(zeros, lanes)] : [];
  const rates = candidates.flatMap((candidate) => candidate.rates.map((slot) => rowsOf(buffers[slot], lanes)));
  const costs = candidates.map(({ cost }) => rowsOf(cost === null ? zeros : buffers[cost], lanes));
  return {
    axes: slow.shape.length,
    extent0: slow.shape[0],
    extent1: slow.shape[1] ?? 1,
    candidates: candidates.length,
    rest: minimum.canRest || candidates.length === 0 ? 1 : 0,
    flat: phase.kind === 'average' ? 1 : 0,
    kind: kind.card,
    floor0: floors[0] ?? 0,
    floor1: floors[1] ?? 0,
    dt,
    rates: [...rates, ...none],
    costs: [...costs, ...none],
  };
}

/** P_{jk} at every slow node, [j][k][s]: the resolvent applied to unit vectors in double precision. */
function stochasticMatrices(program: StepProgram, phase: Extract<Phase, { kind: 'solve' }>): Rows[] {
  const lanes = program.slow.size;
  const nodes = program.fastNodes;
  const rates: LineRates = { lanes, nodes, up: program.buffers[phase.up], down: program.buffers[phase.down] };
  const factors = eliminateResolvent(rates, phase.killing);
  const matrices = Array.from({ length: nodes }, (): Rows => []);
  const unit = new Float64Array(lanes * nodes);
  const column = new Float64Array(lanes * nodes);
  for (let k = 0; k < nodes; k++) {
    unit.fill(0).fill(1, k * lanes, (k + 1) * lanes);
    applyResolvent(column, factors, unit);
    rowsOf(column, lanes).forEach((row, j) => {
      matrices[j].push(row);
    });
  }
  return matrices;
}

/** A field as its rows in single precision. */
export function rowsOf(field: Float64Array, lanes: number): Rows {
  const rows = field.length / lanes;
  return Array.from({ length: rows }, (_, j) => new Float32Array(field.subarray(j * lanes, (j + 1) * lanes)));
}

function fitting(card: Card, bytes: number): number {
  if (bytes <= card.largest) return bytes;
  const mib = (count: number) => `${Math.ceil(count / 2 ** 20)} MiB`;
  throw new InputError(
    `an array of coefficients needs ${mib(bytes)}`,
    `this graphics card takes arrays up to ${mib(card.largest)}`,
    'take fewer nodes in y, or the WebAssembly kernel',
  );
}
