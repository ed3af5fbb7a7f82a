/**
 * The loop of one process over the pieces of a work: it takes a piece that nobody has, finds it, keeps it, until every
 * piece is found. Processes that share results divide the work so without knowing of each other.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Claim, type Lent, type Piece, type Results, SpoiltEntry } from './piece.ts';

/** What a process lends to the pieces it takes. */
export interface Taking extends Omit<Lent, 'progress' | 'read' | 'within' | 'checkpoint'> {
  /** What is in hand, and the fraction of the whole work that is done. */
  readonly progress?: (label: string, fraction: number) => void;
}

/** Milliseconds between two looks at what other processes have found. */
const PATIENCE = 100;

/**
 * Finds every piece that is not found yet, and again what turns out to be spoilt while others read it. Throws what a
 * piece throws, and AbortError when cancelled.
 */
export async function takePieces(pieces: readonly Piece[], results: Results, lent: Taking): Promise<void> {
  const known = new Set(pieces.map(({ key }) => key));
  for (;;) {
    try {
      return await takeAll(pieces, { results, known }, lent);
    } catch (error) {
      // It has been put away, and whoever plans it finds it again: this work, a piece of it, or the work around it.
      if (!(error instanceof SpoiltEntry && known.has(error.key))) throw error;
    }
  }
}

/** Where values are kept, and the keys of all that this work plans, with what its pieces are made of. */
interface Kept {
  readonly results: Results;
  readonly known: Set<string>;
}

async function takeAll(pieces: readonly Piece[], kept: Kept, lent: Taking): Promise<void> {
  const work = workOf(pieces, kept.results);
  let kin = '';
  for (;;) {
    if (lent.signal?.aborted === true) throw new DOMException('the work was cancelled', 'AbortError');
    const next = work.next(kin);
    if (next === 'all found') return;
    if (next === 'others have them') {
      lent.progress?.('waiting for other processes', work.fraction());
      await delay(PATIENCE, undefined, { signal: lent.signal });
      continue;
    }
    kin = next.piece.kin;
    await find(next, work, kept, lent);
  }
}

interface InHand {
  readonly piece: Piece;
  readonly claim: Claim;
}

async function find({ piece, claim }: InHand, work: Work, { results, known }: Kept, lent: Taking): Promise<void> {
  const progress = (fraction: number) => {
    claim.beat(fraction);
    lent.progress?.(piece.label, work.fraction(piece.cost * fraction));
  };
  try {
    progress(0);
    const read = (key: string) => results.read(key);
    const within = (inner: readonly Piece[]) => {
      for (const { key } of inner) known.add(key);
      return takePieces(inner, results, { ...lent, progress: (_, fraction) => progress(fraction) });
    };
    const value = await piece.find({ ...lent, progress, read, within, checkpoint: results.checkpoint?.(piece) });
    // What a cancelled solve has found is no value.
    if (lent.signal?.aborted === true) return;
    results.keep(piece, value);
    results.forget(piece.spends?.() ?? []);
  } finally {
    claim.release();
  }
}

interface Work {
  /** A piece to take, preferably of this kin, else the costliest. */
  next(kin: string): InHand | 'all found' | 'others have them';
  /** The share of all cost that is found, with what is done of the piece in hand. */
  fraction(inHand?: number): number;
}

function workOf(pieces: readonly Piece[], results: Results): Work {
  // Costliest first, so that the last ones are short; a sort keeps the order of equals.
  const order = pieces.toSorted((a, b) => b.cost - a.cost);
  const total = order.reduce((sum, { cost }) => sum + cost, 0);
  const found = new Set<string>();
  let foundCost = 0;
  const isFound = ({ key, cost }: Piece) => {
    if (found.has(key)) return true;
    if (!results.has(key)) return false;
    found.add(key);
    foundCost += cost;
    return true;
  };
  const isReady = ({ after }: Piece) => after.every((key) => found.has(key) || results.has(key));
  let open = order;
  return {
    next(kin) {
      open = open.filter((piece) => !isFound(piece));
      if (open.length === 0) return 'all found';
      const [own, others] = [open.filter((piece) => piece.kin === kin), open.filter((piece) => piece.kin !== kin)];
      for (const piece of [...own, ...others]) {
        if (!isReady(piece)) continue;
        const claim = results.claim(piece);
        if (claim === null) continue;
        // Found by another process between the look and the claim.
        if (!results.has(piece.key)) return { piece, claim };
        claim.release();
      }
      return 'others have them';
    },
    fraction: (inHand = 0) => (total > 0 ? Math.min(1, (foundCost + inHand) / total) : 1),
  };
}
