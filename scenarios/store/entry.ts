/**
 * One finished piece on disk: a folder named by the hash of its key, with `value.bin` (structured clone, as node:v8
 * writes it) and `entry.json`, which says of what it is the value and holds its checksum. It is made under another
 * name, synced and renamed, so that a folder under its own name is whole or was damaged later.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** What stands in entry.json. */
export interface EntryHead {
  readonly format: typeof FORMAT;
  readonly key: string;
  readonly label: string;
  /** Which program found it. */
  readonly code: string;
  readonly bytes: number;
  readonly sha256: string;
}

const FORMAT = 1;
const HEAD = 'entry.json';
const VALUE = 'value.bin';
/** Beginning of the names of folders that are being written. */
export const PART = '.part-';

/** The name of an entry: 128 bits of the hash of its key and of the program. */
export function entryName(key: string, code: string): string {
  return hashOf(`${code}\n${key}`).slice(0, 32);
}

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether there is an entry; whether it can be trusted shows when it is read. */
export function hasEntry(directory: string, name: string): boolean {
  return existsSync(join(directory, name, HEAD));
}

/**
 * Writes an entry whole. Where another process was first, its entry stays: both hold the same value. What stands there
 * and cannot be read goes. Throws what the file system throws.
 */
export function writeEntry(directory: string, of: Pick<EntryHead, 'key' | 'label' | 'code'>, value: unknown): void {
  const name = entryName(of.key, of.code);
  const part = join(directory, `${PART}${name}-${process.pid}-${randomUUID().slice(0, 8)}`);
  try {
    mkdirSync(part);
    const bytes = serialize(value);
    const head: EntryHead = { format: FORMAT, ...of, bytes: bytes.length, sha256: hashOf(bytes) };
    writeSynced(join(part, VALUE), bytes);
    writeSynced(join(part, HEAD), `${JSON.stringify(head, null, 2)}\n`);
    syncFolder(part);
    placed(part, join(directory, name), () => typeof readEntry(directory, name, of.key) !== 'string');
    syncFolder(directory);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    throw error;
  }
}

function placed(part: string, path: string, isWhole: () => boolean): void {
  try {
    renameSync(part, path);
  } catch {
    rmSync(isWhole() ? part : path, { recursive: true, force: true });
    if (existsSync(part)) renameSync(part, path);
  }
}

/** What an entry holds, and how much it is. */
export interface Entry {
  readonly value: unknown;
  readonly bytes: number;
}

/** The value of an entry, or why it cannot be trusted. */
export function readEntry(directory: string, name: string, key: string): Entry | string {
  const head = headOf(directory, name);
  if (head === null) return 'its entry.json cannot be read';
  if (head.format !== FORMAT) return `it has the format ${head.format}`;
  if (head.key !== key) return 'it is the value of something else';
  if (entryName(key, String(head.code)) !== name) return 'it was found by another program';
  const bytes = bytesOf(directory, name, VALUE);
  if (bytes === null) return 'its value.bin cannot be read';
  if (bytes.length !== head.bytes) return `it has ${bytes.length} bytes of ${head.bytes}`;
  if (hashOf(bytes) !== head.sha256) return 'its checksum is wrong';
  try {
    return { value: deserialize(bytes), bytes: bytes.length };
  } catch {
    return 'its value.bin holds no value';
  }
}

/** What an entry says of itself; null where it cannot be read. */
export function headOf(directory: string, name: string): EntryHead | null {
  try {
    const head = JSON.parse(bytesOf(directory, name, HEAD)?.toString('utf8') ?? 'null');
    return typeof head === 'object' ? head : null;
  } catch {
    return null;
  }
}

/** Null for what is no file: a pipe would be waited for. */
function bytesOf(directory: string, name: string, file: string): Buffer | null {
  const path = join(directory, name, file);
  try {
    return statSync(path).isFile() ? readFileSync(path) : null;
  } catch {
    return null;
  }
}

function writeSynced(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
