/** A figure as a picture: plotly.js draws it in a browser of this machine, without a window. */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ScenarioError } from '../read/scenario-error.ts';
import { html, raw, textOf } from './html.ts';
import { contentPolicy, json, plotlySource } from './page.ts';
import { IMAGE_SCRIPT } from './page-script.ts';
import type { Figure } from './plot-style.ts';

/** How a picture is made. */
export interface ImageOptions {
  readonly format: 'svg' | 'png';
  /** Pixels of a browser; PNG has three times as many. */
  readonly width: number;
  readonly height?: number;
  readonly dark: boolean;
  /** The ε that the figure shows, where it has a slider over ε; all of them unless it is given. */
  readonly epsilon?: number;
}

/** How Chromium, Chrome and Edge are called on the PATH, and where they are on systems that keep no programs there. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];
const INSTALLED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A picture is given up after this many milliseconds; it needs some seconds. */
const PATIENCE = 120_000;

/** The browser asked for, or the first that is found. Throws ScenarioError where there is none. */
export function browserOf(asked?: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const known = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...INSTALLED];
  const found = (asked === undefined ? known : [asked]).find(runs);
  if (found !== undefined) return found;
  const cause =
    asked === undefined
      ? `pictures are drawn by a browser, and none of ${NAMES.join(', ')} is on the PATH`
      : `${asked} is no program that can be run`;
  const remedy = 'install Chromium, name one with --browser, or save the picture in report.html: the camera over it';
  throw new ScenarioError('--browser', 'no browser is found', cause, remedy);
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a picture. Throws ScenarioError where the browser draws none, AbortError when the signal says so. */
export async function figureImage(
  figure: Figure,
  options: ImageOptions,
  { browser, signal }: { readonly browser: string; readonly signal: AbortSignal },
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'hjb-plot-'));
  try {
    const page = join(folder, 'figure.html');
    writeFileSync(page, imagePage(figure, options));
    const drawn = await printedPage(
      browser,
      [`--user-data-dir=${join(folder, 'profile')}`, `${pathToFileURL(page)}`],
      signal,
    );
    const [, kind, data] = /data:image\/(?:svg\+xml,|(png);base64,)([^<"]*)/.exec(drawn) ?? [];
    if (data === undefined)
      throw notDrawn(browser, /<body>([^<]{1,300})/.exec(drawn)?.[1] ?? 'it has printed no picture');
    return kind === 'png' ? Buffer.from(data, 'base64') : Buffer.from(decodeURIComponent(data));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function notDrawn(browser: string, cause: string): ScenarioError {
  return new ScenarioError(browser, 'the figure was not drawn', cause, 'try another browser with --browser');
}

/** A page that becomes the picture as a data URL. */
function imagePage({ id, data, layout, sliders }: Figure, options: ImageOptions): string {
  const { height } = layout as { readonly height: number };
  const content = { figure: { id, data, layout, sliders }, options: { ...options, height: options.height ?? height } };
  const plotly = plotlySource();
  return textOf(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(contentPolicy([plotly, IMAGE_SCRIPT]))}"></head>
<body><div id="place" data-figure="${id}"></div>
<script type="application/json" id="content">${json(content)}</script>
<script>${raw(plotly)}</script>
<script>${raw(IMAGE_SCRIPT)}</script></body></html>
`);
}

/** The page as it is after its scripts have run. */
function printedPage(browser: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  const flags = ['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
  const drawing = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
  // Chromium refuses its sandbox to root.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const all = [...flags, ...drawing, ...root, '--virtual-time-budget=20000', '--dump-dom', ...words];
  return new Promise((resolve, reject) => {
    const child = spawn(browser, all, { stdio: ['ignore', 'pipe', 'ignore'], signal, timeout: PATIENCE });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => reject(error.name === 'AbortError' ? error : notDrawn(browser, error.message)));
    child.once('close', () => resolve(Buffer.concat(chunks).toString()));
  });
}
