import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headOf, readEntry } from '../../scenarios/store/entry.ts';
import { entriesIn } from '../../scenarios/store/store.ts';
import { drawn, filesOf, ran, smallStudy, started } from '../small-study.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How often a study is killed: npm run test:full does as many as its time allows, HJB_KILLS=200 what it takes. */
const KILLS = Number(process.env.HJB_KILLS ?? 30);

let scenario = '';
let undisturbed: Record<string, string> = {};
let seconds = 0;
beforeAll(async () => {
  scenario = smallStudy(folder);
  const words = ['study', scenario, '--executor', 'inline', '--out', join(folder, 'whole')];
  const { code, stderr, seconds: took } = await ran(words);
  expect([code, stderr]).toEqual([0, '']);
  [undisturbed, seconds] = [filesOf(join(folder, 'whole')), took];
});

/** The entries of a store, each of which must be whole. */
function wholeEntries(store: string): string[] {
  if (!existsSync(store)) return [];
  const names = entriesIn(store);
  for (const name of names) expect(readEntry(store, name, headOf(store, name)?.key ?? '')).toHaveProperty('value');
  return names;
}

describe.each(['inline', 'workers'])('a study by the executor %s that is killed at random moments', (executor) => {
  test('never loses a piece that was found, never publishes a part, and ends byte for byte as undisturbed', {
    tags: ['full'],
  }, async () => {
    const draw = drawn(executor === 'inline' ? 20261126 : 7);
    const [out, store] = [join(folder, executor), join(folder, `${executor}.store`)];
    const words = ['study', scenario, '--executor', executor, '--out', out];
    if (executor === 'workers') words.push('--workers', '2');
    let [finished, cut] = [0, 0];
    for (let kill = 0; kill < KILLS / 2; kill++) {
      const before = wholeEntries(store);
      const { child, ended } = started(words);
      // Some are killed while they publish, or after it.
      await Promise.race([delay(1000 * seconds * 1.1 * draw()), ended]);
      child.kill('SIGKILL');
      if ((await ended).signal === 'SIGKILL') cut++;
      const now = wholeEntries(store);
      for (const name of before) expect(now).toContain(name);
      const published = filesOf(out);
      if (Object.keys(published).length > 0) {
        expect(published).toEqual(undisturbed);
        finished++;
        rmSync(out, { recursive: true });
        // A worker that outlives its parent for a moment may still write there.
        rmSync(store, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      }
    }
    const last = await ran(words);
    expect(last.code).toBe(0);
    expect(filesOf(out)).toEqual(undisturbed);
    const beside = readdirSync(folder).filter(
      (name) => name.startsWith(`${executor}.`) && name !== `${executor}.store`,
    );
    expect(beside).toEqual([]);
    // Runs were cut, and those that went on came to an end again and again.
    // Of few kills all of one kind are possible: those that draw many say more.
    expect(cut).toBeGreaterThan(KILLS < 30 ? 0 : KILLS / 4);
    expect(finished + cut).toBeGreaterThan(KILLS / 20);
  });
});

test('a study that was killed goes on with what it had found', { tags: ['full'] }, async () => {
  const [out, store] = [join(folder, 'resumed'), join(folder, 'resumed.store')];
  const words = ['study', scenario, '--executor', 'inline', '--out', out];
  const first = started(words);
  const all = wholeEntries(join(folder, 'whole.store')).length;
  while (wholeEntries(store).length < 0.6 * all) await delay(20);
  first.child.kill('SIGKILL');
  await first.ended;
  const found = wholeEntries(store).length;
  const { stderr } = await ran(words);
  expect(stderr).toMatch(new RegExp(`^hjb: ${found} of ${all} pieces were found before`));
  expect(filesOf(out)).toEqual(undisturbed);
});

test('two studies of one folder at once share the work and end with one result', { tags: ['full'] }, async () => {
  const out = join(folder, 'both');
  const words = ['study', scenario, '--executor', 'inline', '--out', out];
  const ends = await Promise.all([ran(words), ran(words), ran([...words, '--take'])]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(filesOf(out)).toEqual(undisturbed);
});

test.each([
  ['--executor', 'workers', '--workers', '3'],
  ['--executor', 'inline', '--threads', '1'],
  ['--executor', 'inline', '--threads', '3'],
])('%s %s %s %s: the same bytes', { tags: ['full'] }, async (...flags) => {
  const out = join(folder, flags.filter((word) => word !== undefined).join(''));
  expect((await ran(['study', scenario, '--out', out, ...flags])).code).toBe(0);
  expect(filesOf(out)).toEqual(undisturbed);
});
