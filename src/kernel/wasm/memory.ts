/** The shared memory of the WebAssembly kernel: fields one after another, refused where they do not fit. */
import { InputError } from '../../input/input-error.ts';

const PAGE = 65536;
/** Bytes that WebAssembly addresses, 4 GiB. */
export const ADDRESSABLE = 4 * 2 ** 30;
/** Fields start on cache lines, with one line of space between them. */
const LINE = 64;
/**
 * Space before the first field and behind the last one: a foot that ends on the boundary of a plane has corners of
 * weight 0 a row of lanes beyond it, which are read all the same.
 */
const GUARD = 4 * PAGE;

export interface FieldMemory {
  readonly memory: WebAssembly.Memory;
  /** First free byte. */
  readonly top: number;
  /** Where fields must end. */
  readonly limit: number;
  /** An array of zeros. Throws InputError where it does not fit. */
  reserve(length: number): Float64Array;
  /** True for arrays that `reserve` made. */
  owns(array: Float64Array): boolean;
  /** Forgets all fields. */
  clear(): void;
}

/** An empty memory of which at most `availableBytes` are used; default: what WebAssembly can address. */
export function fieldMemory(availableBytes = ADDRESSABLE): FieldMemory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: ADDRESSABLE / PAGE, shared: true });
  const limit = Math.min(ADDRESSABLE - GUARD, availableBytes + GUARD);
  const own = new WeakSet<Float64Array>();
  let top = GUARD;
  /** Beyond here memory is as it came: zero. */
  let touched = 0;
  return {
    memory,
    limit,
    get top() {
      return top;
    },
    owns: (array) => own.has(array),
    clear() {
      top = GUARD;
    },
    reserve(length) {
      const start = Math.ceil(top / LINE) * LINE + LINE;
      const end = start + 8 * length + LINE;
      if (end > limit) throw tooLarge(end, limit);
      grow(memory, end + GUARD);
      top = end;
      // The space around it too: loops may read past an end, with weight 0, and 0·NaN is no 0.
      const around = new Float64Array(memory.buffer, start - LINE, length + (2 * LINE) / 8);
      around.subarray(0, Math.max(0, touched - around.byteOffset) / 8).fill(0);
      touched = Math.max(touched, end);
      const array = around.subarray(LINE / 8, LINE / 8 + length);
      own.add(array);
      return array;
    },
  };
}

/** Throws InputError where WebAssembly cannot address so many bytes of fields. */
export function requireAddressable(bytes: number): void {
  if (bytes > ADDRESSABLE) throw tooLarge(bytes, ADDRESSABLE);
}

/** Writes 32-bit words, an array as its address; returns where they stand. */
export function writeWords(fields: FieldMemory, values: readonly (number | Float64Array)[]): number {
  const address = fields.reserve(Math.ceil(values.length / 2)).byteOffset;
  const words = new Uint32Array(fields.memory.buffer, address, values.length);
  words.set(values.map((value) => (typeof value === 'number' ? value : value.byteOffset)));
  return address;
}

function grow(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  try {
    if (missing > 0) memory.grow(missing);
  } catch {
    throw tooLarge(bytes, memory.buffer.byteLength);
  }
}

function tooLarge(needed: number, available: number): InputError {
  const gib = (count: number) => `${(count / 2 ** 30).toFixed(2)} GiB`;
  const whole = available >= ADDRESSABLE;
  return new InputError(
    `the fields need ${gib(needed)} of memory`,
    whole ? 'WebAssembly addresses 4 GiB' : `${gib(available)} are available`,
    whole ? 'take fewer nodes' : 'take fewer nodes, or close other programs',
  );
}
