/** Folders of results that are published beside foreign files, by several runs at once, and after a kill. */
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { publishFolder, restoreFolder } from '../../scenarios/store/publish-folder.ts';
import { dead, scratchFolder, seed } from '../damage.ts';

const folder = scratchFolder('published');

let count = 0;
const fresh = () => join(folder, `case-${count++}`);
const folderWithFile = (path: string) => {
  mkdirSync(path);
  writeFileSync(join(path, 'foreign'), 'foreign');
};

/** How many draws: 200 in the fast lane, 2·10³ more in the full one. */
const lanes = [
  { lane: 'some', tags: [], folders: 200, begins: seed },
  { lane: 'many', tags: ['full'], folders: 2000, begins: seed + 1 },
];

describe.for(lanes)('$lane draws', ({ tags, folders, begins }) => {
  test('publishing keeps what is not of the results, and ends with one whole folder', { tags }, async () => {
    await fc.assert(
      fc.asyncProperty(drawnFolder, fc.array(drawnResults, { minLength: 1, maxLength: 3 }), async (others, runs) => {
        const target = join(fresh(), 'out');
        mkdirSync(target, { recursive: true });
        for (const [path, kind] of others) place(join(target, path), kind);
        const before = contents(target);
        await Promise.all(runs.map((run, k) => published(target, run, String(k))));
        expect(readdirSync(join(target, '..'))).toEqual(['out']);
        const after = contents(target);
        const { names, mark } = resultsIn(target);
        for (const name of names) expect(after.get(name)).toBe(mark);
        const foreign = [...after].filter(([path]) => !names.includes(path)).map(([, content]) => content);
        const lost = [...before].filter(([path]) => !runs.some((run) => run.includes(path)));
        expect(foreign.filter((content) => content.startsWith('run '))).toEqual([]);
        for (const [, content] of lost) expect(foreign).toContain(content);
        rmSync(join(target, '..'), { recursive: true });
      }),
      { numRuns: folders, seed: begins, endOnFailure: true },
    );
  });
});

/** Paths of results and of what others have put there, which may stand in each other's way. */
const paths = ['a', 'b', 'tables/a', 'tables/b', 'tables', 'a/x', 'notes/deep/c', 'notes', 'b/tables/z'];
const drawnResults = fc.subarray(['a', 'b', 'tables/a', 'tables/b', 'notes/deep/c'], { minLength: 1 });
const drawnFolder = fc.array(
  fc.tuple(fc.constantFrom(...paths), fc.constantFrom('file', 'link', 'read-only', 'folder')),
  {
    maxLength: 4,
  },
);
let marks = 0;

function place(path: string, kind: string): void {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
    mkdirSync(join(path, '..'), { recursive: true });
    if (kind === 'file') writeFileSync(path, `foreign ${marks++}`);
    else if (kind === 'link') symlinkSync(`nowhere-${marks++}`, path);
    else if (kind === 'read-only') writeFileSync(path, `foreign ${marks++}`, { mode: 0o444 });
    else folderWithFile(path);
  } catch {
    // A file stands where the path leads through a folder.
  }
}

/** Every file and link by its path. */
function contents(directory: string, inside = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(directory, inside), { withFileTypes: true })) {
    const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) for (const [name, content] of contents(directory, path)) found.set(name, content);
    else if (entry.isSymbolicLink()) found.set(path, 'a link');
    else found.set(path, readFileSync(join(directory, path), 'utf8'));
  }
  return found;
}

function resultsIn(directory: string): { names: string[]; mark: string } {
  try {
    return JSON.parse(readFileSync(join(directory, 'results.json'), 'utf8'));
  } catch {
    return { names: [], mark: '' };
  }
}

function published(target: string, names: readonly string[], run: string): Promise<string[]> {
  const mark = `run ${run} ${names.join(' ')}`;
  const owned = (directory: string) => ['results.json', ...resultsIn(directory).names];
  return publishFolder(target, owned, async (part) => {
    for (const name of names) {
      mkdirSync(join(part, name, '..'), { recursive: true });
      writeFileSync(join(part, name), mark);
    }
    writeFileSync(join(part, 'results.json'), JSON.stringify({ names, mark }));
    return names.map((name) => join(part, name));
  });
}

test('results that a killed run had put aside are put back, through a link too', async () => {
  for (const isLinked of [false, true]) {
    const [home, place] = [fresh(), fresh()];
    mkdirSync(home);
    const target = join(home, 'out');
    if (isLinked) mkdirSync(place);
    const real = isLinked ? join(place, 'real') : target;
    if (isLinked) symlinkSync(real, target);
    mkdirSync(real);
    await published(target, ['a'], '0');
    renameSync(real, `${real}.old-${hostname()}.${dead}.0123abcd-0`);
    folderWithFile(`${real}.part-${hostname()}.${dead}.0123abcd`);
    folderWithFile(`${real}.part-mine`);
    restoreFolder(target);
    expect([...contents(target).keys()]).toEqual(['a', 'results.json']);
    expect(readdirSync(join(real, '..')).toSorted()).toEqual([
      isLinked ? 'real' : 'out',
      `${isLinked ? 'real' : 'out'}.part-mine`,
    ]);
  }
});
