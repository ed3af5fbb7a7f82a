/** A family of formulas as the words of `Formulas` (assembly/formula-family.ts). */

import type { Sweep } from '../../differencing/differencing.ts';
import { leavingBytes } from '../../differencing/formula-increment.ts';
import { formulaModule } from '../../formula/module.ts';
import type { StepProgram } from '../kernel.ts';
import { type FieldMemory, writeWords } from './memory.ts';

type FormulaFamily = Sweep['minimum']['formulas'][number];

/** Where the two functions of every family stand in the table of functions. */
export type FormulaPlaces = ReadonlyMap<FormulaFamily, number>;

/** The families of a program, each once. */
export function formulasIn({ phases }: StepProgram): FormulaFamily[] {
  const sweeps = phases.flatMap((phase) => (phase.kind === 'sweep' || phase.kind === 'average' ? [phase] : []));
  return [...new Set(sweeps.flatMap(({ minimum }) => minimum.formulas))];
}

/** The functions `values` and `all` of a family. */
export function formulaCode({ programs }: FormulaFamily): Promise<WebAssembly.Module> {
  return WebAssembly.compile(formulaModule({ ...programs }));
}

/** Writes the words; returns their address. */
export function formulaWords(
  fields: FieldMemory,
  family: FormulaFamily,
  { place, slow }: { readonly place: number; readonly slow: StepProgram['slow'] },
): number {
  const { written, pieces, starts, slowBlock, fastBlock, fastBlocks, slowAt, fastAt, spacing } = family;
  const doubles = (values: ArrayLike<number>) => {
    const field = fields.reserve(values.length);
    field.set(values);
    return field.byteOffset;
  };
  const words = (values: Int32Array) => writeWords(fields, Array.from(values));
  const { names, control, lower, upper, point, isAffine } = written;
  return writeWords(fields, [
    ...[place, place + 1],
    ...[names.length, control],
    doubles([lower, upper, ...point]),
    isAffine.length,
    isAffine.reduce((bits, affine, i) => bits + (affine ? 2 ** i : 0), 0),
    doubles(spacing),
    writeWords(fields, [...slowAt, ...fastAt].map(doubles)),
    fastAt.length,
    doubles(pieces),
    ...[words(starts), words(slowBlock), words(fastBlock), fastBlocks],
    bytes(fields, leavingBytes(family, slow)),
  ]);
}

/** Bytes in memory; their address. */
export function bytes(fields: FieldMemory, values: Uint8Array): number {
  const words = fields.reserve(Math.ceil(values.length / 8));
  new Uint8Array(fields.memory.buffer, words.byteOffset, values.length).set(values);
  return words.byteOffset;
}
