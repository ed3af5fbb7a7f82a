import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package.ts';
import { type Html, html, joined, nothing, raw, textOf } from './html.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Figure } from './plot-style.ts';

/** What stands on a page: sections of HTML (empty ones are left out), and the figures they have places for. */
interface PageContent {
  readonly title: string;
  readonly sections: readonly Html[];
  readonly figures: readonly Figure[];
}

/**
 * One self-contained page: no request leaves it (its content security policy forbids all), and only its own two
 * scripts run.
 */
export function renderPage({ title, sections, figures }: PageContent): string {
  const plotly = plotlySource();
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(contentPolicy([plotly, PAGE_SCRIPT]))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
${raw(PAGE_STYLE)}
</style>
</head>
<body>
<main>
${joined(sections.filter((section) => section !== nothing))}
</main>
<script type="application/json" id="figures">${figureData(figures)}</script>
<script>${raw(plotly)}</script>
<script>${raw(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return textOf(page);
}

/** JSON for a <script> element: without `<` no text can close the element or open a comment. */
function figureData(figures: readonly Figure[]): Html {
  const json = JSON.stringify(Object.fromEntries(figures.map(({ id, data, layout }) => [id, { data, layout }])));
  return raw(json.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
}

/** Scripts run by their hashes alone; plotly.js sets inline styles and exports pictures through data and blob URLs. */
function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** plotly.js as the build has minified it (scripts/build-plotly.mjs). */
function plotlySource(): string {
  return readFileSync(join(packageRoot(), 'dist', 'plotly.min.js'), 'utf8');
}
