import { nearestName } from '../../../src/input/nearest-name.ts';
import { mostNodes } from '../../read/read-study.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Given } from './command.ts';

/** A decimal number; hexadecimal, empty and infinite ones are no numbers here. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Larger counts are slips of the keyboard, and seeds need no more. */
const LARGEST_WHOLE = 1e12;

/**
 * Of a cell problem or a measure in y, whose nodes carry rates, bounds and coarser copies: a minute or two on a line;
 * in several dimensions, where a node carries the rates to its neighbours on every level, a kilobyte each.
 */
const mostCellNodes = 2e6;

/** The value of a flag as a positive number, or undefined where it was left out. */
export function positiveNumber(given: Given, flag: string): number | undefined {
  const text = given.value(flag);
  if (text === undefined) return undefined;
  const value = numberIn(text, `--${flag}`, `--${flag} ${text}`);
  if (value > 0) return value;
  throw new ScenarioError(`--${flag}`, `--${flag} is ${text}`, 'it must be positive', `give --${flag} a number > 0`);
}

/** A list of positive numbers, or undefined where the flag was left out. */
export function positiveNumbers(given: Given, flag: string): number[] | undefined {
  const parts = given.value(flag)?.split(',');
  return parts?.map((part) => {
    const value = numberIn(part, `--${flag}`, `--${flag} contains ${part}, which`);
    if (value > 0) return value;
    throw new ScenarioError(`--${flag}`, `--${flag} contains ${part}`, 'all must be positive', 'write for example 1,2');
  });
}

/** --M: D²v, the rows of a symmetric matrix above its diagonal, m or m11,m12,m22; undefined where it was left out. */
export function hessianOf(given: Given, dimension: number): number[][] | undefined {
  const text = given.value('M');
  if (text === undefined) return undefined;
  const entries = text.split(',').map((part) => numberIn(part, '--M', `--M contains ${part}, which`));
  const count = (dimension * (dimension + 1)) / 2;
  if (entries.length !== count) {
    throw new ScenarioError(
      '--M',
      `--M ${text} has ${entries.length} number${entries.length === 1 ? '' : 's'}`,
      `M = D²v is a symmetric matrix of ${dimension} row${dimension === 1 ? '' : 's'}: ${count} in all`,
      dimension === 1 ? 'write for example --M 0.5' : 'write m11,m12,m22, for example --M 1,0.2,1',
    );
  }
  const at = (i: number, j: number) => entries[(i * (2 * dimension - i - 1)) / 2 + j];
  const rows = Array.from({ length: dimension }, (_, i) => i);
  return rows.map((i) => rows.map((j) => at(Math.min(i, j), Math.max(i, j))));
}

/** The value of a flag as a whole number of at least `least`, or undefined where it was left out. */
export function wholeNumber(given: Given, flag: string, least: number): number | undefined {
  const text = given.value(flag);
  return text === undefined ? undefined : whole(text, `--${flag}`, `--${flag} is ${text}`, least);
}

/** Nodes per axis of a grid or ball in y; cell problems in several dimensions hold 0.7 to 1 kB per node. */
export function nodesPerFastAxis(given: Given, fastDimension: number): number | undefined {
  const nodes = wholeNumber(given, 'nodes', 5);
  if (nodes === undefined || nodes ** fastDimension <= mostCellNodes) return nodes;
  throw new ScenarioError(
    '--nodes',
    `--nodes is ${nodes}${fastDimension === 1 ? '' : ` per axis, ${(nodes ** fastDimension).toPrecision(2)} together`}`,
    `at most ${mostCellNodes} are solved in minutes and in a few GiB`,
    `give at most ${Math.floor(mostCellNodes ** (1 / fastDimension) + 1e-9)}`,
  );
}

/** A list of whole numbers of at least `least`, or undefined where the flag was left out. */
export function wholeNumbers(given: Given, flag: string, least: number): number[] | undefined {
  const parts = given.value(flag)?.split(',');
  return parts?.map((part) => whole(part.trim(), `--${flag}`, `--${flag} contains ${part}`, least));
}

