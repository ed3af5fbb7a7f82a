/** A sweep as the words of `Sweep` and `Family` (assembly/sweep-list.ts, assembly/family.ts). */
import type { Feet, Sweep } from '../../differencing/differencing.ts';
import type { StepProgram } from '../kernel.ts';
import { type FormulaPlaces, formulaWords } from './formula-words.ts';
import { type FieldMemory, writeWords } from './memory.ts';
import { appendRow, fitsRuns, push, roomFor, type WordList } from './plane-runs.ts';
import { type LongRun, longRuns } from './reach.ts';

type Family = Sweep['minimum']['families'][number];

/** Doubles a node needs of scratch memory where it is looked at alone (assembly/node.ts, faces.ts). */
export const NODE_SCRATCH = 256;

/** Most controls of a family. */
const MOST_CONTROLS = 3;

const feetWords: Readonly<Record<Feet, number>> = { never: 0, 'beyond-a-cell': 1, always: 2 };

/** Writes the words; returns their address. */
export function sweepWords(
  fields: FieldMemory,
  program: StepProgram,
  sweep: Sweep,
  { slots, places }: { readonly slots: readonly Float64Array[]; readonly places: FormulaPlaces },
): number {
  const { minimum, differencing, across = [], foot } = sweep;
  const { slow } = program;
  const { shape } = slow;
  const { candidates, edges, families, formulas } = minimum;
  const addressOf = (slot: number | null | undefined) => (slot == null ? 0 : slots[slot].byteOffset);
  const list = (words: readonly number[]) => (words.length === 0 ? 0 : writeWords(fields, words));
  const { kind, floors = [], viscosity = [] } = differencing;
  const columns = sweep.noise?.columns;
  const diagonals = sweep.noise?.directions.slice(shape.length) ?? [];
  const numbers = fields.reserve(2 + floors.length);
  numbers.set([foot, columns?.arm ?? 0, ...floors]);
  const long = longFeet(fields, program, sweep, slots);
  const areShort =
    kind.feet === 'beyond-a-cell' && families.length + formulas.length === 0 && !long.rows.some((row) => row !== 0);
  return writeWords(fields, [
    ...[kind.wasm, kind.reach(0)],
    ...[shape.length, shape[0], shape[1] ?? 1],
    candidates.length,
    minimum.canRest ? 1 : 0,
    areShort ? 0 : feetWords[kind.feet],
    list(viscosity.map(addressOf)),
    numbers.byteOffset,
    list(candidates.flatMap(({ rates, cost }) => [...rates.map(addressOf), addressOf(cost)])),
    across.length,
    list(across.flatMap(({ nodes, stride }) => [nodes, stride])),
    areShort ? 0 : edges.length,
    list(edges.flatMap(({ from, to }) => [from, to])),
    families.length,
    list(families.map((family) => familyWords(fields, family, addressOf))),
    areShort ? 0 : list(long.rows),
    program.fastNodes,
    long.listed,
    formulas.length,
    list(formulas.map((family) => formulaWords(fields, family, { place: places.get(family) ?? 0, slow }))),
    kind.feet === 'never' ? 0 : addressOf(minimum.speeds),
    noiseReach(fields, sweep),
    list(sweep.noise?.steady?.map(addressOf) ?? []),
    diagonals.length,
    list(diagonals.map(([side]) => side)),
    columns?.slots.length ?? 0,
    list(columns?.slots.flat().map(addressOf) ?? []),
  ]);
}

/** The address of κ per direction and row of noise in x; 0 without. */
function noiseReach(fields: FieldMemory, { noise }: Sweep): number {
  const values = noise?.reach.flatMap((along) => [...along]) ?? [];
  if (values.length === 0) return 0;
  const field = fields.reserve(values.length);
  field.set(values);
  return field.byteOffset;
}

/** Per candidate and row, rows running fastest, where its runs stand, 0 without long feet; and how runs are listed. */
interface LongFeet {
  readonly listed: 0 | 1 | 2;
  readonly rows: readonly number[];
}

/** A step has several sweeps with the same feet. */
const known = new WeakMap<Float64Array, { readonly key: string; readonly feet: LongFeet }[]>();

