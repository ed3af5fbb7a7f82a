import { describe, expect, test } from 'vitest';
import type { LoadedProgram } from '../../src/kernel/kernel.ts';
import { nextTask } from '../../src/kernel/next-task.ts';
import { type MarchEnd, march } from '../../src/time/march.ts';

/** A machine whose time passes in steps only, `seconds` each; `turn` is called at every turn of its event loop. */
async function marched(seconds: number, steps: number, turn: (now: number, abort: () => void) => void) {
  const stop = new AbortController();
  let [now, done] = [0, false];
  const program: LoadedProgram = {
    threads: 1,
    bytesPerNode: 0,
    restart: () => undefined,
    read: async () => new Float64Array(),
    advance: async (count) => {
      now += count * seconds;
      return null;
    },
  };
  const run = { clock: () => now, signal: stop.signal };
  const reached: number[] = [];
  const stops = { stops: [Math.ceil(steps / 3), steps], reached: async (step: number) => void reached.push(step) };
  const end = march(program, 1000, stops, run).then((found: MarchEnd) => {
    done = true;
    return found;
  });
  while (!done) {
    turn(now, () => stop.abort());
    await nextTask();
  }
  return { end: await end, now, reached };
}

/** From a step that takes a microsecond to one that takes six milliseconds. */
const stepSeconds = [1e-6, 1e-5, 3e-4, 6e-3];

describe('a long march', () => {
  test.each(stepSeconds)('with steps of %d s leaves no turn of the event loop longer than 16 ms', async (seconds) => {
    let [last, longest] = [0, 0];
    const { end, reached } = await marched(seconds, 3 / seconds, (now) => {
      [last, longest] = [now, Math.max(longest, now - last)];
    });
    expect(end).toEqual({ status: 'converged' });
    expect(reached).toEqual([Math.ceil(1 / seconds), 3 / seconds]);
    expect(longest).toBeLessThanOrEqual(16e-3);
  });

  test.each(stepSeconds)('with steps of %d s obeys a cancel within 50 ms and says how far it came', async (seconds) => {
    let asked = Infinity;
    const { end, now } = await marched(seconds, 3 / seconds, (at, abort) => {
      if (at < 1 || asked < Infinity) return;
      asked = at;
      abort();
    });
    expect(now - asked).toBeLessThanOrEqual(50e-3);
    expect(end.status).toBe('cancelled');
    if (end.status === 'cancelled') expect(end.step * seconds).toBeCloseTo(now, 9);
  });

  test('with steps longer than that takes them one by one', async () => {
    const turns: number[] = [];
    await marched(0.5, 6, (now) => turns.push(now));
    expect([...new Set(turns)].filter((now) => now > 0.5)).toEqual([1, 1.5, 2, 2.5, 3]);
  });
});
