/**
 * Functions on many points at once, to the same bits as point by point. Where they know their formulas, the program of
 * program.ts is taken operation by operation over whole rows of numbers: a turn of a loop for every point in place of a
 * look at what to do.
 */
import { type AnyFormula, type PointNames, treeIn } from './formula.ts';
import { operationFunctions, operationNames, programOf, STRIDE } from './program.ts';

/** A coordinate of a row of points: a number each, or one for all. */
export type Coordinate = Float64Array | number;

/**
 * Writes out[f][k], the f-th function at the k-th point, over the whole length of out[0]. Every group of coordinates is
 * a point of the functions. Keeps rows for intermediate results, which later calls use again.
 */
export type RowFunctions = (out: readonly Float64Array[], ...points: readonly (readonly Coordinate[])[]) => void;

/** These functions, whose points are called by `names`, on rows of points. */
export function onRows(functions: readonly AnyFormula[], ...names: PointNames): RowFunctions {
  const trees = functions.map((each) => treeIn(each, ...names));
  const known = functions.map((_, f) => f).filter((f) => trees[f] !== undefined);
  const closures = functions.map((_, f) => f).filter((f) => trees[f] === undefined);
  const compute = rowProgram(
    known.flatMap((f) => trees[f] ?? []),
    names.flat(),
  );
  // Lists for every call: to make new ones takes as long as a short row.
  const outs: Float64Array[] = [];
  const coordinates: Coordinate[] = [];
  return (out, ...points) => {
    for (let k = 0; k < known.length; k++) outs[k] = out[known[k]];
    let at = 0;
    for (const point of points) for (const coordinate of point) coordinates[at++] = coordinate;
    compute(outs, coordinates);
    for (const f of closures) pointByPoint(out[f], functions[f], points);
  };
}

function pointByPoint(out: Float64Array, f: AnyFormula, points: readonly (readonly Coordinate[])[]): void {
  const call = f as (...points: readonly Float64Array[]) => number;
  const at = points.map((coordinates) => new Float64Array(coordinates.length));
  for (let k = 0; k < out.length; k++) {
    for (let p = 0; p < at.length; p++) {
      for (let i = 0; i < at[p].length; i++) {
        const coordinate = points[p][i];
        at[p][i] = typeof coordinate === 'number' ? coordinate : coordinate[k];
      }
    }
    out[k] = call(...at);
  }
}

/** A register: one number for all points, or a row with one each. */
interface Register {
  kind: 'number' | 'row';
  value: number;
  row: Float64Array;
  /** The row of its own, and how many of its entries hold `value`. */
  own: Float64Array;
  filled: number;
}

type Trees = Parameters<typeof programOf>[0];

function rowProgram(trees: Trees, names: readonly string[]) {
  const { code, registers: values, results } = programOf(trees, names);
  const none = new Float64Array(0);
  const registers = Array.from(values, (value): Register => {
    return { kind: 'number', value, row: none, own: none, filled: 0 };
  });
  return (out: readonly Float64Array[], coordinates: readonly Coordinate[]) => {
    if (out.length === 0) return;
    const { length } = out[0];
    for (let i = 0; i < coordinates.length; i++) {
      const coordinate = coordinates[i];
      if (typeof coordinate === 'number') becomeNumber(registers[i], coordinate);
      else becomeRow(registers[i], coordinate);
    }
    for (let k = 0; k < code.length; k += STRIDE) {
      const a = registers[code[k + 1]];
      const b = registers[code[k + 2]];
      const c = registers[code[k + 3]];
      const into = registers[code[k + 4]];
      if (a.kind === 'number' && b.kind === 'number' && c.kind === 'number') {
        becomeNumber(into, operationFunctions[code[k]](a.value, b.value, c.value));
      } else {
        becomeRow(into, owned(into, length));
        runRow(code[k], length, into.row, rowOf(a, length), rowOf(b, length), rowOf(c, length));
      }
    }
    for (let f = 0; f < results.length; f++) {
      const { kind, row, value } = registers[results[f]];
      if (kind === 'number') out[f].fill(value);
      else out[f].set(row.length === length ? row : row.subarray(0, length));
    }
  };
}

function becomeNumber(register: Register, value: number): void {
  if (!Object.is(register.value, value)) register.filled = 0;
  register.kind = 'number';
  register.value = value;
}

function becomeRow(register: Register, row: Float64Array): void {
  if (row === register.own) register.filled = 0;
  register.kind = 'row';
  register.row = row;
}

function owned(register: Register, length: number): Float64Array {
  if (register.own.length < length) {
    register.own = new Float64Array(length);
    register.filled = 0;
  }
  return register.own;
}

/** The row of a register; of a number it is written once, and kept while the number stays. */
function rowOf(register: Register, length: number): Float64Array {
  if (register.kind === 'row') return register.row;
  const row = owned(register, length);
  if (register.filled < length) row.fill(register.value, 0, length);
  register.filled = Math.max(register.filled, length);
  return row;
}

/** One operation of program.ts on rows. */
function runRow(operation: number, length: number, ...[out, a, b, c]: readonly Float64Array[]): void {
  switch (operation) {
    case ADD:
      for (let k = 0; k < length; k++) out[k] = a[k] + b[k];
      return;
    case SUBTRACT:
      for (let k = 0; k < length; k++) out[k] = a[k] - b[k];
      return;
    case MULTIPLY:
      for (let k = 0; k < length; k++) out[k] = a[k] * b[k];
      return;
    case DIVIDE:
      for (let k = 0; k < length; k++) out[k] = a[k] / b[k];
      return;
    case SQUARE:
      for (let k = 0; k < length; k++) out[k] = a[k] * a[k];
      return;
    case EXP:
      for (let k = 0; k < length; k++) out[k] = Math.exp(a[k]);
      return;
    default: {
      const compute = operationFunctions[operation];
      for (let k = 0; k < length; k++) out[k] = compute(a[k], b[k], c[k]);
    }
  }
}

const [ADD, SUBTRACT, MULTIPLY, DIVIDE] = ['+', '-', '*', '/'].map((name) => operationNames.indexOf(name));
const [SQUARE, EXP] = ['square', 'exp'].map((name) => operationNames.indexOf(name));
