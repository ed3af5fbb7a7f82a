/**
 * Opens reports in headless Chromium and checks what a reader would meet: figures drawn and moved by their sliders,
 * nothing on the console, nothing from outside, buttons that copy, a narrow and a dark screen, paper, and the rules of
 * axe-core. `npm run check:browser -- results/quadratic/report.html …`; SHOTS=folder keeps screenshots.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { drawingFlags, executable } from './chromium-flags.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1400, height: 900 };
const NARROW = { width: 390, height: 844 };
const SHOTS = process.env.SHOTS;

const files = process.argv.slice(2);
if (files.length === 0) throw new Error('no report given');
const browser = await chromium.launch({ executablePath: executable(), args: drawingFlags });
/** All pages have one clipboard: who copies waits for the one before. */
let clipboard = Promise.resolve();
let failures = 0;
await Promise.all([takePages(), takePages()]);
await browser.close();
process.exit(failures === 0 ? 0 : 1);

/** Checks what is left of the pages, one after the other. */
async function takePages() {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const { problems, figures } = await check(file);
    console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${file}: ${figures} figures`);
    for (const problem of problems) console.log(`     ${problem}`);
    failures += problems.length === 0 ? 0 : 1;
  }
}

/** @param {string} file */
async function check(file) {
  const context = await browser.newContext({ viewport: WIDE, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(`error in the page: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  page.on('request', (request) => request.url().startsWith('http') && problems.push(`asks for ${request.url()}`));
  await page.goto(`file://${resolve(file)}`);
  await drawn(page);
  for (const part of [wide, sliders, copies, faults, narrow, dark, paper]) problems.push(...(await part(page, file)));
  const figures = await page.locator('[data-figure]').count();
  await context.close();
  return { problems, figures };
}

/** @param {import('playwright-core').Page} page */
async function drawn(page) {
  const all = () => [...document.querySelectorAll('[data-figure]')].every((place) => place.matches('.js-plotly-plot'));
  await page.waitForFunction(all, null, { timeout: 60_000 }).catch(() => {});
  await page.waitForTimeout(300);
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} file
 * @param {string} name
 */
async function shot(page, file, name) {
  if (SHOTS === undefined) return;
  await page.screenshot({ path: join(SHOTS, `${basename(dirname(resolve(file)))}-${name}.png`) });
}

/**
 * Every figure drawn, the first of them in the first screen, no link to outside.
 * @param {import('playwright-core').Page} page
 * @param {string} file
 */
async function wide(page, file) {
  await shot(page, file, '1400');
  return page.evaluate(() => {
    const places = [...document.querySelectorAll('[data-figure]')];
    const left = places.filter((place) => !place.matches('.js-plotly-plot'));
    const top = places[0]?.getBoundingClientRect().top ?? 0;
    const outside = [...document.querySelectorAll('[src], [href]')].filter((each) =>
      /^https?:/.test(each.getAttribute('src') ?? each.getAttribute('href') ?? ''),
    );
    return [
      ...(places.length === 0 ? ['no figures'] : []),
      ...left.map((place) => `not drawn: ${place.getAttribute('data-figure')} ${place.textContent}`),
      ...(top > 900 ? [`the first figure begins at ${top} px`] : []),
      ...outside.map((each) => `refers to ${each.outerHTML.slice(0, 200)}`),
    ];
  });
}

/**
 * Moving one slider moves every figure with a slider of that symbol.
 * @param {import('playwright-core').Page} page
 */
async function sliders(page) {
  const found = await page.evaluate(() => {
    const figures = JSON.parse(document.getElementById('figures')?.textContent ?? '');
    return [...document.querySelectorAll('[data-slider]')].map((input) => {
      const { of = '', slider = '' } = /** @type {HTMLElement} */ (input).dataset;
      const { symbol, frames, start = 0 } = figures[of].sliders[slider];
      // A control that is the same for every ε does not move.
      const [first, last] = [frames[start], frames.at(-1)].map(({ change }) => JSON.stringify(change));
      return { id: input.id, of, symbol, moves: first !== last };
    });
  });
  const problems = [];
  for (const symbol of new Set(found.map((each) => each.symbol))) {
    const linked = found.filter((each) => each.symbol === symbol);
    for (const { of, moves } of linked) if (moves) await page.evaluate(remember, of);
    await page.locator(`[id="${linked[0].id}"]`).press('End');
    for (const { of, moves } of linked) {
      const moved = () => page.waitForFunction(hasChanged, of, { timeout: 10_000 });
      if (moves) await moved().catch(() => problems.push(`${symbol} does not move ${of}`));
    }
    const shown = await page.locator(linked.map(({ id }) => `[for="${id}"]:is(output)`).join()).allTextContents();
    if (shown.includes('')) problems.push(`a slider over ${symbol} does not say its value`);
  }
  return problems;
}

