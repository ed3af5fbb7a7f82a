import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityFaults, hasBrowser, openBrowser, openWatched, type Watched } from './in-chromium.ts';
import { serve } from './site.mjs';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'explorer-'));
/** Pictures for a reader, where a folder is given. */
const pictures = process.env.HJB_SCREENSHOTS;

/** What threads need, and the policy of the document for the workers too, which their own script is served with. */
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src data:",
};
const PLOTS = 8;

/** Waits until an expression is true on the page. The policy forbids the page itself to wait for a text. */
async function until(page: Page, expression: string): Promise<void> {
  await expect.poll(() => page.evaluate(expression), { timeout: 60_000, interval: 50, message: expression }).toBe(true);
}

const contains = (place: string, words: string) =>
  `document.querySelector('${place}').textContent.includes(${JSON.stringify(words)})`;
const IS_QUIET = `document.querySelector('.panel.waiting') === null`;

/** All panels are drawn, and none waits for an answer. */
async function settled(page: Page): Promise<void> {
  await until(page, `document.querySelectorAll('.panel .plot > svg').length >= ${PLOTS} && ${IS_QUIET}`);
  // Paths are asked for after a pause.
  await page.waitForTimeout(500);
  await until(page, IS_QUIET);
}

const textOf = async (page: Page, place: string) => (await page.textContent(place)) ?? '';
const pixels = (page: Page) =>
  page.$eval('#panel-value canvas.map', (canvas) => (canvas as HTMLCanvasElement).toDataURL());
const copied = async (page: Page, button: string) => {
  await page.click(button);
  await until(page, contains('#copied', 'Copied'));
  return page.evaluate('navigator.clipboard.readText()') as Promise<string>;
};

/** Vᵉ at the point of a copied command line, as `hjb` prints it. */
function valueOfCommand(command: string, cwd: string): number {
  const [hjb, ...words] = command.split(' ');
  expect(hjb).toBe('hjb');
  const output = execFileSync('node', [join(root, 'dist/scenarios/cli/main.js'), ...words], { cwd, encoding: 'utf8' });
  return JSON.parse(output).at[0].value;
}

describe.runIf(hasBrowser('tests of the explorer'))('the explorer', { tags: ['full'] }, () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serve>>;
  const open = (hash = '', options = {}): Promise<Watched> =>
    openWatched(browser, `${site.url}${hash}`, { viewport: { width: 1400, height: 900 }, ...options });

  beforeAll(async () => {
    const configFile = join(root, 'docs/explorer/vite.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: join(folder, 'site') } });
    site = await serve(join(folder, 'site'), headers);
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    site?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('draws every panel without an error, under a policy that forbids code from text', async () => {
    const { page, troubles } = await open();
    await settled(page);
    expect(troubles).toEqual([]);
    expect(await page.evaluate('crossOriginIsolated')).toBe(true);
  });

  test('the slider of ε, moved by keys, changes the picture, and Vᵉ comes down on v', async () => {
    const { page } = await open();
    await settled(page);
    const before = await pixels(page);
    await page.focus('#epsilon');
    await page.keyboard.press('ArrowLeft');
    await until(page, contains('#epsilon-shown', '0.8913'));
    await settled(page);
    expect(await pixels(page)).not.toBe(before);
    await page.keyboard.press('Home');
    await until(page, contains('#digits-distance', '10⁻⁹'));
  });

  test('a large grid is solved by threads', async () => {
    const { page, troubles } = await open('#scenario=quadratic&grid=401x201');
    await settled(page);
    const cores = (await page.evaluate('navigator.hardwareConcurrency')) as number;
    expect(await textOf(page, '#rate')).toContain(cores === 1 ? '1 thread a' : `${Math.min(cores, 8)} threads a solve`);
    expect(troubles).toEqual([]);
  });

  test('a link shows the same digits and the same picture again', async () => {
    const { page } = await open('#scenario=own&epsilon=0.5&loss=x^2/2&gamma=3');
    await settled(page);
    await page.fill('#horizon', '0.75');
    await page.focus('#x');
    await page.keyboard.press('ArrowRight');
    await settled(page);
    const link = await copied(page, '#copy-link');
    const again = await open(new URL(link).hash);
    await settled(again.page);
    expect(await textOf(again.page, '#digits')).toBe(await textOf(page, '#digits'));
    expect(await pixels(again.page)).toBe(await pixels(page));
    expect(await copied(again.page, '#copy-link')).toBe(link);
    expect(await again.page.inputValue('#horizon')).toBe('0.75');
  });

  test.each([
    ['a scenario of the library', '#scenario=separated&epsilon=0.0316'],
    ['a loss that was typed', '#scenario=own&epsilon=0.1&grid=101x61&x=-0.5&y=0.25'],
  ])('the digits of %s are those of the copied command line', async (_, hash) => {
    const { page } = await open(hash);
    await settled(page);
    writeFileSync(join(folder, 'explorer.yaml'), await copied(page, '#copy-yaml'));
    const command = await copied(page, '#copy-command');
    expect(await textOf(page, '#digits-value')).toBe(String(valueOfCommand(command, folder)));
  });

  test('what is wrong in a formula stands beside its field, in the words of the reader', async () => {
    const { page } = await open('#scenario=own');
    await settled(page);
    await page.fill('#loss', 'x^2/z');
    await until(page, contains('#loss-error', '"z" is unknown'));
    expect(await page.getAttribute('#loss', 'aria-invalid')).toBe('true');
    await page.fill('#loss', 'x^2');
    await until(page, `document.querySelector('#loss-error').textContent === ''`);
    await page.fill('#gamma', '-1');
    await until(page, contains('#gamma-error', '-1'));
  });

  test.each([
    ['wide', { viewport: { width: 1400, height: 900 } }],
    ['dark', { viewport: { width: 1400, height: 900 }, colorScheme: 'dark' }],
    ['narrow', { viewport: { width: 390, height: 844 } }],
  ] as const)(
    '%s: no serious fault for those who hear or key the page, and no scrolling sideways',
    async (name, how) => {
      const { page } = await open('#scenario=double-well&epsilon=0.1', how);
      await settled(page);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      if (pictures !== undefined) {
        mkdirSync(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `explorer-${name}.png`), fullPage: true });
      }
    },
  );

  test('solves ten times a second and more on 201 × 101 nodes, and says how often', async () => {
    const { page, troubles } = await open();
    await settled(page);
    await page.click('#sweep');
    await until(page, contains('#sweep', 'Run'));
    await settled(page);
    const words = await textOf(page, '#rate');
    console.log(`explorer: ${words}`);
    // Measured 56 on two cores.
    expect(Number(/^([\d.]+) solves\/s/.exec(words)?.[1])).toBeGreaterThanOrEqual(10);
    expect(words).toContain('201 × 101 nodes');
    expect(troubles).toEqual([]);
  });
});
