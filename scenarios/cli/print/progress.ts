import cliProgress from 'cli-progress';
import { printable } from '../../../src/input/printable.ts';
import type { Request } from '../flags/command.ts';

/** Solves shorter than this show no progress. */
const PATIENCE = 0.5;
/** Seconds between two lines where stderr is no terminal. */
const LINE_INTERVAL = 10;

interface Progress {
  /** What is being done and the fraction of all work done. */
  readonly report: (label: string, fraction: number) => void;
  /** Removes what is left of it from the terminal. */
  readonly stop: () => void;
}

/** What `work` makes, told on stderr how far it is. */
export async function withProgress<Value>(
  request: Request,
  work: (report: Progress['report']) => Promise<Value>,
): Promise<Value> {
  const progress = progressOf(request);
  try {
    return await work(progress.report);
  } finally {
    progress.stop();
  }
}

/** Progress with the time left on stderr: a bar on a terminal, a line now and then elsewhere, nothing with --quiet. */
function progressOf({ io, given }: Request): Progress {
  if (given.on('quiet')) return { report: () => {}, stop: () => {} };
  const started = io.clock();
  // The rate is that since the first fraction that was told: what was made ready before is over. A fraction that falls
  // belongs to another piece of work, whose time left is its own.
  let [first, before] = [{ at: started, fraction: 0 }, 0];
  const left = (fraction: number) => {
    if (fraction < before || before === 0) first = { at: io.clock(), fraction };
    before = fraction;
    return timeLeft(io.clock() - first.at, fraction - first.fraction, 1 - fraction);
  };
  if (io.stderr.isTTY === true)
    return progressBar((io.stderr.bare ?? io.stderr) as NodeJS.WritableStream, () => io.clock() - started, left);
  let last = started;
  return {
    report(label, fraction) {
      const shown = left(fraction);
      if (io.clock() - last < LINE_INTERVAL) return;
      last = io.clock();
      io.stderr.write(`${Math.floor(100 * fraction)} %, ${shown}: ${label}\n`);
    },
    stop() {},
  };
}

function progressBar(stream: NodeJS.WritableStream, elapsed: () => number, left: (f: number) => string): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: '  {bar} {percentage} %  {left}  {label}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
    emptyOnZero: true,
  });
  let shown = false;
  return {
    report(label, fraction) {
      if (elapsed() < PATIENCE) return;
      const told = { label: printable(label), left: left(fraction) };
      if (!shown) bar.start(1000, 0, told);
      shown = true;
      bar.update(Math.floor(1000 * fraction), told);
    },
    stop() {
      if (shown) bar.stop();
    },
  };
}

/** Less done, or in less time, tells no rate: caches are cold and code is not compiled yet. */
const TELLING = { fraction: 0.01, seconds: 0.5 };

function timeLeft(elapsed: number, done: number, rest: number): string {
  if (!(done > TELLING.fraction) || elapsed < TELLING.seconds) return 'estimating the time left';
  const seconds = Math.ceil((elapsed * rest) / done);
  return seconds < 60 ? `${seconds} s left` : `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
}
