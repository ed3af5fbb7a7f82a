import type { ConvergenceTable } from '../../src/verification/table.ts';
import { claimsTable, grouped } from '../reproduce/claims-table.ts';
import type { Reproduction } from '../reproduce/reproduce.ts';
import { writeTexts } from './atomic-file.ts';
import { claimFigures, idOf } from './claims-figures.ts';
import { type Html, html, nothing } from './html.ts';
import { pageFooter, pageHeader, pairs } from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
import { renderPage } from './page.ts';
import type { Figure } from './plot-style.ts';
import { tableFiles } from './table-formats.ts';
import { verdictBadge, worstVerdict } from './verdict-badge.ts';

/** Writes report.html, reproduce.json and claims.{csv,md,tex}; the paths written. */
export function writeClaims(
  reproduction: Reproduction,
  directory: string,
  { version }: { readonly version: string },
): Promise<string[]> {
  return writeTexts(directory, {
    'report.html': renderClaims(reproduction, version),
    'reproduce.json': `${JSON.stringify({ command: 'reproduce', version, ...reproduction }, null, 1)}\n`,
    ...tableFiles('claims', claimsTable(reproduction), { name: 'reproduce' }),
  });
}

const SOURCES = html`<p class="muted">M. Bardi, H. Kouhkouh, Singular perturbations in stochastic optimal control with
unbounded data (arXiv:2208.00655); Deep relaxation of controlled stochastic gradient descent via singular perturbations
(arXiv:2209.05564).</p>
`;

/** The rows and the figures behind them as one self-contained page; the same rows give the same bytes. */
function renderClaims(reproduction: Reproduction, version: string): string {
  const table = claimsTable(reproduction);
  const names = grouped(reproduction.claims, ({ claim }) => claim).map(([claim]) => claim);
  const parts = names.map((claim) => ({ claim, figures: claimFigures(claim, reproduction) }));
  const models = reproduction.models.map(({ name, title }) => [name, title] as const);
  const sections = [
    pageHeader('Reproduction of the theory', 'Does it hold?', verdictLine(reproduction)),
    html`<section class="claim" id="summary"><div class="card"><p>${table.caption}</p>
<ul class="notes">${table.notes.map((note) => html`<li>${note}</li>`)}</ul></div></section>`,
    ...parts.map(({ claim, figures }) => claimSection(claimTable(table, claim), figures)),
    html`<section id="models"><h2>The models</h2>
<div class="card">${pairs(models, 'settings')}</div></section>`,
    pageFooter(version, 'The numbers: reproduce.json beside this page.', SOURCES),
  ];
  return renderPage({ title: 'Claims of the theory', sections, figures: parts.flatMap(({ figures }) => figures) });
}

/** The worst of the rows; nothing without rows. */
function verdictLine({ claims }: Reproduction): Html {
  const [first, ...rest] = claims.map(({ verdict }) => verdict);
  return first === undefined ? nothing : html`<p>${verdictBadge(worstVerdict([first, ...rest]))}</p>\n`;
}

/** The rows of one claim, under what it says. */
function claimTable(table: ConvergenceTable, claim: string): ConvergenceTable {
  const rows = table.rows.filter((row) => row.claim === claim);
  return {
    ...table,
    name: idOf(claim),
    title: claim,
    caption: [...new Set(rows.map(({ statement }) => String(statement)))].join('; '),
    columns: table.columns.filter(({ key }) => key !== 'claim' && key !== 'statement'),
    rows,
    notes: [],
  };
}

function claimSection(table: ConvergenceTable, figures: readonly Figure[]): Html {
  const grid = figures.length === 0 ? nothing : figureGrid(figures);
  return html`<section class="claim" id="${table.name}">${studyTable(table, undefined)}\n${grid}</section>`;
}
