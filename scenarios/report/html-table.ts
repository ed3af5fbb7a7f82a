import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { escapeHtml } from './escape.ts';
import { formatCell, isTextColumn } from './format-number.ts';
import type { Figure } from './plot-style.ts';

/** From this many columns on the table takes the whole width and its plot stands below. */
const WIDE = 9;

/**
 * A refinement study: title and caption, the table, beside it the error plot; notes under whatever is shorter. Without
 * a plot the table has the whole width.
 */
export function studyTable(table: ConvergenceTable, plot: Figure | undefined): string {
  const wide = table.columns.length >= WIDE;
  const shape = wide ? ' wide' : plot ? ' narrow' : '';
  const notes = table.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('');
  const list = notes === '' ? '' : `<ul class="notes">${notes}</ul>`;
  const body = wide
    ? `<div class="scroll">${grid(table)}</div>${plot ? plotFigure(plot) : ''}<div>${list}</div>`
    : `<div><div class="scroll">${grid(table)}</div>${list}</div>${plot ? plotFigure(plot) : ''}`;
  return `<section class="card study${shape}" id="table-${escapeHtml(table.name)}">
<header><h3>${escapeHtml(table.title)}</h3><p class="muted">${escapeHtml(table.caption)}</p></header>
${body}
</section>`;
}

/** The place of a figure; its data stands in the JSON block of the page under the same id. */
export function plotFigure(figure: Figure): string {
  const heading = figure.title === '' ? '' : `<h3>${escapeHtml(figure.title)}</h3>\n`;
  return `<figure>${heading}<div class="plot" data-figure="${escapeHtml(figure.id)}"></div>
<figcaption>${escapeHtml(figure.caption)}</figcaption></figure>`;
}

function grid(table: ConvergenceTable): string {
  const head = table.columns.map(
    (column) => `<th scope="col"${cssClass(table, column)}>${escapeHtml(column.label)}</th>`,
  );
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((column) => {
      const text = escapeHtml(formatCell(row[column.key], column.kind));
      const content = column.kind === 'verdict' ? badge(text) : text;
      return `<td${cssClass(table, column)}>${content}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table>`;
}

function cssClass(table: ConvergenceTable, column: Column): string {
  if (isTextColumn(table, column)) return ' class="text"';
  return column.kind === 'error' ? ' class="error"' : '';
}

const VERDICT_TONES: Record<string, string> = {
  converged: 'good',
  yes: 'good',
  no: 'bad',
  undecided: 'warn',
  'pre-asymptotic': 'warn',
  flat: 'warn',
  'ball too small': 'warn',
  'round-off': '',
  diverged: 'bad',
  diverging: 'bad',
};

function badge(text: string): string {
  return /^[–]?$/.test(text) ? text : `<span class="badge ${VERDICT_TONES[text] ?? ''}">${text}</span>`;
}
