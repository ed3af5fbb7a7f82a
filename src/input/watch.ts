/** How a long call is watched that computes in one piece: nothing else runs on its thread meanwhile. */
export interface Watch {
  /** Called with the fraction done, in [0, 1]. */
  readonly progress?: (fraction: number) => void;
  /**
   * Looked at after every `progress`: where it is aborted, by `progress` itself or before the call, the call throws the
   * reason. Nothing is returned of what was done.
   */
  readonly signal?: AbortSignal;
}

/** Says how far a call is, and ends it where it was cancelled. */
export function reached({ progress, signal }: Watch, fraction: number): void {
  progress?.(fraction);
  signal?.throwIfAborted();
}

/**
 * Watches an iteration by the width of what it encloses: done is the share of the digits between its first width and
 * `goal`, as a part [from, to] of the whole call.
 */
export function narrowing(watch: Watch, goal: number, [from, to] = [0, 1]): (width: number) => void {
  let [first, done] = [0, 0];
  return (width) => {
    if (Number.isFinite(width) && width > 0) {
      if (first === 0) first = Math.max(width, goal);
      const share = first > goal ? Math.log(first / width) / Math.log(first / goal) : 1;
      done = Math.min(1, Math.max(done, share));
    }
    reached(watch, from + (to - from) * done);
  };
}
