/** Stores that are damaged at random between two runs: entries, locks, leftovers, foreign files. */
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, SpoiltEntry } from '../../scenarios/run/piece.ts';
import { takePieces } from '../../scenarios/run/take-pieces.ts';
import { entryName } from '../../scenarios/store/entry.ts';
import { openStore, type Store } from '../../scenarios/store/store.ts';
import { plainKernel } from '../../src/kernel/plain/plain.ts';
import { dead, scratchFolder, seed } from '../damage.ts';

const folder = scratchFolder('damaged');

const CODE = 'test-1';

/** What pieces of a study hold: arrays, maps, no numbers, texts. */
const leaf = (k: number): unknown =>
  [
    { values: Float64Array.of(k, Number.NaN, -0, Infinity) },
    new Map<string, unknown>([['a', [k, null, undefined]]]),
    [{ nested: { deep: new Set([k, 'é']) } }],
    k === 4 ? undefined : Number.NaN,
    '',
  ][k % 5];

/** Five pieces, one that reads two of them, one that is made of two more and one that reads that. */
function smallWork(): Piece[] {
  const piece = (key: string, cost: number, after: readonly string[], find: Piece['find']): Piece => ({
    ...{ key, label: `piece ${key}`, cost, bytes: 8, after, kin: key.slice(0, 1), find },
  });
  const leaves = [0, 1, 2, 3, 4].map((k) => piece(`leaf ${k}`, k + 1, [], async () => leaf(k)));
  const pair = piece('pair', 9, ['leaf 0', 'leaf 1'], async ({ read }) => [read('leaf 0'), read('leaf 1')]);
  const inner = ['inner 0', 'inner 1'].map((key, k) => piece(key, 1, [], async () => leaf(k)));
  const nested = piece('nested', 3, ['leaf 2'], async ({ read, within }) => {
    await within(inner);
    return { inner: inner.map(({ key }) => read(key)), outer: read('leaf 2') };
  });
  const last = piece('last', 2, ['nested', 'pair'], async ({ read }) => new Map([['nested', read('nested')]]));
  return [...leaves, pair, nested, last];
}
const work = smallWork();
const keys = [...work.map(({ key }) => key), 'inner 0', 'inner 1'];
const right = new Map<string, unknown>();

/** Takes and reads until what is read is whole, as hjb study does. */
async function found(store: Store, signal?: AbortSignal): Promise<Map<string, unknown>> {
  for (let round = 0; round < 20; round++) {
    await takePieces(work, store, { kernel: plainKernel(), signal });
    try {
      return new Map(work.map(({ key }) => [key, store.read(key)]));
    } catch (error) {
      if (!(error instanceof SpoiltEntry)) throw error;
    }
  }
  throw new Error('pieces are spoilt again and again');
}

/** Damage to a store; `entry` and `other` are names of entries, `bytes` anything. */
interface Place {
  readonly store: string;
  readonly entry: string;
  readonly other: string;
  readonly bytes: Uint8Array;
  readonly at: number;
}
type Damage = (place: Place) => void;

const garbage = ['', 'null', '[]', '{}', '7', '"x"', '{"format":1}', '{"label":"\\u001b[2J","key":{}}', '{'];
const lock = ({ store, entry }: Place) => join(store, 'locks', entry);
const file = (name: 'value.bin' | 'entry.json'): ((place: Place) => string) => {
  return ({ store, entry }) => join(store, entry, name);
};
const changedBytes =
  (name: 'value.bin' | 'entry.json', change: (bytes: Buffer, place: Place) => Uint8Array | string): Damage =>
  (place) => {
    const path = file(name)(place);
    if (existsSync(path) && lstatSync(path).isFile()) writeFileSync(path, change(readFileSync(path), place));
  };
const instead =
  (where: (place: Place) => string, put: (path: string, place: Place) => void): Damage =>
  (place) => {
    const path = where(place);
    if (!isFolder(join(path, '..'))) return;
    rmSync(path, { recursive: true, force: true });
    put(path, place);
  };
const isFolder = (path: string) => existsSync(path) && lstatSync(path).isDirectory();
const holder = (of: object) =>
  JSON.stringify({ label: 'x', host: hostname(), pid: dead, began: '1', fraction: 0.5, ...of });
const folderWithFile = (path: string) => {
  mkdirSync(path);
  writeFileSync(join(path, 'foreign'), 'foreign');
};
const entryAt = ({ store, entry }: Place) => join(store, entry);
const locksAt = ({ store }: Place) => join(store, 'locks');
const flipped = (bytes: Buffer, { at }: Place) => bytes.map((byte, k) => (k === at % bytes.length ? byte ^ 4 : byte));

