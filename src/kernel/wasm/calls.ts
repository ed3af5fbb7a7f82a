/** A step program as calls of the compiled loops, phase by phase: for schemes that have no loop of their own. */
import type { FastLines } from '../../differencing/differencing.ts';
import { eliminatePlanes, inverseLength } from '../../linalg/plane-elimination.ts';
import { eliminateResolvent } from '../../linalg/tridiagonal.ts';
import { lineBlocks, MOST_TERMS, type Phase, type PlaneSolve, planeRates, type StepProgram } from '../kernel.ts';
import type { FormulaPlaces } from './formula-words.ts';
import { groupsOf } from './groups.ts';
import type { FieldMemory } from './memory.ts';
import { sweepWords } from './sweep-words.ts';

/** One call: a loop and the slots of its fields. */
export interface Call {
  readonly kind: Phase['kind'];
  readonly slots: readonly number[];
  /** Rows of lanes in the fields written: 1 for fields of x alone. */
  readonly rows: number;
  /**
   * Nodes and stride of the lines of a solve or generator: `rows` and 1 where there is one fast axis. Of an unsplit
   * solve those along the first axis, and the stride of the second.
   */
  readonly lineNodes: number;
  readonly lineStride: number;
  readonly rowStride: number;
  /** Bytes between the factors of two lanes of an unsplit solve, 0 where they share them. */
  readonly factorPitch: number;
  /** Whether all lines of a solve share the factors of the first one. */
  readonly alike: boolean;
  /** Address of the sweep or of the factors of a combination, or 0. */
  readonly list: number;
  /** The number of a phase: dt, κ⁻¹ of an unsplit solve, the factor of a generator or the reach of a filter. */
  readonly factor: number;
  /** The floor of a filter, else 0. */
  readonly floor: number;
}

/** Calls that go through their rows together. */
export interface CallGroup {
  /** All threads must have finished the groups before. */
  readonly barrier: boolean;
  readonly calls: readonly Call[];
}

/** The calls of one step in groups. New fields (factors of line solves) are added to `slots`. */
export function planCalls(
  fields: FieldMemory,
  program: StepProgram,
  slots: Float64Array[],
  places: FormulaPlaces,
): CallGroup[] {
  const factors = resolventFactors(fields, program, slots);
  const inverses = planeInverses(fields, program, slots);
  const rowsOf = (phase: Phase) => slots[phase.out].length / program.slow.size;
  const callOf = (phase: Phase): Call => ({
    ...planeOf(phase, inverses, slots),
    kind: phase.kind,
    slots: slotsOf(phase, factors, inverses),
    alike: phase.kind === 'solve' && phase.lines?.alike === true,
    // An average writes fields of x alone, but runs over all rows of its coefficients.
    rows: phase.kind === 'average' ? program.fastNodes : rowsOf(phase),
    lineNodes: linesOf(phase)?.nodes ?? program.fastNodes,
    lineStride: linesOf(phase)?.stride ?? 1,
    list: listOf(fields, program, phase, { slots, places }),
    factor: factorOf(phase),
    floor: phase.kind === 'filter' ? phase.floor : 0,
  });
  return groupsOf(program.phases, rowsOf).map(({ barrier, phases }) => ({ barrier, calls: phases.map(callOf) }));
}

function linesOf(phase: Phase): FastLines | undefined {
  if (phase.kind === 'solve-plane') return { nodes: phase.shape[0], stride: phase.strides[0] };
  return phase.kind === 'solve' || phase.kind === 'generator' ? phase.lines : undefined;
}

/** What an unsplit solve needs beside its lines. */
function planeOf(phase: Phase, inverses: (phase: PlaneSolve) => number, slots: readonly Float64Array[]) {
  if (phase.kind !== 'solve-plane') return { rowStride: 0, factorPitch: 0 };
  const length = inverseLength(1, phase.shape);
  const shared = slots[inverses(phase)].length === length;
  return { rowStride: phase.strides[1], factorPitch: shared ? 0 : 8 * length };
}

/** The slots of a phase in the order in which its loop takes them. */
function slotsOf(
  phase: Phase,
  factors: (phase: Solve) => readonly number[],
  inverses: (phase: PlaneSolve) => number,
): number[] {
  switch (phase.kind) {
    case 'solve':
      return [phase.out, phase.right, ...factors(phase)];
    case 'solve-plane':
      return [phase.out, phase.right, inverses(phase), phase.along[1].up, phase.along[1].down];
    case 'sweep':
      return [phase.out, phase.add, phase.value];
    case 'average':
      return [phase.out, phase.add, phase.value, phase.weights];
    case 'generator':
      return [phase.out, phase.add, phase.value, phase.up, phase.down];
    case 'filter':
      return [phase.out, phase.accurate, phase.monotone, phase.fallen];
    case 'combine':
      if (phase.terms.length < 1 || phase.terms.length > MOST_TERMS) {
        throw new RangeError(`a combination of ${phase.terms.length} fields; 1 to ${MOST_TERMS} are possible`);
      }
      return [phase.out, ...phase.terms.map(({ field }) => field)];
  }
}

