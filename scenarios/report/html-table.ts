import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { formatOrder, isTextColumn, pageCell, typeset } from './format-number.ts';
import { type Html, html, joined, nothing } from './html.ts';
import { scrollBox, wordBadge } from './html-sections.ts';
import type { Figure } from './plot-style.ts';

/** A table with its title, caption and notes, what copies it, and the figure of its errors. */
export function studyTable(table: ConvergenceTable, plot?: Figure): Html {
  const title = `title-table-${table.name}`;
  return html`<section class="study" id="table-${table.name}" aria-labelledby="${title}">
<h3 id="${title}">${table.title}</h3>${tableBody(table, plot)}</section>`;
}

/** The same without its title, for a section that has it. */
export function tableBody(table: ConvergenceTable, plot?: Figure): Html {
  const notes = table.notes.map((note) => html`<li>${typeset(note)}</li>`);
  const list = notes.length === 0 ? nothing : html`<ul class="notes">${notes}</ul>`;
  return html`<div class="study"><p class="muted">${typeset(table.caption)}</p>
${scrollBox(table.title, grid(table))}
<p class="tools">${['CSV', 'LaTeX'].map(
    (format) => html`<button type="button" data-copy="${table.name}.${format}">Copy ${format}</button> `,
  )}</p>
${list}${plot === undefined ? nothing : plotFigure(plot)}
</div>`;
}

/** The places of figures, as many in a row as there is room for. */
export function figureGrid(figures: readonly Figure[], shape = 'grid'): Html {
  return html`<div class="${shape}">\n${joined(figures.map(plotFigure))}\n</div>`;
}

/** The place of a figure with its sliders; its data stands in the JSON block of the page under the same id. */
function plotFigure({ id, title, caption, sliders = [] }: Figure): Html {
  return html`<figure id="figure-${id}" aria-labelledby="title-figure-${id}">
<h3 id="title-figure-${id}">${typeset(title)}</h3>
<div class="plot" data-figure="${id}"></div>
${sliders.map(({ symbol, frames, start = 0 }, k) => {
  const own = `slider-${id}-${k}`;
  return html`<div class="slider"><label for="${own}"><i>${symbol}</i></label>
<input type="range" id="${own}" data-of="${id}" data-slider="${k}" min="0" max="${frames.length - 1}"
value="${start}" aria-label="${symbol} in ${typeset(title)}">
<output for="${own}"></output></div>`;
})}
<figcaption>${typeset(caption)}</figcaption></figure>`;
}

function grid(table: ConvergenceTable): Html {
  const head = table.columns.map(
    (column) => html`<th scope="col"${cssClass(table, column)}>${typeset(column.label)}</th>`,
  );
  const rows = table.rows.map((row) => {
    const cells = table.columns.map((column) => {
      const text = pageCell(row[column.key], column.kind);
      const isBadge = column.kind === 'verdict' && !/^[–]?$/.test(text);
      return html`<td${cssClass(table, column)}>${isBadge ? wordBadge(text) : text}</td>`;
    });
    return html`<tr>${cells}</tr>`;
  });
  return html`<table>
<thead><tr>${head}</tr></thead>
<tbody>
${joined(rows)}
</tbody>${meanOrders(table)}</table>`;
}

/** The mean order under every column of orders. */
function meanOrders({ columns, series }: ConvergenceTable): Html {
  if (series.every(({ overallOrder }) => overallOrder === null)) return nothing;
  const cells = columns.map(({ key }, c) => {
    const mean = series.find(({ order }) => order === key)?.overallOrder;
    return c === 0
      ? html`<th scope="row">mean</th>`
      : html`<td>${typeof mean === 'number' ? formatOrder(mean) : ''}</td>`;
  });
  return html`\n<tfoot><tr title="least-squares slope over the rows that stand for the order">${cells}</tr></tfoot>`;
}

function cssClass(table: ConvergenceTable, column: Column): Html {
  if (isTextColumn(table, column)) return html` class="text"`;
  return column.kind === 'error' ? html` class="error"` : nothing;
}
