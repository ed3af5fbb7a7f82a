/**
 * Programs of formulas as a WebAssembly module: one function per program that reads its variables from one address and
 * writes its results to another, operation by operation what src/formula/program.ts does, to the same bits.
 * Binary format: WebAssembly Core Specification 1.0 (2019), section 5.
 */
import { operationNames, type Program, STRIDE } from './program.ts';
import { formulaFunctions } from './wasm-functions.js';

/** Operations that are one instruction. */
const instructions: Readonly<Record<string, number>> = {
  '+': 0xa0,
  '-': 0xa1,
  '*': 0xa2,
  '/': 0xa3,
  min: 0xa4,
  max: 0xa5,
  negate: 0x9a,
  abs: 0x99,
  sqrt: 0x9f,
};
/** Operations of one operand among them. */
const UNARY = new Set(['negate', 'abs', 'sqrt']);
/** Imported functions of two operands. */
const BINARY = new Set(['pow', 'atan2', 'huber']);
/** Comparisons: instructions that leave 0 or 1 as an integer. */
const comparisons: Readonly<Record<string, number>> = { '<': 0x63, '<=': 0x65, '>': 0x64, '>=': 0x66 };
/** Reciprocals of functions. */
const reciprocals: Readonly<Record<string, string>> = { sec: 'cos', sech: 'cosh' };

const F64 = 0x7c;
const I32 = 0x7f;
const GET = 0x20;
const SET = 0x21;
const CALL = 0x10;
const LOAD = 0x2b;
const STORE = 0x39;
const CONST = 0x44;
const EQUAL = 0x61;
const DIFFERENT = 0x62;
const AND = 0x71;
const TO_NUMBER = 0xb8;
const SELECT = 0x1b;
const END = 0x0b;
/** Locals before the registers: the two addresses. */
const PARAMETERS = 2;

/** Bytes of the module; its functions (point, out) have the names of the programs. */
export function formulaModule(programs: Readonly<Record<string, Program>>): Uint8Array<ArrayBuffer> {
  const called = [...new Set(Object.values(programs).flatMap(functionsIn))];
  const names = Object.keys(programs);
  const functionType = (name: string) => (BINARY.has(name) ? 2 : 1);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [
      [0x60, 2, I32, I32, 0],
      [0x60, 1, F64, 1, F64],
      [0x60, 2, F64, F64, 1, F64],
    ]),
    ...section(2, [
      // A shared memory of 1 to 65 536 pages.
      [...text('env'), ...text('memory'), 2, 3, ...unsigned(1), ...unsigned(65536)],
      ...called.map((name) => [...text('functions'), ...text(name), 0, functionType(name)]),
    ]),
    ...section(
      3,
      names.map(() => [0]),
    ),
    ...section(
      7,
      names.map((name, k) => [...text(name), 0, ...unsigned(called.length + k)]),
    ),
    ...section(
      10,
      names.map((name) => sized(bodyOf(programs[name], called))),
    ),
  ]);
}

/** The function that an operation calls; undefined where it is made of instructions. */
function calledBy(operation: string): string | undefined {
  if (operation === '^') return 'pow';
  const name = reciprocals[operation] ?? operation;
  return Object.hasOwn(formulaFunctions, name) ? name : undefined;
}

function functionsIn({ code }: Program): string[] {
  return operationsOf(code).flatMap(({ operation }) => calledBy(operation) ?? []);
}

interface Step {
  readonly operation: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly into: number;
}

function operationsOf(code: readonly number[]): Step[] {
  return Array.from({ length: code.length / STRIDE }, (_, k) => {
    const [operation, a, b, c, into] = code.slice(STRIDE * k, STRIDE * (k + 1));
    return { operation: operationNames[operation], a, b, c, into };
  });
}

/** Locals, operations and stores of one program. */
function bodyOf(program: Program, called: readonly string[]): number[] {
  const { registers, variables, results } = program;
  const steps = operationsOf(program.code);
  const computed = new Set(steps.map(({ into }) => into));
  const local = (register: number) => unsigned(PARAMETERS + register);
  const power = registers.length;
  const value = (register: number): number[] =>
    register < variables || computed.has(register) ? [GET, ...local(register)] : number(registers[register]);
  const loads = Array.from({ length: variables }, (_, k) => [GET, 0, LOAD, 3, ...unsigned(8 * k), SET, ...local(k)]);
  const computation = (step: Step): number[] => {
    const [a, b, c] = [step.a, step.b, step.c].map(value);
    if (step.operation === 'whole power') return wholePower(a, registers[step.b], local(power));
    if (step.operation === 'where') return guarded([...b, ...c, ...a, ...number(0), DIFFERENT, SELECT], a);
    const comparison = comparisons[step.operation];
    if (comparison !== undefined) return guarded([...a, ...b, comparison, TO_NUMBER], a, b);
    return [...operands(step, value), ...operator(step.operation, called)];
  };
  const operations = steps.map((step) => [...computation(step), SET, ...local(step.into)]);
  const stores = results.map((result, k) => [GET, 1, ...value(result), STORE, 3, ...unsigned(8 * k)]);
  return [1, ...unsigned(registers.length + 1), F64, ...[loads, operations, stores].flat(2), END];
}

/** What stands on the stack before the operator. */
function operands({ operation, a, b }: Step, value: (register: number) => number[]): number[] {
  if (operation === 'square') return [...value(a), ...value(a)];
  const first = operation in reciprocals ? [...number(1), ...value(a)] : value(a);
  const isBinary = (operation in instructions && !UNARY.has(operation)) || BINARY.has(calledBy(operation) ?? '');
  return isBinary ? [...first, ...value(b)] : first;
}

function operator(operation: string, called: readonly string[]): number[] {
  if (operation === 'square') return [instructions['*']];
  if (operation in instructions) return [instructions[operation]];
  const index = called.indexOf(calledBy(operation) ?? '');
  const divided = operation in reciprocals ? [instructions['/']] : [];
  return [CALL, ...unsigned(index), ...divided];
}

/** A value, or NaN where one of the guards is. */
function guarded(value: readonly number[], ...guards: readonly (readonly number[])[]): number[] {
  const areNumbers = guards.flatMap((guard, k) => [...guard, ...guard, EQUAL, ...(k > 0 ? [AND] : [])]);
  return [...value, ...number(Number.NaN), ...areNumbers, SELECT];
}

/** Squares and products in the order of `wholePower` of program.ts, with one local for the squares. */
function wholePower(base: readonly number[], exponent: number, square: readonly number[]): number[] {
  const bits = Math.abs(exponent).toString(2).split('').reverse();
  const code: number[] = [...(exponent < 0 ? number(1) : []), ...number(1), ...base, SET, ...square];
  bits.forEach((bit, k) => {
    if (k > 0) code.push(GET, ...square, GET, ...square, instructions['*'], SET, ...square);
    if (bit === '1') code.push(GET, ...square, instructions['*']);
  });
  return exponent < 0 ? [...code, instructions['/']] : code;
}

function number(value: number): number[] {
  return [CONST, ...new Uint8Array(Float64Array.of(value).buffer)];
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  return [id, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** LEB128 of a whole number. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}