/** Axes of a kind ("x", or "x1" and "x2"), whose nodes --nodes may set one by one or, by the letter, all at once. */
interface AxisKind {
  readonly letter: string;
  readonly names: readonly string[];
  readonly usual: number;
}

/** `--nodes x=401,y=201`: nodes per axis of each kind; the usual number where it says nothing. */
export function nodesPerAxis(given: Given, kinds: readonly AxisKind[]): number[][] {
  const text = given.value('nodes') ?? '';
  const known = [...new Set(kinds.flatMap(({ letter, names }) => [letter, ...names]))];
  const pairs = text === '' ? new Map<string, string>() : pairsIn(text, '--nodes', known);
  const counts = kinds.map(({ letter, names, usual }) =>
    names.map((name) => {
      const own = pairs.get(name) ?? pairs.get(letter);
      return own === undefined ? usual : whole(own, '--nodes', `--nodes ${name}=${own}`, 3);
    }),
  );
  const total = counts.flat().reduce((product, count) => product * count, 1);
  if (total <= mostNodes) return counts;
  throw new ScenarioError(
    '--nodes',
    `--nodes asks for ${total} nodes together`,
    `at most ${mostNodes} fit into memory`,
    'give fewer nodes per axis',
  );
}

/** A point `x=1,p=1`, the value of a flag, over exactly these names; the optional ones may be left out. */
export function pointIn(
  text: string,
  names: readonly string[],
  optional: readonly string[] = [],
  flag = '--at',
): Map<string, number> {
  const known = [...names, ...optional];
  const pairs = pairsIn(text, flag, known);
  const missing = names.filter((name) => !pairs.has(name));
  if (missing.length > 0) {
    throw new ScenarioError(
      flag,
      `the point ${text} has no ${missing.join(' and no ')}`,
      `a point here has the coordinates ${known.join(', ')}`,
      `write ${flag} ${names.map((name) => `${name}=${pairs.get(name) ?? '1'}`).join(',')}`,
    );
  }
  return new Map([...pairs].map(([name, value]) => [name, numberIn(value, flag, `${name}=${value}`)]));
}

/** The coordinates of these names. */
export function coordinatesOf(point: ReadonlyMap<string, number>, names: readonly string[]): number[] {
  return names.map((name) => point.get(name) ?? 0);
}

function pairsIn(text: string, flag: string, known: readonly string[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const part of text.split(',')) {
    const [name, value, ...rest] = part.split('=').map((piece) => piece.trim());
    if (value === undefined || value === '' || rest.length > 0) {
      const example = known.map((each) => `${each}=…`).join(',');
      throw new ScenarioError(
        flag,
        `"${part}" is not name=number`,
        `${flag} ${text} is read in parts`,
        `write ${example}`,
      );
    }
    if (!known.includes(name)) {
      const near = nearestName(name, known);
      throw new ScenarioError(
        flag,
        `${flag} ${text} names the coordinate "${name}"`,
        `the coordinates here are ${known.join(', ')}`,
        near === undefined ? `write ${known.map((each) => `${each}=…`).join(',')}` : `did you mean ${near}?`,
      );
    }
    if (pairs.has(name)) {
      throw new ScenarioError(flag, `${flag} ${text} gives ${name} twice`, 'a point has one of each', 'remove one');
    }
    pairs.set(name, value);
  }
  return pairs;
}

function numberIn(text: string, flag: string, fact: string): number {
  const value = decimal.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new ScenarioError(flag, `${fact} is not a number`, 'only finite decimal numbers are read', 'write 0.1 or 1e-3');
}

function whole(text: string, flag: string, fact: string, least: number): number {
  const value = decimal.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least && value <= LARGEST_WHOLE) return value;
  throw new ScenarioError(
    flag,
    fact,
    `it must be a whole number from ${least} to ${LARGEST_WHOLE}`,
    'write for example 401',
  );
}