function longFeet(fields: FieldMemory, program: StepProgram, sweep: Sweep, slots: readonly Float64Array[]): LongFeet {
  const { minimum, foot, differencing } = sweep;
  const { candidates } = minimum;
  if (differencing.kind.feet === 'never' || candidates.length === 0) return { listed: 0, rows: [] };
  const first = slots[candidates[0].rates[0]];
  const key = JSON.stringify([differencing.kind.feet, foot, candidates, minimum.edges, minimum.families.length]);
  const before = known.get(first) ?? [];
  const same = before.find((each) => each.key === key);
  if (same !== undefined) return same.feet;
  const feet = listFeet(fields, program, sweep, slots);
  known.set(first, [...before, { key, feet }]);
  return feet;
}

function listFeet(
  fields: FieldMemory,
  { slow, fastNodes }: StepProgram,
  { minimum, foot, differencing, across = [] }: Sweep,
  slots: readonly Float64Array[],
): LongFeet {
  const { candidates, families, formulas, canRest, edges } = minimum;
  const always = differencing.kind.feet === 'always';
  const axes = across.length > 0 || families.length + formulas.length > 0 ? 0 : slow.shape.length;
  const leaves = (k: number, side: number) =>
    !always && !canRest && candidates.every(({ rates }) => slots[rates[0]][k] * side > 0);
  const line = { lanes: slow.size, foot, leaves };
  const plane = { shape: slow.shape, foot, isRay: false };
  const listed = axes === 1 ? 1 : axes === 2 && !always && fitsRuns(plane) ? 2 : 0;
  const lanes = roomFor({ ...plane, shape: listed === 2 ? slow.shape : [0, 0] });
  const rows = candidates.flatMap(({ rates, cost }, c) => {
    const moves = rates.map((slot) => slots[slot]);
    const isRay = cost === null && edges.some(({ from, to }) => Math.min(from, to) < 0 && Math.max(from, to) === c);
    const list = { words: new Int32Array(64), length: 0 };
    const starts = Array.from({ length: fastNodes }, (_, j) => {
      if (listed === 2) return appendRow(list, moves, j, { ...plane, isRay }, lanes);
      if (listed === 1) return appendRuns(list, longRuns(moves[0], j, line, always));
      return always || hasLong(moves, j, slow.size, foot) ? 0 : -1;
    });
    // One word more, so that no address is 0.
    const words = fields.reserve(Math.ceil((list.length + 1) / 2));
    new Int32Array(fields.memory.buffer, words.byteOffset, list.length).set(list.words.subarray(0, list.length));
    return starts.map((start) => (start < 0 ? 0 : words.byteOffset + 4 * start));
  });
  return { listed, rows };
}

function appendRuns(list: WordList, runs: readonly LongRun[]): number {
  if (runs.length === 0) return -1;
  const start = list.length;
  for (const word of [runs.length, ...runs.flatMap(({ first, last, reach, isCut }) => [first, last, reach, +isCut])]) {
    push(list, word);
  }
  return start;
}

function hasLong(fields: readonly Float64Array[], j: number, lanes: number, foot: number): boolean {
  for (let k = j * lanes; k < (j + 1) * lanes; k++) {
    let cells = 0;
    for (const field of fields) cells += Math.abs(field[k]);
    if (foot * cells > 1) return true;
  }
  return false;
}

/** The words of a family; a control that does nothing and has no ends stands at 0. */
function familyWords(
  fields: FieldMemory,
  { box, rates, cost, noise = [] }: Family,
  addressOf: (slot: number | null) => number,
): number {
  const controls = box.lower.length;
  if (controls > MOST_CONTROLS) throw new RangeError(`a family of ${controls} controls; ${MOST_CONTROLS} are possible`);
  const quadratics = [...rates, cost, ...noise];
  const isInert = (c: number) =>
    quadratics.every(({ slope, bend }) => slope[c] === null && pairs(controls, c).every((k) => bend[k] === null));
  const ends = fields.reserve(2 * controls);
  ends.set([...box.lower, ...box.upper].map((end, k) => (isInert(k % controls) ? 0 : end)));
  const words = ({ constant, slope, bend }: Family['cost']) => [constant, ...slope, ...bend].map(addressOf);
  const coefficients = writeWords(fields, quadratics.flatMap(words));
  return writeWords(fields, [controls, ends.byteOffset, coefficients, noise.length > 0 ? 1 : 0]);
}

/** The places in `bend` of the products with control c. */
function pairs(controls: number, c: number): number[] {
  const places: number[] = [];
  let k = 0;
  for (let a = 0; a < controls; a++) {
    for (let b = a; b < controls; b++, k++) if (a === c || b === c) places.push(k);
  }
  return places;
}
