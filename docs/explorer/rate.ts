/** How many solves a second: counted over a burst, from its first request to its last answer. */

/** A pause of so many seconds ends a burst. */
const PAUSE = 0.4;
/** Fewer solves tell no rate. */
const FEWEST = 8;

export interface RateMeter {
  asked(): void;
  answered(): void;
  /** Of the last burst that was long enough; null before. */
  readonly rate: { readonly perSecond: number; readonly solves: number; readonly seconds: number } | null;
}

export function rateMeter(clock: () => number): RateMeter {
  let [begun, last, solves] = [-Infinity, -Infinity, 0];
  let rate: RateMeter['rate'] = null;
  return {
    asked() {
      const now = clock();
      if (now - last > PAUSE) [begun, solves] = [now, 0];
      last = now;
    },
    answered() {
      last = clock();
      solves++;
      const seconds = last - begun;
      if (solves >= FEWEST && seconds > 0) rate = { perSecond: solves / seconds, solves, seconds };
    },
    get rate() {
      return rate;
    },
  };
}
