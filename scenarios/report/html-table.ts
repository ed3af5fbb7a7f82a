import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { formatCell, isTextColumn } from './format-number.ts';
import { badge, type Html, html, joined, nothing } from './html.ts';
import type { Figure } from './plot-style.ts';
import { toneOf } from './verdict-badge.ts';

/** From this many columns on the table takes the whole width and its plot stands below. */
const WIDE = 9;

/**
 * A refinement study: title and caption, the table, beside it the error plot; notes under whatever is shorter. Without
 * a plot the table has the whole width.
 */
export function studyTable(table: ConvergenceTable, plot: Figure | undefined): Html {
  const wide = table.columns.length >= WIDE;
  const shape = wide ? ' wide' : plot ? ' narrow' : '';
  const notes = table.notes.map((note) => html`<li>${note}</li>`);
  const list = notes.length === 0 ? nothing : html`<ul class="notes">${notes}</ul>`;
  const drawn = plot === undefined ? nothing : plotFigure(plot);
  const body = wide
    ? html`<div class="scroll">${grid(table)}</div>${drawn}<div>${list}</div>`
    : html`<div><div class="scroll">${grid(table)}</div>${list}</div>${drawn}`;
  return html`<section class="card study${shape}" id="table-${table.name}">
<header><h3>${table.title}</h3><p class="muted">${table.caption}</p></header>
${body}
</section>`;
}

/** The places of figures, two in a row. */
export function figureGrid(figures: readonly Figure[]): Html {
  const cards = figures.map((figure) => html`<div class="card">${plotFigure(figure)}</div>`);
  return html`<div class="grid">\n${joined(cards)}\n</div>`;
}

/** The place of a figure; its data stands in the JSON block of the page under the same id. */
function plotFigure({ id, title, caption }: Figure): Html {
  const heading = title === '' ? nothing : html`<h3>${title}</h3>\n`;
  return html`<figure>${heading}<div class="plot" data-figure="${id}"></div>
<figcaption>${caption}</figcaption></figure>`;
}

function grid(table: ConvergenceTable): Html {
  const head = table.columns.map((column) => html`<th scope="col"${cssClass(table, column)}>${column.label}</th>`);
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((column) => {
      const text = formatCell(row[column.key], column.kind);
      const isBadge = column.kind === 'verdict' && !/^[–]?$/.test(text);
      return html`<td${cssClass(table, column)}>${isBadge ? badge(text, toneOf(text)) : text}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<table>
<thead><tr>${head}</tr></thead>
<tbody>
${joined(rows)}
</tbody></table>`;
}

function cssClass(table: ConvergenceTable, column: Column): Html {
  if (isTextColumn(table, column)) return html` class="text"`;
  return column.kind === 'error' ? html` class="error"` : nothing;
}
