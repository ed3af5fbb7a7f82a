import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../scenarios/cli/run-cli.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { memoryResults, type Piece } from '../../scenarios/run/piece.ts';
import { takePieces } from '../../scenarios/run/take-pieces.ts';
import { sharingOf } from '../../scenarios/run/worker-processes.ts';
import { entriesIn, openStore } from '../../scenarios/store/store.ts';
import { casePieces } from '../../scenarios/study/case-pieces.ts';
import { valueCase } from '../../scenarios/study/cases.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { hjb } from '../run-hjb.ts';
import { smallStudy } from '../small-study.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a solve of a study', () => {
  test('that is stopped in the middle goes on from its state, to the same bytes', async () => {
    const setup = prepareStudy(readScenario('quadratic'));
    const planned = casePieces(setup, [valueCase(0.1, 101, 101)]);
    const [piece] = planned.pieces;
    const kernel = await wasmKernel();
    const whole = memoryResults();
    await takePieces([piece], whole, { kernel });

    const store = openStore(join(folder, 'stopped.store'), 'code');
    const stop = new AbortController();
    let [seconds, furthest] = [0, 0];
    const clock = () => (seconds += 1);
    const progress = (_: string, fraction: number) => {
      furthest = fraction;
      if (fraction > 0.5) stop.abort();
    };
    await expect(takePieces([piece], store, { kernel, clock, progress, signal: stop.signal })).rejects.toThrow(
      'cancelled',
    );
    expect(furthest).toBeLessThan(1);
    expect([store.has(piece.key), readdirSync(join(store.directory, 'states'))]).toEqual([false, [expect.any(String)]]);

    const seen: number[] = [];
    await takePieces([piece], store, { kernel, clock, progress: (_, fraction) => seen.push(fraction) });
    expect(seen[1]).toBeGreaterThan(0.5);
    const [a, b] = [whole, store].map(
      (results) => results.read(piece.key) as { values: Float64Array; seconds: number },
    );
    expect(b.values).toEqual(a.values);
    expect({ ...b, seconds: 0 }).toEqual({ ...a, seconds: 0 });
    expect(readdirSync(join(store.directory, 'states'))).toEqual([]);
    expect(store.troubles).toEqual([]);
  });
});

describe('hjb study', () => {
  const words = `study ${smallStudy(folder)} --quiet`;

  test('finds again what was spoilt, and names it; what is not of the study stays', { tags: ['full'] }, async () => {
    const out = join(folder, 'spoilt');
    const first = await hjb(`${words} --out ${out}`);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const study = readFileSync(join(out, 'study.json'), 'utf8');
    const store = `${out}.store`;
    const [cut, swapped, other] = entriesIn(store);
    writeFileSync(join(store, cut, 'value.bin'), readFileSync(join(store, cut, 'value.bin')).subarray(0, 99));
    writeFileSync(join(store, swapped, 'entry.json'), readFileSync(join(store, other, 'entry.json')));
    writeFileSync(join(out, 'notes.txt'), 'mine');
    mkdirSync(join(out, 'tables', 'own'));
    writeFileSync(join(out, 'tables', 'own', 'a.csv'), 'mine');
    rmSync(join(out, 'report.html'));
    const again = await hjb(`${words} --out ${out}`);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/is not used: it has \d+ bytes of \d+; it is found again\n/);
    expect(again.stderr).toMatch(/is not used: it is the value of something else; it is found again\n/);
    const seconds = /"seconds": [\d.e-]+/;
    expect(readFileSync(join(out, 'study.json'), 'utf8').replace(seconds, '')).toBe(study.replace(seconds, ''));
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(out, 'tables', 'own', 'a.csv'), 'utf8')).toBe('mine');
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    const run = JSON.parse(study).run;
    for (const name of ['tables/epsilon.csv', 'tables/epsilon.md', 'tables/epsilon.tex', 'report.html', 'fields.h5']) {
      expect(readFileSync(join(out, name), 'latin1')).toContain(run);
    }
  });

  test('tells how far it is, and refuses to tell of what is no study', { tags: ['full'] }, async () => {
    const found = JSON.parse((await hjb(`study --status ${join(folder, 'spoilt')} --json`)).stdout);
    expect(found.status).toMatchObject({ scenario: 'small', inHand: 0, share: 1, jobs: [] });
    expect(found.status.found).toBe(found.status.pieces);
    const none = await hjb(`study --status ${join(folder, 'nothing')}`);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain('there is no study whose pieces are kept');
  });

  test.each([
    ['--at-once 3', '--at-once is given without --executor slurm'],
    ['--wait', '--wait is given without --executor slurm'],
    ['--executor inline --workers 2', '--workers is given with --executor inline'],
    ['--workers 100000', 'at most 1000'],
  ])('refuses %s', async (flags, fact) => {
    const out = join(folder, 'refused');
    const { code, stderr } = await hjb(`${words} --out ${out} ${flags}`);
    expect([code, readdirSync(folder).includes('refused')]).toEqual([2, false]);
    expect(stderr).toContain(fact);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a link to nothing is refused before any work', async () => {
    const out = join(folder, 'dangling');
    symlinkSync(join(folder, 'nowhere'), out);
    const { code, stderr } = await hjb(`${words} --out ${out}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('is a link to nothing')]);
  });
});

test('workers take pieces, on one thread each, and publish nothing: what they leave is found here', async () => {
  const [out, seen] = [join(folder, 'worked'), join(folder, 'seen.txt')];
  const program = join(folder, 'program.mjs');
  const line = "import { appendFileSync } from 'node:fs';\n";
  writeFileSync(program, `${line}appendFileSync(${JSON.stringify(seen)}, process.argv.slice(2).join(' ') + '\\n');\n`);
  const sink = { write: () => true };
  const words = ['study', smallStudy(folder), '--quiet', '--out', out, '--workers', '2', '--scheme', 'upwind'];
  const io = {
    stdout: sink,
    stderr: sink,
    clock: () => 0,
    signal: new AbortController().signal,
    colour: false,
    program,
  };
  expect(await runCli([...words, '--threads', '2'], io)).toBe(0);
  const copy = String.raw`study \S+\.store/scenarios/\w{12}/small\.yaml`;
  const expected = new RegExp(`^(${copy} --out ${out} --quiet --scheme upwind --take --threads 1\n){2}$`);
  expect(readFileSync(seen, 'utf8')).toMatch(expected);
  expect(existsSync(join(out, 'report.html'))).toBe(true);
});

describe('the cores of a machine', () => {
  const piece = (cost: number, bytes = 0): Piece => ({
    ...{ key: `${cost}`, label: '', cost, bytes, after: [], kin: '' },
    find: () => Promise.resolve(null),
  });
  test.each([
    ['many pieces alike: a worker a core', Array.from({ length: 20 }, () => piece(3)), { workers: 8, threads: 1 }],
    ['one long piece: threads', [piece(100), piece(1)], { workers: 1, threads: 8 }],
    ['two long ones: both', [piece(100), piece(100)], { workers: 2, threads: 4 }],
    ['little memory: fewer workers', Array.from({ length: 20 }, () => piece(3, 3e9)), { workers: 2, threads: 4 }],
    ['hardly any work: this process', [piece(0.1), piece(0.2)], { workers: 1, threads: 8 }],
  ])('%s', (_, pieces, sharing) => {
    expect(sharingOf(pieces, 8, 8e9)).toEqual(sharing);
  });
});
