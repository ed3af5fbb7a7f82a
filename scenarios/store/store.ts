/**
 * A folder in which the pieces of a work are kept as they are found, so that a work that was killed goes on where it
 * stopped, and several processes share one work:
 *
 *   NAME/                       an entry (entry.ts), NAME a hash of the key of its piece and of the program
 *   locks/NAME                  who has it in hand (lock.ts)
 *   states/NAME                 how far its march is (states.ts)
 *   plan.json                   of what the pieces are: for people, and for hjb study --status
 */
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Claim, type Piece, type Results, SpoiltEntry } from '../run/piece.ts';
import { entryName, hasEntry, headOf, PART, readEntry, writeEntry } from './entry.ts';
import { type Holder, holderOf, isStale, lockAt } from './lock.ts';
import { MOST_RECENT, recentValues } from './recent-values.ts';
import { checkpointIn, dropState, stateOf } from './states.ts';
import { systemMessage } from './system-message.ts';

const LOCKS = 'locks';
/** Names that are being written, or put away, by a process that died, are swept after so many seconds. */
const LEFT = 600;

/** A label that no terminal obeys: damage can write anything. */
const PLAIN = /^[\p{L}\p{N}\p{P}\p{S}\p{M} ]*$/u;

/** Results on disk. */
export interface Store extends Results {
  readonly directory: string;
  /** What was wrong with it, in sentences, in the order in which it was met. */
  readonly troubles: readonly string[];
  /** Who has pieces in hand now. */
  holders(): Holder[];
}

/** Opens a store, made where it is missing. Throws what the file system throws. */
export function openStore(directory: string, code: string): Store {
  const troubles: string[] = [];
  makeLocks(directory, troubles);
  sweep(directory);
  // What the disk does not take stays in memory: nothing that was found is lost while this process lives.
  const unkept = new Map<string, unknown>();
  const recent = recentValues(MOST_RECENT);
  // Spoilt entries that the disk does not let go.
  const distrusted = new Set<string>();
  const lockOf = (name: string) => join(directory, LOCKS, name);
  return {
    directory,
    troubles,
    has: (key) => unkept.has(key) || (!distrusted.has(key) && hasEntry(directory, entryName(key, code))),
    read(key) {
      if (unkept.has(key)) return unkept.get(key);
      if (recent.has(key)) return recent.get(key);
      const name = entryName(key, code);
      const found = readEntry(directory, name, key);
      if (typeof found !== 'string') return recent.add(key, found);
      const label = headOf(directory, name)?.label;
      if (!isTakenAway(join(directory, name))) distrusted.add(key);
      const shown = typeof label === 'string' && PLAIN.test(label) ? label : 'unknown';
      troubles.push(`${join(directory, name)} (${shown}) is not used: ${found}; it is found again`);
      throw new SpoiltEntry(key, troubles[troubles.length - 1]);
    },
    keep({ key, label }, value) {
      try {
        writeEntry(directory, { key, label, code }, value);
        dropState(directory, entryName(key, code));
        distrusted.delete(key);
      } catch (error) {
        if (!isOfDisk(error)) throw error;
        if (unkept.size === 0) troubles.push(`${directory} takes no more: ${systemMessage(error)}`);
        unkept.set(key, value);
      }
    },
    forget(keys) {
      for (const key of keys) {
        unkept.delete(key);
        recent.delete(key);
        if (!isTakenAway(join(directory, entryName(key, code)))) distrusted.add(key);
      }
    },
    checkpoint({ key }) {
      const file = stateOf(directory, entryName(key, code));
      return checkpointIn(file, {
        unusable: (reason) => void troubles.push(`${file.path} is not used: ${reason}; the solve begins anew`),
        unkept: (reason) => void troubles.push(`the state of a solve is not kept: ${reason}`),
      });
    },
    claim: (piece) => claimed(lockOf(entryName(piece.key, code)), piece),
    holders: () => holdersIn(directory),
  };
}

/** A file in the place of the locks goes; there may be none. Throws where no store can be made. */
function makeLocks(directory: string, troubles: string[]): void {
  mkdirSync(directory, { recursive: true });
  const locks = join(directory, LOCKS);
  if (statSync(locks, { throwIfNoEntry: false })?.isDirectory() === true) return;
  try {
    rmSync(locks, { force: true });
    mkdirSync(locks);
  } catch (error) {
    troubles.push(`${directory} has no locks: ${(error as Error).message}`);
  }
}

/** Whether nothing stands there any more: a disk may be read-only. */
function isTakenAway(path: string): boolean {
  try {
    rmSync(path, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

/** Where no lock can be made nobody else is kept from the piece, which costs work and no truth. */
function claimed(path: string, { label }: Pick<Piece, 'label'>): Claim | null {
  try {
    return lockAt(path, label);
  } catch (error) {
    if (!isOfDisk(error)) throw error;
    return { beat() {}, release() {} };
  }
}

/** An error of the file system, such as a full or a read-only disk. */
export function isOfDisk(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
}

function holdersIn(directory: string): Holder[] {
  const locks = join(directory, LOCKS);
  return namesIn(locks)
    .filter(isName)
    .filter((name) => !isStale(join(locks, name)))
    .map((name) => holderOf(join(locks, name)))
    .filter((holder) => holder !== null);
}

/** The entries of a store by their names. */
export function entriesIn(directory: string): string[] {
  return readdirSync(directory).filter(isName);
}

/** Names of entries and of their locks, unlike what is beside them while they are made. */
function isName(name: string): boolean {
  return /^[0-9a-f]{32}$/.test(name);
}

/** What is in a folder; nothing where it is none. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Takes away what processes that were killed have left behind. */
function sweep(directory: string): void {
  const left = namesIn(directory).filter((name) => name.startsWith(PART) && isOld(join(directory, name)));
  for (const name of left) isTakenAway(join(directory, name));
  const locks = join(directory, LOCKS);
  for (const name of namesIn(locks)) {
    const path = join(locks, name);
    if (isName(name) ? isStale(path) : isOld(path)) isTakenAway(path);
  }
}

/** Nobody works so long on one name; a process that does finds its folder gone, and keeps the value in memory. */
function isOld(path: string): boolean {
  try {
    return (Date.now() - statSync(path).mtimeMs) / 1000 > LEFT;
  } catch {
    return false;
  }
}

/** Entries of other versions of the program: how many. */
export function foreignEntries(directory: string, code: string): number {
  const names = namesIn(directory).filter(isName);
  return names.filter((name) => headOf(directory, name)?.code !== code).length;
}

/** Takes every entry away. */
export function emptyStore(directory: string): void {
  const names = namesIn(directory).filter((name) => isName(name) || name.startsWith(PART));
  for (const name of names) rmSync(join(directory, name), { recursive: true, force: true });
}
