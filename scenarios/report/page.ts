import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { packageRoot } from '../package.ts';
import { type Html, html, joined, nothing, raw, textOf } from './html.ts';
import { equationsLatex } from './mathematics.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Figure } from './plot-style.ts';
import { tableToCsv } from './table-csv.ts';
import { tableToLatex } from './table-latex.ts';
import type { Owner } from './table-owner.ts';

/** A part of a page with a place in its contents; a folded one shows its title until it is opened. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
  readonly folded?: boolean;
}

/** What stands on a page, and what its figures, sliders and buttons need. */
interface PageContent {
  /** What kind of page it is, of what. */
  readonly kicker: string;
  readonly title: string;
  /** The verdict, and what is to be known first. */
  readonly lead?: Html;
  readonly sections: readonly Section[];
  readonly figures: readonly Figure[];
  readonly tables?: readonly ConvergenceTable[];
  readonly equations?: readonly (readonly [string, string])[];
  readonly owner: Owner;
  readonly version: string;
}

/**
 * One self-contained page: no request leaves it (its content security policy forbids all), and only its own two
 * scripts run. The same content gives the same bytes.
 */
export function renderPage(content: PageContent): string {
  const { kicker, title, lead = nothing, sections, owner, version } = content;
  const plotly = plotlySource();
  const made = `hjb-homogenization ${version}${owner.run === undefined ? '' : `, run ${owner.run}`}`;
  const links = sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(contentPolicy([plotly, PAGE_SCRIPT]))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${kicker}</title>
<style>
${raw(PAGE_STYLE)}
</style>
</head>
<body>
<nav aria-label="Contents"><details><summary>Contents</summary><ol>
${joined(links)}
</ol></details></nav>
<main>
<header>
<p class="kicker">${kicker}</p>
<h1>${title}</h1>
${lead}</header>
${joined(sections.map(sectionHtml))}
<footer><p class="muted">${made}</p></footer>
</main>
<script type="application/json" id="figures">${json(
    Object.fromEntries(content.figures.map(({ id, data, layout, sliders }) => [id, { data, layout, sliders }])),
  )}</script>
<script type="application/json" id="texts">${json(copiedTexts(content))}</script>
<script>${raw(plotly)}</script>
<script>${raw(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  return textOf(page);
}

function sectionHtml({ id, title, body, folded }: Section): Html {
  const heading = html`<h2 id="title-${id}">${title}</h2>`;
  const content = folded ? html`<details><summary>${heading}</summary>\n${body}</details>` : html`${heading}\n${body}`;
  return html`<section id="${id}" aria-labelledby="title-${id}">${content}\n</section>`;
}

/** What the buttons of a page copy, by their names. */
function copiedTexts({ tables = [], equations = [], owner }: PageContent): Record<string, string> {
  const texts = tables.flatMap((table) => [
    [`${table.name}.CSV`, tableToCsv(table, owner)],
    [`${table.name}.LaTeX`, tableToLatex(table, owner)],
  ]);
  return Object.fromEntries(equations.length === 0 ? texts : [...texts, ['equations', equationsLatex(equations)]]);
}

/** JSON for a <script> element: without `<` no text can close the element or open a comment. */
export function json(value: object): Html {
  const text = JSON.stringify(value);
  return raw(text.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029'));
}

/** Scripts run by their hashes alone; plotly.js sets inline styles and exports pictures through data and blob URLs. */
export function contentPolicy(scripts: readonly string[]): string {
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
export function plotlySource(): string {
  return readFileSync(join(packageRoot(), 'dist', 'plotly.min.js'), 'utf8');
}
