import { createHash } from 'node:crypto';
import type { Piece } from './piece.ts';

/**
 * The name of a run: the same for the same pieces found by the same program, whenever and wherever they are found.
 * `only` names what is made of them where that is a part.
 */
export function runName(pieces: readonly Pick<Piece, 'key'>[], code: string, only: readonly string[] = []): string {
  const hash = createHash('sha256').update(code);
  for (const name of only) hash.update(`\nonly ${name}`);
  for (const { key } of pieces) hash.update(`\n${key}`);
  // A letter first: a spreadsheet would take 12e4 for a number.
  return `r${hash.digest('hex').slice(0, 11)}`;
}
