/**
 * A folder of results that is published as a whole: everything is written into a folder beside it, which then takes
 * its place by renaming. Whoever looks finds the old results or the new ones; after a crash between the two renames
 * the next run puts the old ones back (`restoreFolder`). Files that are not of these results move along.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { copyFile, cp, link, mkdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';

const PART = '.part-';
const OLD = '.old-';

/** A file of a folder, by its path in it, "tables/epsilon.csv". */
type Inside = string;

/**
 * Publishes what `write` puts into the folder it is given; the paths that it returns, in the published folder. `owned`
 * are files of results that were published there before; all others in it stay. Throws what the file system throws.
 */
export async function publishFolder(
  directory: string,
  owned: readonly Inside[],
  write: (part: string) => Promise<string[]>,
): Promise<string[]> {
  const target = placeOf(directory);
  const mark = `${hostname()}.${process.pid}.${randomUUID().slice(0, 8)}`;
  const part = `${target}${PART}${mark}`;
  try {
    await mkdir(part, { recursive: true });
    const written = await write(part);
    if (existsSync(target)) await keepOthers({ target, part }, new Set(owned), '');
    await exchange(target, part, `${target}${OLD}${mark}`);
    return written.map((path) => join(directory, relative(part, path)));
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** Where a folder really is: what a link leads to. */
function placeOf(directory: string): string {
  return existsSync(directory) ? realpathSync(directory) : resolve(directory);
}

/** Hard links, or copies where a file system has none: until the exchange the old folder loses nothing. */
async function keepOthers(
  { target, part }: { readonly target: string; readonly part: string },
  owned: ReadonlySet<Inside>,
  inside: Inside,
): Promise<void> {
  for (const name of readdirSync(join(target, inside))) {
    const path = inside === '' ? name : `${inside}/${name}`;
    const [from, to] = [join(target, path), join(part, path)];
    const found = lstatSync(from);
    if (found.isDirectory()) {
      if (existsSync(to)) await keepOthers({ target, part }, owned, path);
      else if (!holdsOnly(from, owned, path)) {
        await mkdir(to);
        await keepOthers({ target, part }, owned, path);
      }
    } else if (!owned.has(path) && !existsSync(to)) {
      if (!found.isFile()) await cp(from, to, { verbatimSymlinks: true });
      else await link(from, to).catch(() => copyFile(from, to));
    }
  }
}

/** Whether a folder holds nothing but owned files. */
function holdsOnly(folder: string, owned: ReadonlySet<Inside>, inside: Inside): boolean {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  return (
    names.length > 0 &&
    names.every((entry) => owned.has(join(inside, relative(folder, join(entry.parentPath, entry.name)))))
  );
}

async function exchange(target: string, part: string, old: string): Promise<void> {
  if (existsSync(target)) await rename(target, old);
  try {
    await rename(part, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    // Another run has published meanwhile: its folder is whole, and this one takes its place.
    await rename(target, `${old}-2`);
    await rename(part, target);
    await rm(`${old}-2`, { recursive: true, force: true });
  }
  await rm(old, { recursive: true, force: true });
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

/** Of a run of another machine nobody knows here whether it lives: its folder stays. */
function isOfLivingRun(mark: string): boolean {
  const words = mark.split('.');
  const [pid, host] = [Number(words.at(-2)), words.slice(0, -2).join('.')];
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
