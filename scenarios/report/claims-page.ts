import type { ConvergenceTable } from '../../src/verification/table.ts';
import { claimsTable, grouped } from '../reproduce/claims-table.ts';
import type { Reproduction } from '../reproduce/reproduce.ts';
import { writeTexts } from './atomic-file.ts';
import { claimFigures, idOf } from './claims-figures.ts';
import { typeset } from './format-number.ts';
import { type Html, html, nothing } from './html.ts';
import { dataSection, pairs } from './html-sections.ts';
import { figureGrid, tableBody } from './html-table.ts';
import { renderPage, type Section } from './page.ts';
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
  const parts = names.map((claim) => ({ table: claimTable(table, claim), figures: claimFigures(claim, reproduction) }));
  const models = reproduction.models.map(({ name, title }) => [name, title] as const);
  const notes = [table.caption, ...table.notes].map((note) => html`<p>${typeset(note)}</p>\n`);
  const sections = [
    ...parts.map(claimSection),
    { id: 'models', title: 'The models', body: html`${pairs(models)}${SOURCES}` },
    dataSection([
      ['claims.csv', table.title],
      ['reproduce.json', 'every row with its series: JSON'],
    ]),
  ];
  return renderPage({
    ...{ kicker: 'Reproduction of the theory', title: 'Does it hold?', version },
    ...{ lead: html`${verdictLine(reproduction)}${notes}`, sections, figures: parts.flatMap(({ figures }) => figures) },
    ...{ tables: parts.map((part) => part.table), owner: { name: 'reproduce' } },
  });
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

function claimSection({
  table,
  figures,
}: {
  readonly table: ConvergenceTable;
  readonly figures: readonly Figure[];
}): Section {
  const grid = figures.length === 0 ? nothing : figureGrid(figures);
  return {
    id: table.name,
    title: table.title,
    body: html`${tableBody(table)}\n${grid}`,
  };
}
