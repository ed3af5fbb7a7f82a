import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commands } from '../../scenarios/cli/commands/commands.ts';
import { nodeGpuKernel } from '../../scenarios/node-gpu.ts';
import { manyDraws } from '../draws.ts';
import type { Printed } from '../run-hjb.ts';

/** The built program: its thread starts from a file of its own. */
const main = resolve(import.meta.dirname, '../../dist/scenarios/cli/main.js');
const stops = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Stdio = 'pipe' | number;

function started(line: string, { stdout = 'pipe', stderr = 'pipe' }: { stdout?: Stdio; stderr?: Stdio } = {}) {
  const cwd = join(main, '../../..');
  const child = spawn(process.execPath, [main, ...line.split(' ')], { cwd, stdio: ['ignore', stdout, stderr] });
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (text.stdout += chunk));
  child.stderr?.on('data', (chunk) => (text.stderr += chunk));
  const left = new Promise((done) => child.on('exit', done));
  // Of one that a signal has ended what a shell says of it.
  const codeBy = (signal: NodeJS.Signals | null) => 128 + (signal === null ? 0 : constants.signals[signal]);
  const ended = new Promise<Printed>((done) =>
    child.on('close', (code, signal) => done({ code: code ?? codeBy(signal), ...text })),
  );
  return { child, left, ended };
}

const pause = (seconds: number) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** Once the program catches signals: before, a process of Node ends by them as any other does. */
async function caught({ pid }: ChildProcess): Promise<void> {
  const hangUp = 1;
  for (;;) {
    await pause(0.01);
    const mask = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
    if ((Number.parseInt(mask.slice(-1), 16) & hangUp) !== 0) return;
  }
}

/** The seconds from a signal to the end, and what was printed. */
async function stoppedBy(line: string, signal: keyof typeof stops, moment: number) {
  const { child, ended } = started(line);
  await caught(child);
  await pause(moment);
  const sent = performance.now();
  const inTime = isRunning(child) && child.kill(signal);
  const printed = await ended;
  return { ...printed, inTime, seconds: (performance.now() - sent) / 1000 };
}

