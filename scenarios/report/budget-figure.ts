import type { ConvergenceTable } from '../../src/verification/table.ts';
import { ROUND_OFF, typeset } from './format-number.ts';
import { axis, type Figure, planeLayout, plotText, SERIES_COLOURS } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** The parts of the error and their sums as bars, signed, those of every point in a colour; null without a number. */
export function budgetFigure(table: ConvergenceTable): Figure | null {
  const [name, , ...points] = table.columns;
  const parts = [...table.rows].reverse();
  const isPart = (cell: unknown): cell is number => typeof cell === 'number' && Math.abs(cell) > ROUND_OFF;
  const drawn = points.filter(({ key }) => parts.some((row) => isPart(row[key])));
  if (drawn.length === 0) return null;
  return {
    id: 'budget',
    title: 'What each parameter adds to the error',
    caption: 'Signed. A row without a bar is unknown or too small to be seen; the table has its number.',
    data: drawn.map(({ key, label }, k) => ({
      type: 'bar',
      orientation: 'h',
      name: plotText(typeset(label)),
      x: parts.map((row) => (isPart(row[key]) ? shorten(row[key]) : null)),
      y: parts.map((row) => plotText(String(row[name.key]))),
      marker: { color: SERIES_COLOURS[k % SERIES_COLOURS.length] },
      hovertemplate: '%{y} %{x:.3e}',
    })),
    layout: planeLayout(120 + 34 * parts.length, {
      xaxis: axis('error', { zeroline: true, zerolinecolor: '#9aa5b1', exponentformat: 'power' }),
      yaxis: axis('', { ticks: '' }),
      barmode: 'group',
      bargap: 0.25,
      showlegend: true,
    }),
  };
}
