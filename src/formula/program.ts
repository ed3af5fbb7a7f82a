/**
 * Checked formulas as one program: a list of operations on registers in which every distinct part stands once, however
 * often the formulas repeat it. Derivatives repeat much: the gradient of rastrigin-2d has 112 operations, 45 of them
 * distinct.
 */
import { binaryFunctions, comparisons, unaryFunctions, where } from './elementary-functions.ts';
import type { Tree } from './tree.ts';

/** A point of a program, coordinates in the order of the names of its group. */
export type Point = ArrayLike<number>;

/** A compiled formula of up to three points, one per group of names, coordinates in the order of the names. */
export type Compiled = (first: Point, second?: Point, third?: Point) => number;

/** Whole exponents up to here are multiplications: exact for small integers and faster than the general power. */
const LARGEST_PRODUCT = 16;

type Operation = (a: number, b: number, c: number) => number;

/** Operations by number; the first nine are spelled out in `run`. */
const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['+', (a, b) => a + b],
  ['-', (a, b) => a - b],
  ['*', (a, b) => a * b],
  ['/', (a, b) => a / b],
  ['negate', (a) => -a],
  ['square', (a) => a * a],
  ['exp', Math.exp],
  ['cos', Math.cos],
  ['sin', Math.sin],
  ['^', (a, b) => a ** b],
  ['whole power', wholePower],
  ...unaryFunctions,
  ...binaryFunctions,
  ...comparisons,
  ['where', where],
]);
/** The names of operations by number. */
export const operationNames: readonly string[] = [...operations.keys()];
/** What they compute, by number. */
export const operationFunctions: readonly Operation[] = [...operations.values()];

/** Numbers of an operation in `Program.code`. */
export const STRIDE = 5;

/** Formulas as a list of operations on registers. */
export interface Program {
  /** `STRIDE` numbers an operation: which, three registers to read (the last again if it needs fewer), the result. */
  readonly code: readonly number[];
  /** The variables first, then numbers and what operations gave; NaN where nothing is known before a run. */
  readonly registers: Float64Array;
  readonly variables: number;
  /** The register of every formula. */
  readonly results: readonly number[];
}

/**
 * One function per formula. Asking one at new points computes all of them; the others are then remembered. Does not
 * allocate when called. Throws RangeError for a name that is not in any group.
 */
export function compileTogether(trees: readonly Tree[], ...groups: readonly (readonly string[])[]): Compiled[] {
  const { code, registers, results } = programOf(trees, groups.flat());
  const [first, second = 0, third = 0] = groups.map((names) => names.length);
  return results.map((result) => (a, b = a, c = a) => {
    let isNew = taken(registers, 0, first, a);
    if (second > 0 && taken(registers, first, second, b)) isNew = true;
    if (third > 0 && taken(registers, first + second, third, c)) isNew = true;
    if (isNew) run(code, registers);
    return registers[result];
  });
}

/** Takes a point into its registers; says whether it differs from the last one. */
function taken(registers: Float64Array, from: number, count: number, point: Point): boolean {
  let isNew = false;
  for (let i = 0; i < count; i++) {
    const value = point[i];
    // Registers start as NaN, which differs from everything; 0 equals −0, yet 1/0 and 1/−0 differ.
    if (value !== registers[from + i] || value === 0) isNew = true;
    registers[from + i] = value;
  }
  return isNew;
}

function run(code: readonly number[], registers: Float64Array): void {
  for (let k = 0; k < code.length; k += STRIDE) {
    const a = registers[code[k + 1]];
    const b = registers[code[k + 2]];
    let value: number;
    switch (code[k]) {
      case 0:
        value = a + b;
        break;
      case 1:
        value = a - b;
        break;
      case 2:
        value = a * b;
        break;
      case 3:
        value = a / b;
        break;
      case 4:
        value = -a;
        break;
      case 5:
        value = a * a;
        break;
      case 6:
        value = Math.exp(a);
        break;
      case 7:
        value = Math.cos(a);
        break;
      case 8:
        value = Math.sin(a);
        break;
      default:
        value = operationFunctions[code[k]](a, b, registers[code[k + 3]]);
    }
    registers[code[k + 4]] = value;
  }
}

/** The program of formulas in these variables. Throws RangeError for a name that is not among them. */
export function programOf(trees: readonly Tree[], names: readonly string[]): Program {
  const code: number[] = [];
  const registers: number[] = names.map(() => Number.NaN);
  const known = new Map<string, number>();
  const number = (value: number): number => {
    const key = `number ${Object.is(value, -0) ? '-0' : value}`;
    const found = known.get(key) ?? registers.push(value) - 1;
    known.set(key, found);
    return found;
  };
  const result = (operation: string, a: number, b: number, c = b): number => {
    const key = `${operation} ${a} ${b} ${c}`;
    let found = known.get(key);
    if (found === undefined) {
      found = registers.push(Number.NaN) - 1;
      code.push(numberOf(operation), a, b, c, found);
      known.set(key, found);
    }
    return found;
  };
  const register = (tree: Tree): number => {
    if (tree.kind === 'number') return number(tree.value);
    if (tree.kind === 'name') return slotOf(tree.name, names);
    const [first, second, third] = tree.operands;
    if (tree.operation === '^') return power(first, second);
    const a = register(first);
    const b = second === undefined ? a : register(second);
    return result(tree.operation, a, b, third === undefined ? b : register(third));
  };
  const power = (base: Tree, exponent: Tree): number => {
    const b = register(exponent);
    if (base.kind === 'number' && base.value === Math.E) return result('exp', b, b);
    const a = register(base);
    const value = exponent.kind === 'number' ? exponent.value : Number.NaN;
    if (value === 2) return result('square', a, a);
    const isProduct = Number.isInteger(value) && Math.abs(value) <= LARGEST_PRODUCT;
    return result(isProduct ? 'whole power' : '^', a, b);
  };
  const results = trees.map(register);
  return { results, code, registers: Float64Array.from(registers), variables: names.length };
}

function slotOf(name: string, names: readonly string[]): number {
  const slot = names.indexOf(name);
  if (slot < 0) throw new RangeError(`compileExpression: no slot for ${name} among ${names.join(', ')}`);
  return slot;
}

function numberOf(operation: string): number {
  const number = operationNames.indexOf(operation);
  if (number < 0) throw new RangeError(`compileExpression: unknown operation ${operation}`);
  return number;
}

function wholePower(base: number, exponent: number): number {
  let power = 1;
  let square = base;
  for (let rest = Math.abs(exponent); rest > 0; rest >>= 1) {
    if (rest & 1) power *= square;
    square *= square;
  }
  return exponent < 0 ? 1 / power : power;
}