function unreadPipe(): number {
  const path = join(mkdtempSync(join(tmpdir(), 'hjb-pipe-')), 'pipe');
  execFileSync('mkfifo', [path]);
  return openSync(path, 'r+');
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

/** Every command at work that takes long, some of it in loops that let nothing else run. */
const long: Record<string, string> = {
  study: 'study quadratic --quiet --out /tmp/hjb-never-written',
  compare: 'compare quadratic double-well --quiet --out /tmp/hjb-never-written',
  solve: 'solve quadratic --epsilon 0.1 --nodes x=1601,y=801 --threads 1',
  effective: 'effective quadratic --nodes x=6401,y=1601 --threads 2',
  hamiltonian: 'hamiltonian rastrigin-2d --directions 64 --x x1=1,x2=0.5',
  cell: 'cell rotational-2d --at x1=1,x2=0,p1=1,p2=0 --radius 5 --delta 1e-3 --nodes 2001',
  measure: `measure multiwell ${Array.from({ length: 3000 }, (_, k) => `--at x=${k / 3000}`).join(' ')}`,
  simulate: 'simulate quadratic --epsilon 1e-3 --paths 200000 --at x=1,y=0',
  homogenize: 'homogenize state-dependent-noise --at x=1 --nodes y=400001',
  optimize: 'optimize rastrigin-2d --seeds 2000',
  check: 'check quadratic --certificate --nodes x=1601,y=801',
  reproduce: 'reproduce --out /tmp/hjb-never-written',
  bench: 'bench --nodes 2048 --threads 1',
};

describe.concurrent('a signal ends a command within two seconds, says how it goes on, and has an exit code of its own', () => {
  test('while a solve on one thread runs', async () => {
    const { code, stdout, stderr, seconds } = await stoppedBy(long.solve, 'SIGTERM', 0.3);
    expect([code, stdout]).toEqual([143, '']);
    expect(stderr).toMatch(
      /hjb: stopped by SIGTERM – nothing was written; the same command starts from the beginning\n$/,
    );
    expect(seconds).toBeLessThan(2);
  });

  test('while a graphics card is waited for', async () => {
    // The policy of a feedback: a driver that stands in for a card takes seconds for a launch of its steps, and no card does.
    const line = 'simulate quadratic --epsilon 0.1 --at x=1,y=0 --control feedback --paths 100 --quiet --backend gpu';
    const card = await nodeGpuKernel().catch(() => null);
    await card?.close();
    if (!card?.card.software) return;
    for (const moment of [2, 3]) {
      const { code, stderr, seconds } = await stoppedBy(line, 'SIGTERM', moment);
      expect([code, stderr]).toEqual([143, expect.stringContaining('hjb: stopped by SIGTERM – ')]);
      expect(seconds).toBeLessThan(2);
    }
  });

  test('a second one at once', async () => {
    const { child, ended } = started(long.solve);
    await caught(child);
    await pause(0.2);
    const sent = performance.now();
    child.kill('SIGINT');
    await pause(0.05);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect(performance.now() - sent).toBeLessThan(1000);
  });

  test('every command, at random moments', { tags: ['full'] }, async () => {
    expect(Object.keys(long).toSorted()).toEqual(
      commands
        .map(({ name }) => name)
        .filter((name) => !['init', 'list', 'report', 'plot'].includes(name))
        .toSorted(),
    );
    const signals = fc.constantFrom(...(Object.keys(stops) as (keyof typeof stops)[]));
    for (const [name, line] of Object.entries(long))
      await fc.assert(
        fc.asyncProperty(signals, fc.double({ min: 0.3, max: 2, noNaN: true }), async (signal, moment) => {
          const { code, stderr, inTime, seconds } = await stoppedBy(line, signal, moment);
          if (!inTime) return;
          expect([name, code]).toEqual([name, stops[signal]]);
          expect(stderr).toContain(`hjb: stopped by ${signal} – `);
          expect(seconds, name).toBeLessThan(2);
        }),
        { numRuns: manyDraws(5) },
      );
  });
});

test('a solve that is stopped again and again ends with the numbers of one that is not', {
  tags: ['full'],
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-stopped-'));
  const line = 'solve quadratic --epsilon 0.1 --nodes x=401,y=201 --steps 6000 --at x=1,y=0 --threads 2 --json';
  const numbers = ({ stdout }: Printed) => {
    const { at, steps, bytes, filter, sharp, warnings } = JSON.parse(stdout);
    return { at, steps, bytes, filter, sharp: { ...sharp, seconds: null }, warnings };
  };
  const undisturbed = numbers(await started(line).ended);
  // The filtered solve follows with a state of its own; one that is stopped before it has any says nothing of a step.
  const place = /the same command goes on from step (\d+) of \d+( of the solve filtered)?\n$/;
  let [stopped, step] = [0, -1];
  const signals = Object.keys(stops) as (keyof typeof stops)[];
  for (let k = 0; stopped < 4; k++) {
    const signal = signals[k % signals.length];
    const { child, ended } = started(`${line} --checkpoint ${join(folder, 'state')}`);
    await Promise.race([ended, new Promise((done) => child.stderr?.once('data', done))]);
    await pause(0.5 + k / 2);
    if (!isRunning(child) || !child.kill(signal)) break;
    const { code, stderr } = await ended;
    if (code === 0) break;
    expect([code, stderr]).toEqual([stops[signal], expect.stringContaining(`hjb: stopped by ${signal} – `)]);
    const [, from, filtered] = place.exec(stderr) ?? [];
    if (from === undefined) continue;
    stopped++;
    if (filtered === undefined) expect(Number(from)).toBeGreaterThanOrEqual(step);
    if (filtered === undefined) step = Number(from);
  }
  expect(stopped).toBeGreaterThan(0);
  expect(numbers(await started(`${line} --checkpoint ${join(folder, 'state')}`).ended)).toEqual(undisturbed);
  expect(readdirSync(folder)).toEqual([]);
});

describe.concurrent('pipes', () => {
  // Far more than a pipe and the buffers of a reader hold.
  const points = 2000;
  const many = Array.from({ length: points }, (_, k) => `--at x=${k / points},p=1`).join(' ');
  const printsMuch = `hamiltonian quadratic --json ${many}`;
  /** The program has begun to write to a reader that does not read. */
  const writes = async ({ stdout }: ChildProcess) => {
    while (stdout?.readableLength === 0) await pause(0.05);
  };

  test.each(['socket', 'pipe'])(
    'a signal ends a program whose output nobody reads: a %s',
    { tags: ['full'] },
    async (kind) => {
      const { child, left, ended } = started(printsMuch, kind === 'pipe' ? { stdout: unreadPipe() } : {});
      child.stdout?.pause();
      await (kind === 'pipe' ? pause(10) : writes(child));
      await pause(0.5);
      expect(isRunning(child) && child.kill('SIGTERM')).toBe(true);
      await left;
      child.stdout?.resume();
      const { code, stderr } = await ended;
      expect([code, stderr]).toEqual([143, expect.stringContaining('hjb: stopped by SIGTERM – ')]);
    },
  );

  test('all of an output longer than a pipe arrives at a slow reader', { tags: ['full'] }, async () => {
    const { child, ended } = started(printsMuch);
    child.stdout?.pause();
    await writes(child);
    await pause(0.5);
    child.stdout?.resume();
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.length).toBeGreaterThan(300_000);
    expect(JSON.parse(stdout).at).toHaveLength(points);
  });

  test('a stdout that is closed ends quietly, one that is full in one line with an exit code of its own', async () => {
    const closed = started('list');
    closed.child.stdout?.destroy();
    const full = started('list', { stdout: openSync('/dev/full', 'w') });
    expect(await closed.ended).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stderr } = await full.ended;
    expect([code, stderr.split('\n').length]).toEqual([74, 2]);
    expect(stderr).toMatch(/^hjb: the output cannot be written – .* – send it to another place\n$/);
  });

  test('a stderr that is closed or full ends no solve', async () => {
    // It warns that the ball is too small.
    const line = 'cell separated --at x=0,p=1 --radius 3 --delta 1e-4 --json';
    const closed = started(line);
    closed.child.stderr?.destroy();
    const full = started(line, { stderr: openSync('/dev/full', 'w') });
    for (const { ended } of [closed, full]) {
      const { code, stdout } = await ended;
      expect([code, JSON.parse(stdout).at.length]).toEqual([0, 1]);
    }
  });
});

test('the exit code of the program is that of its process, and nothing else is printed', async () => {
  const [good, bad] = await Promise.all(
    ['measure quadratic --at x=1 --json', 'measure q'].map((line) => started(line).ended),
  );
  expect([good.code, good.stderr]).toEqual([0, '']);
  expect(JSON.parse(good.stdout).at[0].mean).toBeCloseTo(2 / 3, 10);
  expect([bad.code, bad.stdout, bad.stderr.split('\n').length]).toEqual([2, '', 2]);
});