function factorOf(phase: Phase): number {
  switch (phase.kind) {
    case 'sweep':
    case 'average':
      return phase.dt;
    case 'generator':
      return phase.factor;
    case 'filter':
      return phase.reach;
    case 'solve-plane':
      return phase.killing;
    default:
      return 0;
  }
}

function listOf(
  fields: FieldMemory,
  program: StepProgram,
  phase: Phase,
  memory: { readonly slots: readonly Float64Array[]; readonly places: FormulaPlaces },
): number {
  if (phase.kind === 'combine') {
    const factors = fields.reserve(MOST_TERMS);
    factors.set(phase.terms.map(({ factor }) => factor));
    return factors.byteOffset;
  }
  return phase.kind === 'sweep' || phase.kind === 'average' ? sweepWords(fields, program, phase, memory) : 0;
}

type Solve = Extract<Phase, { kind: 'solve' }>;

/**
 * Eliminates the line systems once for each 1/κ; returns the slots of the factors of a phase, which are those of a
 * single line where all are alike. Else the last elimination takes the place of the rates, unless a
 * `generator` phase still needs them.
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
  for (const [k, [key, { up, down, killing, lines }]] of systems.entries()) {
    const needed =
      systems.slice(k + 1).some(([, later]) => later.up === up || later.down === down) ||
      program.phases.some((phase) => phase.kind === 'generator' && (phase.up === up || phase.down === down));
    const fresh = (length: number) => slots.push(fields.reserve(length)) - 1;
    if (lines?.alike === true) {
      const length = lines.nodes * program.slow.size;
      const [share, killed] = [fresh(length), fresh(length)];
      const into = { share: slots[share], killed: slots[killed] };
      const line = { up: firstLine(slots[up], program, lines), down: firstLine(slots[down], program, lines) };
      eliminateResolvent({ lanes: program.slow.size, nodes: lines.nodes, ...line }, killing, { into });
      known.set(key, [share, killed]);
      continue;
    }
    const length = slots[up].length;
    const [share, killed] = needed ? [fresh(length), fresh(length)] : [down, up];
    for (const { offset, lanes, nodes } of lineBlocks(program, lines)) {
      const block = (slot: number) => slots[slot].subarray(offset, offset + lanes * nodes);
      const rates = { lanes, nodes, up: block(up), down: block(down) };
      eliminateResolvent(rates, killing, { into: { share: block(share), killed: block(killed) } });
    }
    known.set(key, [share, killed]);
  }
  return (phase) => known.get(keyOf(phase)) as readonly number[];
}

/** The rates of the first line along an axis. */
function firstLine(rates: Float64Array, { slow: { size } }: StepProgram, { nodes, stride }: FastLines): Float64Array {
  const line = new Float64Array(nodes * size);
  for (let k = 0; k < nodes; k++) line.set(rates.subarray(k * stride * size, (k * stride + 1) * size), k * size);
  return line;
}

/** Lanes with shared factors that an unsplit solve takes together (assembly/shared-plane.ts). */
const TOGETHER = 8;

/** Doubles of working space a thread needs for the unsplit solves of a program. */
export function planeScratch({ phases }: StepProgram): number {
  return Math.max(
    0,
    ...phases.map((phase) => (phase.kind === 'solve-plane' ? TOGETHER * phase.shape[0] * (phase.shape[1] + 1) : 0)),
  );
}

/** Eliminates the planes once for each 1/κ; returns the slot of the inverses of a phase. */
function planeInverses(
  fields: FieldMemory,
  program: StepProgram,
  slots: Float64Array[],
): (phase: PlaneSolve) => number {
  const known = new Map<string, number>();
  const keyOf = ({ along, killing }: PlaneSolve) => `${along.map(({ up }) => up)} ${killing}`;
  for (const phase of program.phases) {
    if (phase.kind !== 'solve-plane' || known.has(keyOf(phase))) continue;
    const inverses = eliminatePlanes(planeRates(phase, program, slots), phase.killing, fields.reserve);
    known.set(keyOf(phase), slots.push(inverses) - 1);
  }
  return (phase) => known.get(keyOf(phase)) as number;
}
