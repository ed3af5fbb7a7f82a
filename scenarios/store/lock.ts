/**
 * Who has a piece in hand: one file per piece, made so that only one process can make it. The file says which process
 * of which machine, and is touched while that process lives. A lock is stale where the process is gone (on this
 * machine) or has not touched it for a while (on others). Locks save work and guard nothing: entries are whole by
 * themselves, and two processes that find the same piece find the same value.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive } from './living.ts';
import { writeWhole } from './whole-file.ts';

/** What stands in a lock. */
export interface Holder {
  readonly label: string;
  readonly host: string;
  readonly pid: number;
  /** When this process of the host began, in ticks since its boot: numbers of processes are used again. */
  readonly began: string | null;
  /** The fraction done when it was last written. */
  readonly fraction: number;
}

/** A lock of another machine that was not touched for so many seconds is stale, and so is one of a time to come. */
const SILENCE = 120;
/** Seconds between two touches. */
const BEAT = 2;

export interface Lock {
  readonly beat: (fraction: number) => void;
  readonly release: () => void;
}

/** Makes the lock, taking a stale one away; null where another process holds it. */
export function lockAt(path: string, label: string): Lock | null {
  const own: Holder = { label, host: hostname(), pid: process.pid, began: beganOf(process.pid), fraction: 0 };
  const whole = `${path}-${process.pid}-${randomUUID().slice(0, 8)}`;
  writeFileSync(whole, JSON.stringify(own));
  try {
    // A link is made whole or not at all: nobody reads half a lock.
    if (!linked(whole, path)) {
      if (!isStale(path)) return null;
      takeAway(path);
      if (!linked(whole, path)) return null;
    }
  } finally {
    rmSync(whole, { force: true });
  }
  return held(path, own);
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function held(path: string, own: Holder): Lock {
  let touched = performance.now();
  return {
    beat(fraction) {
      if (performance.now() - touched < 1000 * BEAT) return;
      touched = performance.now();
      quietly(() => writeWhole(path, JSON.stringify({ ...own, fraction })));
    },
    release: () => quietly(() => rmSync(path, { force: true })),
  };
}

/** A lock that cannot be touched or taken away is found stale by others. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {}
}

function takeAway(path: string): void {
  const away = `${path}-${process.pid}-stale`;
  quietly(() => renameSync(path, away));
  rmSync(away, { recursive: true, force: true });
}

/** Who holds the lock; null where there is none or it cannot be read. */
export function holderOf(path: string): Holder | null {
  try {
    if (!statSync(path).isFile()) return null;
    const holder = JSON.parse(readFileSync(path, 'utf8'));
    return isHolder(holder) ? holder : null;
  } catch {
    return null;
  }
}

function isHolder(found: Partial<Record<keyof Holder, unknown>> | null): found is Holder {
  const { label, host, pid, began, fraction } = found ?? {};
  const areTexts =
    typeof label === 'string' && typeof host === 'string' && (began === null || typeof began === 'string');
  return areTexts && Number.isInteger(pid) && Number(pid) > 0 && Number.isFinite(fraction);
}

/**
 * Whether its process is gone. A lock that has just vanished is not stale: the next look finds it free; one that cannot
 * be read is, since locks are made whole.
 */
export function isStale(path: string): boolean {
  const holder = holderOf(path);
  const age = ageOf(path);
  if (age === null) return false;
  if (holder === null) return true;
  if (holder.host !== hostname()) return Math.abs(age) > SILENCE;
  return !isAlive(holder.pid) || (holder.began !== null && beganOf(holder.pid) !== holder.began);
}

/** Seconds since the lock was touched by the clock of its file system, which two machines share. */
function ageOf(path: string): number | null {
  const probe = `${path}-${process.pid}-now`;
  try {
    writeFileSync(probe, '');
    const [now, then] = [statSync(probe).mtimeMs, lstatSync(path).mtimeMs];
    return (now - then) / 1000;
  } catch {
    return null;
  } finally {
    rmSync(probe, { force: true });
  }
}

/** The 22nd field of /proc/PID/stat, behind the name in brackets; null where there is no /proc. */
function beganOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
