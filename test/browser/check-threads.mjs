/**
 * Threads of the kernel in headless Chromium, on the package as it is built: a page bundled by Vite solves one problem
 * on 1, 2 and 3 threads, served with the headers that threads need, without them, and without the worker's script.
 * `npm run check:threads`
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { openPage } from './open-page.mjs';

/** Round-off where another order of operations leaves any; measured 0. */
const ROUND_OFF = 1e-12;
/** V(1, 0) at ε = 0.01 (test/fixtures/reference.json); first order in dx leaves 2.7e-3 at 401 nodes. */
const EXAMPLE = { value: 0.0459739, within: 4e-3 };

const HEADERS = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
const NOT_ISOLATED = /InputError: [23] threads cannot share memory – this page is not .*same-origin .*require-corp/;
const NOT_LOADED = /Error: a thread of the kernel failed – its script could not be loaded/;

/**
 * @typedef {{ asked: number, refused?: string, threads: number, backend: string, status: string,
 *   fromPlain: number, fromSingle: number }} ThreadRun
 * @typedef {{ isolated: boolean, runs: ThreadRun[] }} Found
 */

/**
 * Chromium opens `page` of the folder `site`; the checks below name what differs from what is expected.
 * @type {{ name: string, page: string, service: import('./open-page.mjs').Service, problems(found: any): string[] }[]}
 */
const checks = [
  { name: '1, 2 and 3 threads', page: 'index.html', service: { headers: HEADERS }, problems: allThreads },
  {
    name: 'without the headers',
    page: 'index.html',
    service: { headers: {} },
    problems: (found) => oneThread(found, NOT_ISOLATED),
  },
  {
    name: 'without the script of the worker',
    page: 'index.html',
    service: { headers: HEADERS, missing: /worker/ },
    problems: (found) => oneThread(found, NOT_LOADED),
  },
  { name: 'docs/in-a-browser.md', page: 'example.html', service: { headers: HEADERS }, problems: example },
];

const site = mkdtempSync(join(tmpdir(), 'threads-'));
let failures = 0;
try {
  await bundle();
  for (const { name, page, service, problems } of checks) {
    const found = await openPage(site, page, service);
    const differing = problems(found);
    console.log(`${differing.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
    if (differing.length > 0) console.log(JSON.stringify(found, null, 2));
    for (const problem of differing) console.log(`     ${problem}`);
    failures += differing.length === 0 ? 0 : 1;
  }
} finally {
  rmSync(site, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** Both pages, as a user's Vite would bundle them; the example comes from the document. */
async function bundle() {
  const root = join(import.meta.dirname, 'threads');
  const document = readFileSync(join(import.meta.dirname, '../../docs/in-a-browser.md'), 'utf8');
  const [, code] = document.match(/```ts\n([\s\S]*?)```/) ?? [];
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'example',
        resolveId: (id) => (id === 'virtual:example' ? join(root, 'example.ts') : null),
        load: (id) => (id === join(root, 'example.ts') ? code : null),
      },
    ],
    build: {
      outDir: site,
      emptyOutDir: true,
      target: 'esnext',
      rolldownOptions: { input: [join(root, 'index.html'), join(root, 'example.html')] },
    },
  });
}

/** @param {Found} found */
function allThreads({ isolated, runs }) {
  return [
    ...(isolated ? [] : ['the page is not cross-origin isolated']),
    ...runs.flatMap((run) => [
      ...solved(run),
      ...(run.fromSingle === 0 ? [] : [`${run.asked} threads differ from one by ${run.fromSingle}`]),
    ]),
  ];
}

/**
 * @param {Found} found
 * @param {RegExp} refusal
 */
function oneThread({ runs: [single, ...others] }, refusal) {
  return [
    ...solved(single),
    ...others
      .filter(({ refused }) => !refusal.test(refused ?? ''))
      .map(({ asked }) => `${asked} threads are not refused with ${refusal}`),
  ];
}

/** @param {ThreadRun} run */
function solved({ asked, threads, backend, status, fromPlain }) {
  return [
    ...(status === 'converged' && backend === 'wasm' ? [] : [`${asked} threads: ${status} on ${backend}`]),
    ...(threads === asked ? [] : [`${threads} threads ran instead of ${asked}`]),
    ...(fromPlain <= ROUND_OFF ? [] : [`${asked} threads differ from plain TypeScript by ${fromPlain}`]),
  ];
}

/** @param {string[]} lines */
function example([line]) {
  const [status, value] = line.split(' ');
  const near = Math.abs(Number(value) - EXAMPLE.value) <= EXAMPLE.within;
  return status === 'converged' && near ? [] : [`the example prints ${line}`];
}