/** @param {string} figure */
function remember(figure) {
  const place = /** @type {any} */ (document.querySelector(`[data-figure="${figure}"]`));
  place.before = JSON.stringify(place.data);
}

/** @param {string} figure */
function hasChanged(figure) {
  const place = /** @type {any} */ (document.querySelector(`[data-figure="${figure}"]`));
  return JSON.stringify(place.data) !== place.before;
}

/**
 * Every button copies its text.
 * @param {import('playwright-core').Page} page
 */
async function copies(page) {
  const texts = JSON.parse((await page.locator('#texts').textContent()) ?? '{}');
  const bare = (/** @type {string} */ text) => text.replaceAll('\r\n', '\n');
  /** @type {string[]} */
  const problems = [];
  clipboard = clipboard.then(async () => {
    for (const button of await page.locator('[data-copy]').all()) {
      const name = (await button.getAttribute('data-copy')) ?? '';
      await button.click();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      if (bare(copied) !== bare(texts[name] ?? 'no text')) problems.push(`${name} is not copied`);
    }
  });
  await clipboard;
  return problems;
}

/**
 * What axe-core calls serious or critical.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
async function faults(page) {
  await page.evaluate(AXE);
  return page.evaluate(serious, {});
}

/**
 * @param {object} options
 * @returns {Promise<string[]>}
 */
async function serious(options) {
  const { axe } = /** @type {any} */ (globalThis);
  const { violations } = await axe.run(document, options);
  return violations
    .filter((/** @type {any} */ each) => ['serious', 'critical'].includes(each.impact))
    .map((/** @type {any} */ { id, help, nodes }) => `${id}: ${help}, ${nodes.length}: ${nodes[0].html.slice(0, 200)}`);
}

/**
 * Nothing is wider than a telephone, and the contents are folded.
 * @param {import('playwright-core').Page} page
 * @param {string} file
 */
async function narrow(page, file) {
  await page.setViewportSize(NARROW);
  const isNarrow = (/** @type {number} */ width) =>
    [...document.querySelectorAll('.main-svg')].every((each) => each.clientWidth <= width);
  await page.waitForFunction(isNarrow, NARROW.width, { timeout: 20_000 }).catch(() => {});
  await shot(page, file, '390');
  const found = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    open: document.querySelector('nav details')?.hasAttribute('open'),
  }));
  await page.setViewportSize(WIDE);
  return [
    ...(found.width > NARROW.width ? [`${found.width} px wide on a screen of ${NARROW.width}`] : []),
    ...(found.open ? ['the contents are not folded on a narrow screen'] : []),
  ];
}

/**
 * No white ground on a dark screen, neither of the page nor of a figure.
 * @param {import('playwright-core').Page} page
 * @param {string} file
 */
async function dark(page, file) {
  await page.emulateMedia({ colorScheme: 'dark' });
  const isRedrawn = () =>
    [...document.querySelectorAll('[data-figure]')].every(
      (place) => /** @type {any} */ (place).layout.plot_bgcolor !== '#ffffff',
    );
  await page.waitForFunction(isRedrawn, null, { timeout: 20_000 }).catch(() => {});
  await shot(page, file, '1400-dark');
  const problems = await page.evaluate(() => {
    const light = (/** @type {string} */ colour) => Number(/\d+/.exec(colour)?.[0]) > 100;
    const grounds = [...document.querySelectorAll('[data-figure]')]
      .filter((place) => /** @type {any} */ (place).layout.plot_bgcolor === '#ffffff')
      .map((place) => `${place.getAttribute('data-figure')} has a white ground`);
    return [...(light(getComputedStyle(document.body).backgroundColor) ? ['the page is light'] : []), ...grounds];
  });
  const faint = await page.evaluate(serious, { runOnly: ['color-contrast'] });
  return [...problems, ...faint.map((fault) => `dark: ${fault}`)];
}

/**
 * On paper everything is unfolded, and what cannot be used is left out.
 * @param {import('playwright-core').Page} page
 */
async function paper(page) {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.waitForTimeout(500);
  return page.evaluate(() => {
    const folded = [...document.querySelectorAll('main details:not([open])')].length;
    const left = [...document.querySelectorAll('nav, button, .slider')].filter((each) => each.checkVisibility());
    const white = getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)';
    return [
      ...(folded === 0 ? [] : [`${folded} parts are folded on paper`]),
      ...(left.length === 0 ? [] : [`${left.length} controls on paper`]),
      ...(white ? [] : ['the paper is not white']),
    ];
  });
}
