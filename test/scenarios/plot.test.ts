import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeStudy } from '../../scenarios/report/write-study.ts';
import { executable, installed } from '../browser/chromium-flags.mjs';
import { sampleStudy } from '../fixtures/study-sample.ts';
import { hjb, json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'plot-'));
beforeAll(() => writeStudy(sampleStudy(), folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without a figure the figures are listed', async () => {
  const { figures } = await json(`plot ${folder}`);
  const { stdout } = await hjb(`plot ${folder}`);
  for (const { id } of figures) expect(stdout).toContain(id);
  expect(figures.map(({ id }: { id: string }) => id)).toEqual(
    expect.arrayContaining(['value-slices', 'errors-epsilon']),
  );
});

test.each([
  ['--figure slice', /--figure – no such figure – .*value-slices.* – did you mean slices\?/],
  ['--figure errors', /--figure – several figures – .*errors-epsilon and .* – give one of these names/],
  ['--figure slices --epsilon 0.5', /--epsilon – ε = 0.5 is not shown – value-slices has ε = 1, 0.1, .* – /],
  ['--figure measures --epsilon 1', /--epsilon – ε = 1 is not shown – measures has no slider over ε – /],
  ['--figure slices --svg --png', /--png – two formats are asked for – /],
  ['--figure slices --width 9000', /--width – --width is 9000 – .* – give at most 5000/],
  [
    '--figure slices --browser /nowhere',
    /--browser – no browser is found – \/nowhere is no program .* – install Chromium/,
  ],
])('%s is refused, and nothing is written', async (words, message) => {
  const { code, stdout, stderr } = await hjb(`plot ${folder} ${words} --out ${folder}/never.svg`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(() => readFileSync(join(folder, 'never.svg'))).toThrow(/ENOENT/);
});

const required = process.env.HJB_BROWSER === 'required';
const missing = installed() === undefined && !required;
describe.skipIf(missing)(missing ? 'left out: no chromium on PATH' : 'in a browser', { tags: ['full'] }, () => {
  test('the same figure gives the same SVG file, curve by curve', async () => {
    executable();
    const files = ['a.svg', 'b.svg'].map((name) => join(folder, name));
    for (const file of files) {
      const { code, stderr } = await hjb(`plot ${folder} --figure slices --epsilon 0.1 --width 500 --out ${file}`);
      expect([code, stderr]).toEqual([0, '']);
    }
    const [first, second] = files.map((file) => readFileSync(file, 'utf8'));
    expect(first).toMatch(/^<svg[^>]*width="500"/);
    expect(first.match(/class="trace scatter/g)?.length).toBeGreaterThan(6);
    expect(second).toBe(first);
  });

  test('a PNG file has three times the pixels', async () => {
    const file = join(folder, 'surface.png');
    const { code } = await hjb(`plot ${folder} --figure surface --png --dark --width 300 --height 200 --out ${file}`);
    expect(code).toBe(0);
    const bytes = readFileSync(file);
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([900, 600]);
  });

  test('the report is what test/browser/check-report.mjs asks for', () => {
    const script = join(import.meta.dirname, '../browser/check-report.mjs');
    const printed = execFileSync(process.execPath, [script, join(folder, 'report.html')], { encoding: 'utf8' });
    expect(printed).toMatch(/^ok {2}.*report\.html: \d+ figures$/m);
  });
});
