/**
 * A folder of results that is published as a whole: everything is written into a folder beside it, which then takes
 * its place by renaming. Whoever looks finds the old results or the new ones; after a crash between the two renames
 * the next run puts the old ones back (`restoreFolder`). Files that are not of these results move along.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { copyFile, cp, link, mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isAlive } from './living.ts';

const PART = '.part-';
const OLD = '.old-';
/** Times that other runs may publish between two renames of this one. */
const ROUNDS = 100;

/** A file of a folder, by its path in it, "tables/epsilon.csv". */
type Inside = string;

/**
 * Publishes what `write` puts into the folder it is given; the paths that it returns, in the published folder. `owned`
 * tells the files of results in a folder that was published before; all others in it stay, under another name where
 * a folder stands in the way of a file or a file in that of a folder. Throws what the file system throws.
 */
export async function publishFolder(
  directory: string,
  owned: (directory: string) => readonly Inside[],
  write: (part: string) => Promise<string[]>,
): Promise<string[]> {
  const target = placeOf(directory);
  const mark = `${hostname()}.${process.pid}.${randomUUID().slice(0, 8)}`;
  if (isWorkedIn(target)) return publishInside(directory, owned(target), mark, write);
  const part = `${target}${PART}${mark}`;
  try {
    await mkdir(part, { recursive: true });
    const written = await write(part);
    const olds: string[] = [];
    while (!(await exchanged({ target, part, old: `${target}${OLD}${mark}-${olds.length}` }, owned, olds))) {
      if (olds.length >= ROUNDS) throw new Error(`${directory} is published by others all the time`);
    }
    // What they held and is not of the results stands in the new folder.
    for (const old of olds) await rm(old, { recursive: true, force: true });
    return written.map((path) => join(directory, relative(part, path)));
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Whether this process works in the folder: it would stand in one that is gone, and so would the shell behind it. */
function isWorkedIn(target: string): boolean {
  const here = process.cwd();
  return here === target || here.startsWith(target.endsWith(sep) ? target : `${target}${sep}`);
}

/** Publishes into a folder that cannot be exchanged: file by file, each whole, all written before one is moved. */
async function publishInside(
  directory: string,
  owned: readonly Inside[],
  mark: string,
  write: (part: string) => Promise<string[]>,
): Promise<string[]> {
  const part = join(directory, `${PART}${mark}`);
  try {
    await mkdir(part);
    const written = (await write(part)).map((path) => relative(part, path));
    const entries = readdirSync(part, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map((entry) => relative(part, join(entry.parentPath, entry.name)));
    for (const path of owned.filter((each) => !files.includes(each))) await rm(join(directory, path), { force: true });
    for (const path of files) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await rename(join(part, path), join(directory, path));
    }
    return written.map((path) => join(directory, path));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** Where a folder really is, or will be: what a link leads to. */
function placeOf(directory: string): string {
  if (existsSync(directory)) return realpathSync(directory);
  const place = resolve(directory);
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? resolve(dirname(place), readlinkSync(place)) : place;
}

interface Places {
  readonly target: string;
  readonly part: string;
  readonly old: string;
}

/**
 * Takes the old folder away, which one run alone can do, moves what is not of the results along, and puts the new one
 * there; false where another run has published in between, whose folder is to be taken next.
 */
async function exchanged(
  { target, part, old }: Places,
  owned: (directory: string) => readonly Inside[],
  olds: string[],
): Promise<boolean> {
  const before = folderAt(target);
  // Told before, so that the place is empty for no longer than renaming takes.
  const known = before === null ? [] : owned(target);
  const isTaken = await renamed(target, old);
  try {
    if (isTaken) {
      olds.push(old);
      const files = folderAt(old) === before ? known : owned(old);
      await keepOthers({ target: old, part }, new Set(files), '');
    }
    await rename(part, target);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    if (isTaken && !existsSync(target)) await rename(old, target);
    throw error;
  }
}

/** Which folder stands there; null where none does. */
function folderAt(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Hard links, or copies where a file system has none: until the exchange the old folder loses nothing. */
async function keepOthers(
  { target, part }: Pick<Places, 'target' | 'part'>,
  owned: ReadonlySet<Inside>,
  inside: Inside,
  as = inside,
): Promise<void> {
  for (const name of readdirSync(join(target, inside))) {
    const path = inside === '' ? name : `${inside}/${name}`;
    const [from, own] = [join(target, path), as === '' ? name : `${as}/${name}`];
    const [isFolder, inTheWay] = [lstatSync(from).isDirectory(), lstatSync(join(part, own), { throwIfNoEntry: false })];
    const free = inTheWay === undefined || inTheWay.isDirectory() === isFolder ? own : freeBeside(part, own);
    const to = join(part, free);
    if (isFolder) {
      if (!existsSync(to)) {
        if (holdsOnly(from, owned, path)) continue;
        await mkdir(to);
      }
      await keepOthers({ target, part }, owned, path, free);
    } else if (!owned.has(path) && !existsSync(to)) await linkOrCopy(from, to);
  }
}

/** A name that nothing has, beside one that results have taken. */
function freeBeside(part: string, path: Inside): Inside {
  for (let k = 1; ; k++) {
    if (lstatSync(join(part, `${path}~${k}`), { throwIfNoEntry: false }) === undefined) return `${path}~${k}`;
  }
}

/** A link of anything: links, pipes and sockets too are names of one file. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() =>
    lstatSync(from).isFile() ? copyFile(from, to) : cp(from, to, { verbatimSymlinks: true }),
  );
}

/** Whether a folder holds nothing but owned files. */
function holdsOnly(folder: string, owned: ReadonlySet<Inside>, inside: Inside): boolean {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return (
    names.length > 0 &&
    names.every((entry) => owned.has(join(inside, relative(folder, join(entry.parentPath, entry.name)))))
  );
}

/** What killed runs left beside a folder: old results are put back where none stand, unfinished ones go. */
export function restoreFolder(directory: string): void {
  const target = placeOf(directory);
  const parent = dirname(target);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const left = [PART, OLD].find((between) => name.startsWith(`${basename(target)}${between}`));
    if (left === undefined || isOfLivingRun(name.slice(basename(target).length + left.length))) continue;
    const path = join(parent, name);
    if (left === OLD && !existsSync(target)) renameSync(path, target);
    else rmSync(path, { recursive: true, force: true });
  }
}

/** Of a run of another machine nobody knows here whether it lives: its folder stays, and what is no mark of a run. */
function isOfLivingRun(mark: string): boolean {
  const [, host, pid] = /^(.+)\.([1-9]\d*)\.[0-9a-f]{8}(?:-\d+)?$/.exec(mark) ?? [];
  return host !== hostname() || isAlive(Number(pid));
}
