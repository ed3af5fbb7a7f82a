/** A sweep as the words of `Sweep` and `Family` (assembly/sweep-list.ts, assembly/family.ts). */
import type { Feet, Sweep } from '../../differencing/differencing.ts';
import type { StepProgram } from '../kernel.ts';
import { bytes, type FormulaPlaces, formulaWords } from './formula-words.ts';
import { type FieldMemory, writeWords } from './memory.ts';

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
  const numbers = fields.reserve(1 + floors.length);
  numbers.set([foot, ...floors]);
  const long = kind.feet === 'beyond-a-cell' ? longRows(program, sweep, slots) : new Uint8Array();
  const areShort = kind.feet === 'beyond-a-cell' && families.length + formulas.length === 0 && !long.includes(1);
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
    bytes(fields, long),
    program.fastNodes,
    formulas.length,
    list(formulas.map((family) => formulaWords(fields, family, { place: places.get(family) ?? 0, slow }))),
  ]);
}

/** Per candidate and row whether some foot is longer than a cell. */
function longRows(
  { slow, fastNodes }: StepProgram,
  { minimum, foot }: Sweep,
  slots: readonly Float64Array[],
): Uint8Array {
  const rows = new Uint8Array(minimum.candidates.length * fastNodes);
  for (const [c, { rates }] of minimum.candidates.entries()) {
    const fields = rates.map((slot) => slots[slot]);
    for (let j = 0; j < fastNodes; j++) {
      for (let k = j * slow.size; k < (j + 1) * slow.size && rows[c * fastNodes + j] === 0; k++) {
        let cells = 0;
        for (const field of fields) cells += Math.abs(field[k]);
        if (foot * cells > 1) rows[c * fastNodes + j] = 1;
      }
    }
  }
  return rows;
}

/** The words of a family; a control that does nothing and has no ends stands at 0. */
function familyWords(
  fields: FieldMemory,
  { box, rates, cost }: Family,
  addressOf: (slot: number | null) => number,
): number {
  const controls = box.lower.length;
  if (controls > MOST_CONTROLS) throw new RangeError(`a family of ${controls} controls; ${MOST_CONTROLS} are possible`);
  const quadratics = [...rates, cost];
  const isInert = (c: number) =>
    quadratics.every(({ slope, bend }) => slope[c] === null && pairs(controls, c).every((k) => bend[k] === null));
  const ends = fields.reserve(2 * controls);
  ends.set([...box.lower, ...box.upper].map((end, k) => (isInert(k % controls) ? 0 : end)));
  const words = ({ constant, slope, bend }: Family['cost']) => [constant, ...slope, ...bend].map(addressOf);
  return writeWords(fields, [controls, ends.byteOffset, writeWords(fields, quadratics.flatMap(words))]);
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
