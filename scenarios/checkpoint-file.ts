/**
 * The state of a march as the content of a file: a line that names the format, a line of JSON with the identity of the
 * solve and what stands where, the numbers as doubles of this machine, and at last a SHA-256 of all of it.
 */
import { createHash } from 'node:crypto';
import type { MarchState } from '../solvers/index.ts';

const FORMAT = 'hjb-checkpoint-1';
const DIGEST_BYTES = 32;

/** A state, or why there is none in these bytes. */
export type ReadState =
  | { readonly kind: 'state'; readonly state: MarchState }
  | { readonly kind: 'unusable'; readonly reason: string };

interface Header extends Pick<MarchState, 'step' | 'steps' | 'repeats' | 'policies'> {
  readonly identity: string;
  /** Lengths of the arrays that follow: differences in pairs, the fields, per value on the way τ and the values. */
  readonly differences: number;
  readonly fields: readonly number[];
  readonly history: readonly number[];
}

/** What a solve is told apart by: a SHA-256 of its description. */
export function identityOf(description: object): string {
  return createHash('sha256').update(JSON.stringify(description)).digest('hex');
}

/** The content of a file for a state of the solve with this identity. */
export function writtenState(state: MarchState, identity: string): Uint8Array {
  const { step, steps, repeats, policies, differences, fields, history } = state;
  const header: Header = {
    ...{ identity, step, steps, repeats, policies },
    differences: differences.length,
    fields: fields.map(({ length }) => length),
    history: history.map(({ values }) => values.length),
  };
  const arrays = [
    Float64Array.from(differences.flat()),
    ...fields,
    ...history.flatMap(({ tau, values }) => [Float64Array.of(tau), values]),
  ];
  const content = Buffer.concat([
    Buffer.from(`${FORMAT}\n${JSON.stringify(header)}\n`),
    ...arrays.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  ]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

/** The state in the content of a file, where it is whole and that of the solve with this identity. */
export function readState(bytes: Uint8Array, identity: string): ReadState {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = file.indexOf('\n');
  if (first < 0 || file.toString('utf8', 0, first) !== FORMAT) return unusable('it is no checkpoint of this version');
  const content = file.subarray(0, Math.max(0, file.length - DIGEST_BYTES));
  const digest = createHash('sha256').update(content).digest();
  if (!digest.equals(file.subarray(content.length))) return unusable('it is damaged or not whole');
  const second = file.indexOf('\n', first + 1);
  const header: Header = JSON.parse(file.toString('utf8', first + 1, second));
  if (header.identity !== identity) return unusable('it is that of another solve, scenario or version');
  return { kind: 'state', state: stateOf(header, content.subarray(second + 1)) };
}

function unusable(reason: string): ReadState {
  return { kind: 'unusable', reason };
}

function stateOf(header: Header, data: Uint8Array): MarchState {
  // A copy: doubles start at multiples of their size.
  const numbers = new Float64Array(Uint8Array.from(data).buffer);
  let end = 0;
  const next = (length: number) => {
    end += length;
    return numbers.slice(end - length, end);
  };
  const { step, steps, repeats, policies } = header;
  const differences = Array.from({ length: header.differences }, () => {
    const [least, most] = next(2);
    return [least, most] as const;
  });
  const fields = header.fields.map(next);
  const history = header.history.map((length) => ({ tau: next(1)[0], values: next(length) }));
  return { step, steps, repeats, policies, differences, fields, history };
}