const damages: readonly Damage[] = [
  changedBytes('value.bin', flipped),
  changedBytes('value.bin', (bytes, { at }) => bytes.subarray(0, at % (bytes.length + 1))),
  changedBytes('value.bin', (_, { bytes }) => bytes),
  changedBytes('entry.json', flipped),
  changedBytes('entry.json', (bytes, { at }) => bytes.subarray(0, at % (bytes.length + 1))),
  changedBytes('entry.json', (_, { at }) => garbage[at % garbage.length]),
  changedBytes('entry.json', (bytes) => bytes.toString().replace(CODE, 'another')),
  changedBytes('entry.json', (bytes, { at }) =>
    bytes.toString().replace(/"label": .*/, `"label": ${garbage[at % 6]},`),
  ),
  instead(file('value.bin'), folderWithFile),
  instead(file('entry.json'), folderWithFile),
  instead(file('entry.json'), (path) => symlinkSync('nowhere', path)),
  instead(file('value.bin'), () => {}),
  instead(file('entry.json'), () => {}),
  instead(entryAt, () => {}),
  instead(entryAt, folderWithFile),
  instead(entryAt, (path) => writeFileSync(path, 'a file')),
  instead(entryAt, (path) => symlinkSync('nowhere', path)),
  instead(entryAt, (path, { store, other, entry }) => {
    if (existsSync(join(store, other)) && other !== entry) cpSync(join(store, other), path, { recursive: true });
  }),
  instead(locksAt, (path) => writeFileSync(path, 'a file')),
  instead(locksAt, (path) => symlinkSync('nowhere', path)),
  instead(locksAt, () => {}),
  instead(lock, (path) => writeFileSync(path, holder({}))),
  instead(lock, (path) => writeFileSync(path, holder({ pid: process.pid, began: '1' }))),
  instead(lock, (path, { at }) => writeFileSync(path, holder({ pid: [0, -1, 1.5, null, 'x'][at % 5] }))),
  instead(lock, (path, { at }) => writeFileSync(path, garbage[at % garbage.length])),
  instead(lock, folderWithFile),
  instead(lock, (path) => {
    writeFileSync(path, holder({ host: 'elsewhere', pid: 1 }));
    utimesSync(path, 1, 1);
  }),
  instead(lock, (path) => {
    writeFileSync(path, holder({ host: 'elsewhere', pid: 1 }));
    utimesSync(path, 4e9, 4e9);
  }),
  ({ store, entry, at }) => {
    const part = join(store, `.part-${entry}-${dead}-abc`);
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, 'value.bin'), 'half');
    utimesSync(part, at % 2, 1);
  },
  ({ store }) => folderWithFile(mkdtempSync(join(store, 'foreign-')).concat('/f')),
  ({ store, at }) => writeFileSync(join(store, 'plan.json'), garbage[at % garbage.length]),
];

const drawnDamage = fc.record({
  kind: fc.nat(damages.length - 1),
  entry: fc.constantFrom(...keys),
  other: fc.constantFrom(...keys),
  bytes: fc.uint8Array({ maxLength: 40 }),
  at: fc.nat(4000),
});

/** How many draws: 300 in the fast lane, 3·10³ more in the full one. */
const lanes = [
  { lane: 'some', tags: [], draws: 300, begins: seed },
  { lane: 'many', tags: ['full'], draws: 3000, begins: seed + 1 },
];

let count = 0;
const fresh = () => join(folder, `case-${count++}`);
const nameOf = (key: string) => entryName(key, CODE);

describe.for(lanes)('$lane draws', ({ tags, draws, begins }) => {
  test('a damaged store gives every right value, names what it does not use, and ends', { tags }, async () => {
    if (right.size === 0) for (const [key, value] of await found(openStore(fresh(), CODE))) right.set(key, value);
    // What was damaged is whole again after every draw.
    const store = fresh();
    await found(openStore(store, CODE));
    await fc.assert(
      fc.asyncProperty(fc.array(drawnDamage, { minLength: 1, maxLength: 3 }), async (drawn) => {
        for (const { kind, entry, other, ...how } of drawn) {
          damages[kind]({ store, entry: nameOf(entry), other: nameOf(other), ...how });
        }
        const opened = openStore(store, CODE);
        expect(await found(opened, AbortSignal.timeout(4000))).toEqual(right);
        for (const trouble of opened.troubles) expect(trouble).toMatch(/^\P{Cc}*(it is found again|no locks: .*)$/u);
        const again = openStore(store, CODE);
        expect(await found(again, AbortSignal.timeout(4000))).toEqual(right);
        expect(again.troubles).toEqual([]);
        expect(again.holders()).toEqual([]);
        for (const name of readdirSync(store))
          if (name.startsWith('foreign-')) rmSync(join(store, name), { recursive: true });
      }),
      { numRuns: draws, seed: begins, endOnFailure: true },
    );
  });
});

test('a disk that takes nothing and lets nothing go loses no value and asks nobody to wait', async () => {
  const store = fresh();
  const opened = openStore(store, CODE);
  await found(opened);
  // In the place of the folder stands a file: neither a lock nor an entry can be written, read or removed.
  renameSync(store, `${store}-away`);
  writeFileSync(store, 'a file');
  expect(await found(opened, AbortSignal.timeout(4000))).toEqual(right.size === 0 ? expect.anything() : right);
  expect(opened.troubles.join('\n')).toContain('takes no more');
});
