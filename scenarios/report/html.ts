import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Study } from '../study/study.ts';
import { certificatesSection } from './certificates-section.ts';
import { escapeHtml, scriptJson } from './escape.ts';
import { errorPlots, fieldFigures } from './figures.ts';
import {
  assumptionsSection,
  findingsSection,
  footer,
  heading,
  problemSection,
  settingsSection,
  warningsSection,
} from './html-sections.ts';
import { plotFigure, studyTable } from './html-table.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Figure } from './plot-style.ts';

/**
 * The report as one self-contained page: no request leaves it (its content security policy forbids all), and only
 * its own two scripts run. The same study gives the same bytes, whatever its timings.
 */
export function renderReport(study: Study): string {
  const plots = errorPlots(study);
  const figures = fieldFigures(study);
  const plotly = plotlySource();
  const sections = [
    heading(study),
    problemSection(study),
    findingsSection(study),
    assumptionsSection(study),
    certificatesSection(study),
    warningsSection(study),
    settingsSection(study),
    tablesSection(study, plots),
    figuresSection(figures),
    footer(study),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy([plotly, PAGE_SCRIPT])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(study.scenario.title)}</title>
<style>
${PAGE_STYLE}
</style>
</head>
<body>
<main>
${sections.filter((section) => section !== '').join('\n')}
</main>
<script type="application/json" id="figures">${figureData([...plots.values(), ...figures])}</script>
<script>${plotly}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
}

function tablesSection({ tables }: Study, plots: ReadonlyMap<string, Figure>): string {
  if (tables.length === 0) return '';
  const studies = tables.map((table) => studyTable(table, plots.get(table.name)));
  return `<section id="tables"><h2>Convergence</h2>\n${studies.join('\n')}\n</section>`;
}

function figuresSection(figures: readonly Figure[]): string {
  if (figures.length === 0) return '';
  const cards = figures.map((figure) => `<div class="card">${plotFigure(figure)}</div>`);
  return `<section id="fields"><h2>Figures</h2>\n<div class="grid">\n${cards.join('\n')}\n</div></section>`;
}

function figureData(figures: readonly Figure[]): string {
  return scriptJson(Object.fromEntries(figures.map(({ id, data, layout }) => [id, { data, layout }])));
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

/** plotly.js as text; a literal end tag inside it would end the element. */
function plotlySource(): string {
  const file = createRequire(import.meta.url).resolve('plotly.js-dist-min');
  return readFileSync(file, 'utf8')
    .replace(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '<\\!--');
}
