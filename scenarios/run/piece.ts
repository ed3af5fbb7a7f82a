import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Checkpoint } from '../../src/time/checkpoint.ts';

/** One piece of a long work: what it finds depends on its key alone, so that it can be kept and found by anybody. */
export interface Piece {
  /** Everything the value depends on, as text. */
  readonly key: string;
  /** What progress and messages call it. */
  readonly label: string;
  /** Seconds of one core, roughly. */
  readonly cost: number;
  /** Bytes it holds while it is found, roughly. */
  readonly bytes: number;
  /** Keys of the pieces whose values it reads. */
  readonly after: readonly string[];
  /** Pieces of one kin share what is made for the first of them, such as coefficients on a grid. */
  readonly kin: string;
  /** Keys of pieces that nobody needs once this one is kept. */
  readonly spends?: () => readonly string[];
  /** The value: plain data, arrays of numbers, maps. */
  find(lent: Lent): Promise<unknown>;
}

/** What a piece is lent while it is found. */
export interface Lent {
  readonly kernel: Kernel;
  readonly signal?: AbortSignal;
  /** Seconds from any origin. */
  readonly clock?: () => number;
  /** The fraction of this piece that is done. */
  readonly progress: (fraction: number) => void;
  /** The value of a piece it comes after, or of one that was found within. */
  readonly read: (key: string) => unknown;
  /** Where a long march keeps its state; none where results are kept in memory. */
  readonly checkpoint?: Checkpoint;
  /** Finds pieces that this one is made of: kept like all others, and found with others who look for them. */
  readonly within: (pieces: readonly Piece[]) => Promise<void>;
}

/** Where values of pieces are kept; several processes may share one place. */
export interface Results {
  has(key: string): boolean;
  /** Throws SpoiltEntry where what is kept is no longer what was written. */
  read(key: string): unknown;
  keep(piece: Pick<Piece, 'key' | 'label'>, value: unknown): void;
  forget(keys: readonly string[]): void;
  /** Where the march of this piece keeps its state until the piece is kept. */
  checkpoint?(piece: Pick<Piece, 'key' | 'label'>): Checkpoint;
  /** The right to find this piece; null where another process has it. */
  claim(piece: Pick<Piece, 'key' | 'label'>): Claim | null;
}

/** A piece in hand. */
export interface Claim {
  /** Tells others that it is alive, and how far. */
  readonly beat: (fraction: number) => void;
  readonly release: () => void;
}

/** What was kept cannot be trusted and has been put away: the piece is to be found again. */
export class SpoiltEntry extends Error {
  override name = 'SpoiltEntry';
  /** Of the piece. */
  readonly key: string;

  constructor(key: string, message: string) {
    super(message);
    this.key = key;
  }
}

/** Values in the memory of this process, which nobody else sees. */
export function memoryResults(): Results {
  const values = new Map<string, unknown>();
  return {
    has: (key) => values.has(key),
    read(key) {
      if (!values.has(key)) throw new Error(`nothing was planned under ${key}`);
      return values.get(key);
    },
    keep: ({ key }, value) => void values.set(key, value),
    forget(keys) {
      for (const key of keys) values.delete(key);
    },
    claim: () => ({ beat() {}, release() {} }),
  };
}
