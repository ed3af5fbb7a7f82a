import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromiumFlags } from './chromium-flags.mjs';

/** A page is given up after this many milliseconds; it needs some seconds. */
const PATIENCE = 120_000;

/** @type {Record<string, string>} */
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' };

/**
 * @typedef {object} Service
 * @property {Record<string, string>} headers sent with every answer
 * @property {RegExp} [missing] files that are answered with 404
 * @property {readonly string[]} [flags] flags of Chromium besides the usual ones
 */

/**
 * Serves the folder `site` on this machine, opens one of its pages in Chromium and returns what the page posts to
 * /found. Throws, with the console of the page, when nothing comes.
 * @param {string} site
 * @param {string} page
 * @param {Service} service
 * @returns {Promise<any>}
 */
export async function openPage(site, page, service) {
  /** @type {(body: string) => void} */
  let receive = () => {};
  /** @type {Promise<string>} */
  const found = new Promise((resolve) => {
    receive = resolve;
  });
  const server = createServer((request, response) => answer(site, service, receive, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const browser = startChromium(`http://localhost:${port}/${page}`, service.flags ?? []);
  try {
    return JSON.parse(await Promise.race([found, browser.failed]));
  } finally {
    await browser.end();
    server.closeAllConnections();
    server.close();
  }
}

/**
 * @param {string} site
 * @param {Service} service
 * @param {(body: string) => void} receive
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
function answer(site, { headers, missing }, receive, request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST' && pathname === '/found') {
    let body = '';
    request.setEncoding('utf8').on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      response.writeHead(204, headers).end();
      receive(body);
    });
    return;
  }
  const file = join(site, pathname);
  if (missing?.test(pathname) || types[extname(file)] === undefined || !existsSync(file)) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Type': types[extname(file)] });
  createReadStream(file).pipe(response);
}

/**
 * @param {string} url
 * @param {readonly string[]} flags
 */
function startChromium(url, flags) {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const child = spawn('chromium', [...chromiumFlags(profile), ...flags, url], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (part) => {
    log += part;
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const failed = new Promise((_resolve, reject) => {
    const fail = (/** @type {string} */ fact) => {
      const console = log.split('\n').filter((line) => line.includes(':CONSOLE'));
      reject(new Error([fact, ...(console.length > 0 ? console : [log.slice(-2000)])].join('\n')));
    };
    child.once('error', (error) => fail(`chromium does not start: ${error.message}`));
    child.once('close', (code) => fail(`chromium ended with code ${code} before the page had posted`));
    timer = setTimeout(() => fail(`${url} posted nothing within ${PATIENCE / 1000} s`), PATIENCE);
  });
  return {
    failed,
    async end() {
      clearTimeout(timer);
      child.kill();
      // Chromium writes to its profile until it is gone.
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
