/** Chromium for tests of pages: where none is installed they are skipped, unless HJB_BROWSER=required. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { chromiumFlags } from './chromium-flags.mjs';

const EXECUTABLE = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Whether pages can be opened; says so in a line where not, or throws where the environment requires it. */
export function hasBrowser(what: string): boolean {
  if (EXECUTABLE !== undefined) return true;
  if (process.env.HJB_BROWSER === 'required') throw new Error('HJB_BROWSER=required, and no Chromium is installed');
  console.log(`skipped: ${what}, because no Chromium is installed`);
  return false;
}

export function openBrowser(flags: readonly string[] = []): Promise<Browser> {
  // Playwright has a profile of its own.
  const usual = chromiumFlags('').filter((flag) => !/^--(user-data-dir|headless|enable-logging)/.test(flag));
  return chromium.launch({ executablePath: EXECUTABLE, args: [...usual, ...flags] });
}

/** A page with what went wrong on it: errors of its console and scripts, and files that did not load. */
export interface Watched {
  readonly page: Page;
  readonly troubles: string[];
}

export async function openWatched(browser: Browser, url: string, options: BrowserContextOptions): Promise<Watched> {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('requestfailed', (request) => troubles.push(`${request.url()} did not load`));
  await page.goto(url);
  return { page, troubles };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The serious and critical faults that axe-core finds, with the elements at fault. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
  });
}
