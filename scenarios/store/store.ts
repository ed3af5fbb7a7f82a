/**
 * A folder in which the pieces of a work are kept as they are found, so that a work that was killed goes on where it
 * stopped, and several processes share one work:
 *
 *   NAME/                       an entry (entry.ts), NAME a hash of the key of its piece and of the program
 *   locks/NAME                  who has it in hand (lock.ts)
 *   states/NAME                 how far its march is (states.ts)
 *   plan.json                   of what the pieces are: for people, and for hjb study --status
 */
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Claim, type Piece, type Results, SpoiltEntry } from '../run/piece.ts';
import { entryName, hasEntry, headOf, PART, readEntry, writeEntry } from './entry.ts';
import { type Holder, holderOf, isStale, lockAt } from './lock.ts';
import { checkpointAt, dropState } from './states.ts';

const LOCKS = 'locks';
/** Names that are being written, or put away, by a process that died, are swept after so many seconds. */
const LEFT = 600;

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
  mkdirSync(join(directory, LOCKS), { recursive: true });
  sweep(directory);
  const troubles: string[] = [];
  // What the disk does not take stays in memory: nothing that was found is lost while this process lives.
  const unkept = new Map<string, unknown>();
  const recent = recentValues(MOST_RECENT);
  const lockOf = (name: string) => join(directory, LOCKS, name);
  return {
    directory,
    troubles,
    has: (key) => unkept.has(key) || hasEntry(directory, entryName(key, code)),
    read(key) {
      if (unkept.has(key)) return unkept.get(key);
      if (recent.has(key)) return recent.get(key);
      const name = entryName(key, code);
      const found = readEntry(directory, name, key);
      if (typeof found !== 'string') return recent.add(key, found);
      const label = headOf(directory, name)?.label;
      rmSync(join(directory, name), { recursive: true, force: true });
      troubles.push(`${join(directory, name)} (${label ?? 'unknown'}) is not used: ${found}; it is found again`);
      throw new SpoiltEntry(troubles[troubles.length - 1]);
    },
    keep({ key, label }, value) {
      try {
        writeEntry(directory, { key, label, code }, value);
        dropState(directory, entryName(key, code));
      } catch (error) {
        if (!isOfDisk(error)) throw error;
        if (unkept.size === 0) troubles.push(`${directory} takes no more: ${(error as Error).message}`);
        unkept.set(key, value);
      }
    },
    forget(keys) {
      for (const key of keys) {
        unkept.delete(key);
        recent.delete(key);
        rmSync(join(directory, entryName(key, code)), { recursive: true, force: true });
      }
    },
    checkpoint: ({ key }) => checkpointAt(directory, entryName(key, code), (sentence) => void troubles.push(sentence)),
    claim: (piece) => claimed(lockOf(entryName(piece.key, code)), piece),
    holders: () => holdersIn(directory),
  };
}

/** Bytes of values that are kept in memory as well: tables look at the same solutions many times. */
const MOST_RECENT = 2 ** 28;

/** The values that were read last, as many as fit. */
function recentValues(most: number) {
  const values = new Map<string, { readonly value: unknown; readonly bytes: number }>();
  let held = 0;
  const drop = (key: string) => {
    held -= values.get(key)?.bytes ?? 0;
    values.delete(key);
  };
  return {
    has: (key: string) => values.has(key),
    get: (key: string) => values.get(key)?.value,
    delete: drop,
    add(key: string, found: { readonly value: unknown; readonly bytes: number }) {
      values.set(key, found);
      held += found.bytes;
      for (const oldest of values.keys()) {
        if (held <= most) break;
        drop(oldest);
      }
      return found.value;
    },
  };
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
export function isOfDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;
}

function holdersIn(directory: string): Holder[] {
  const locks = join(directory, LOCKS);
  if (!existsSync(locks)) return [];
  return namesIn(locks)
    .filter((name) => !isStale(join(locks, name)))
    .map((name) => holderOf(join(locks, name)))
    .filter((holder) => holder !== null);
}

/** Locks by their names, without what is beside them while they are made. */
function namesIn(locks: string): string[] {
  return readdirSync(locks).filter((name) => /^[0-9a-f]{32}$/.test(name));
}

/** Takes away what processes that were killed have left behind. */
function sweep(directory: string): void {
  const left = readdirSync(directory).filter((name) => name.startsWith(PART) && isOld(join(directory, name)));
  for (const name of left) rmSync(join(directory, name), { recursive: true, force: true });
  const locks = join(directory, LOCKS);
  for (const name of readdirSync(locks)) {
    const path = join(locks, name);
    if (namesIn(locks).includes(name) ? isStale(path) : isOld(path)) rmSync(path, { force: true });
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
  const names = readdirSync(directory).filter((name) => /^[0-9a-f]{32}$/.test(name));
  return names.filter((name) => headOf(directory, name)?.code !== code).length;
}

/** Takes every entry away. */
export function emptyStore(directory: string): void {
  if (!existsSync(directory)) return;
  const names = readdirSync(directory).filter((name) => /^[0-9a-f]{32}$/.test(name) || name.startsWith(PART));
  for (const name of names) rmSync(join(directory, name), { recursive: true, force: true });
}
