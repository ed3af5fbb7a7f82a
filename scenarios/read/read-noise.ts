/** The noise of a slow-fast scenario: s of dX = φ dt + s dW, r of dY = b/ε dt + r/√ε dB. */
import { compileExpressions } from '../../src/formula/expression.ts';
import type { WrittenFormula } from '../../src/formula/formula.ts';
import type { FastProcess } from '../../src/model/problem.ts';
import type { Path } from './locate.ts';
import type { Reader } from './reader.ts';
import type { SlowFastModel, SlowSystem } from './schema.ts';

/** More Brownian motions than slow variables change nothing that fewer could not. */
const MOST_MOTIONS = 16;

const slowPath = ['model', 'slow', 'noise'];
const fastPath = ['model', 'fast', 'noise'];

/** φ of a file in the long form or the short one, and where its components stand. */
export function slowOf({ slow }: SlowFastModel): SlowSystem & { readonly path: Path } {
  const isLong = typeof slow.drift === 'object';
  return isLong
    ? { ...(slow as SlowSystem), path: ['model', 'slow', 'drift'] }
    : { drift: slow as SlowSystem['drift'], path: ['model', 'slow'] };
}

/** A coefficient of s: its text and where it stands; 0 where the file says nothing. */
interface Coefficient {
  readonly path: Path;
  readonly text: string | number;
}

/**
 * The rows of s: a formula alone is the coefficient of a Brownian motion of its own, the entries of a list are those of
 * W₁, W₂, …, which all lists share. No columns without noise.
 */
export function noiseCoefficients(noise: SlowSystem['noise'], x: readonly string[]): readonly Coefficient[][] {
  const lists = Object.values(noise ?? {}).filter((given) => Array.isArray(given));
  const shared = Math.max(0, ...lists.map((list) => list.length));
  const own = x.filter((each) => noise?.[each] !== undefined && !Array.isArray(noise[each]));
  return x.map((each) => {
    const given = noise?.[each];
    const path = [...slowPath, each];
    const row = Array.from({ length: shared + own.length }, (): Coefficient => ({ path, text: 0 }));
    if (Array.isArray(given)) for (const [j, text] of given.entries()) row[j] = { path: [...path, j], text };
    else if (given !== undefined) row[shared + own.indexOf(each)] = { path, text: given };
    return row;
  });
}

/** s by rows; null where there is none, or every coefficient is the number 0. Throws ScenarioError. */
export function readSlowNoise(
  noise: SlowSystem['noise'],
  x: readonly string[],
  reader: Reader,
  compiled: (path: Path, text: string | number) => WrittenFormula,
): WrittenFormula[][] | null {
  refuseStrangers(reader, slowPath, Object.keys(noise ?? {}), x);
  refuseLists(reader, noise ?? {});
  const rows = noiseCoefficients(noise, x).map((row) => row.map(({ path, text }) => compiled(path, text)));
  return rows.flat().some(({ tree }) => !(tree.kind === 'number' && tree.value === 0)) ? rows : null;
}

function refuseLists(reader: Reader, noise: NonNullable<SlowSystem['noise']>): void {
  const lists = Object.entries(noise).flatMap(([name, given]) => (Array.isArray(given) ? [{ name, given }] : []));
  const [first, ...others] = lists;
  const odd = others.find(({ given }) => given.length !== first.given.length);
  if (odd !== undefined) {
    reader.refuse(
      [...slowPath, odd.name],
      `${first.name} has ${first.given.length} coefficients and ${odd.name} has ${odd.given.length}`,
      'entry j of every list belongs to the same Brownian motion W_j',
      'make the lists as long as each other, with 0 where a motion does not act',
    );
  }
  if (lists.length > 0 && first.given.length > MOST_MOTIONS) {
    reader.refuse(
      [...slowPath, first.name],
      `${first.name} has ${first.given.length} coefficients`,
      `at most ${MOST_MOTIONS} Brownian motions are read; a = ½ssᵀ of n variables needs n of them`,
      'write columns with the same ssᵀ',
    );
  }
}

/** The fast process with its noise; √2 for every variable, however it is written, is what it has without. */
export function withFastNoise(
  process: FastProcess,
  { noise }: SlowFastModel['fast'],
  reader: Reader,
  { x, y }: { readonly x: readonly string[]; readonly y: readonly string[] },
): FastProcess {
  refuseStrangers(reader, fastPath, Object.keys(noise ?? {}), y);
  const given = y.map((each) => reader.expression([...fastPath, each], noise?.[each] ?? 'sqrt(2)', [...x, ...y]));
  const isUsual = given.every(({ tree }) => tree.kind === 'number' && Math.abs(tree.value) === Math.SQRT2);
  return isUsual ? process : { kind: 'drift', drift: process.drift, noise: compileExpressions(given, x, y) };
}

function refuseStrangers(reader: Reader, path: Path, given: readonly string[], known: readonly string[]): void {
  const stranger = given.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const kind = String(path[1]);
  const other = kind === 'slow' ? 'fast' : 'slow';
  const isOther = stranger.startsWith(other === 'fast' ? 'y' : 'x');
  reader.refuse(
    [...path, stranger],
    `${path.join('.')} names ${stranger}`,
    `the ${kind} variables are ${known.join(', ')}`,
    isOther ? `write its noise in model.${other}.noise` : 'name one of them',
  );
}

/** The coefficients of ε^{−1/2}, 0 where none is given; null without any. */
export function readCentred(
  centred: SlowSystem['centred'],
  { x, y }: { readonly x: readonly string[]; readonly y: readonly string[] },
  reader: Reader,
): readonly WrittenFormula[] | null {
  if (centred === undefined) return null;
  const path = ['model', 'slow', 'centred'];
  refuseStrangers(reader, path, Object.keys(centred), x);
  const given = x.map((each) => reader.expression([...path, each], centred[each] ?? 0, [...x, ...y]));
  return compileExpressions(given, x, y);
}
