/**
 * Opens reports in headless Chromium and checks what a reader would see: every figure drawn, no error on the console,
 * nothing fetched from outside. `npm run check:browser -- results/quadratic/report.html …`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromiumFlags } from './chromium-flags.mjs';

const pages = process.argv.slice(2);
if (pages.length === 0) throw new Error('no report given');

/** The page after its scripts have run, and what Chromium wrote to its console. */
/** @param {string} page */
function open(page) {
  const profile = mkdtempSync(join(tmpdir(), 'report-'));
  const flags = [
    ...chromiumFlags(profile),
    '--window-size=1400,4000',
    '--virtual-time-budget=20000',
    '--dump-dom',
    `file://${resolve(page)}`,
  ];
  const run = spawnSync('chromium', flags, { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 180_000 });
  rmSync(profile, { recursive: true, force: true });
  return { dom: run.stdout ?? '', console: (run.stderr ?? '').split('\n').filter((line) => line.includes(':CONSOLE')) };
}

let failures = 0;
for (const page of pages) {
  const { dom, console: messages } = open(page);
  const figures = dom.match(/class="[^"]*\bjs-plotly-plot\b/g)?.length ?? 0;
  const planned = dom.match(/class="figure\b/g)?.length ?? 0;
  const markup = dom.replace(/<script[\s\S]*?<\/script>/g, '');
  const outside = [...markup.matchAll(/(?:src|href)="(https?:[^"]*)"/g)].map((match) => match[1]);
  const errors = messages.filter((line) => /error|refused|uncaught/i.test(line));
  const problems = [
    ...(figures === 0 || figures < planned ? [`${figures} of ${planned} figures drawn`] : []),
    ...outside.map((url) => `refers to ${url}`),
    ...errors,
  ];
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${page}: ${figures} figures`);
  for (const problem of problems) console.log(`     ${problem}`);
  failures += problems.length === 0 ? 0 : 1;
}
process.exit(failures === 0 ? 0 : 1);
