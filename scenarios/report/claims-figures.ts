import type { Claim, Series } from '../reproduce/claim.ts';
import { grouped } from '../reproduce/claims-table.ts';
import type { Reproduction } from '../reproduce/reproduce.ts';
import { type Figure, logAxis, MUTED, planeLayout, plotText } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** One colour and symbol per model (Okabe, Ito 2008). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#000000', '#999999'];
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'x', 'star', 'triangle-down'];

interface Drawn extends Claim {
  readonly series: Series;
}

/** The figures behind the rows of a claim: every quantity over its parameter, all models in one plane. */
export function claimFigures(claim: string, { claims, models }: Reproduction): Figure[] {
  const own = claims.filter((row) => row.claim === claim);
  const drawn = own.filter((row): row is Drawn => row.series !== null && positive(row.series).length > 1);
  const names = models.map(({ name }) => name);
  const groups = grouped(drawn, ({ series }) => series.quantity);
  return groups.map(([, group], k) => seriesFigure(group, k, names));
}

/** A claim as the name of an element. */
export function idOf(claim: string): string {
  return claim
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** A logarithmic axis has no place for 0 and less. */
function positive({ points }: Series) {
  return points.filter(({ figure }) => figure > 0);
}

function seriesFigure(group: readonly Drawn[], index: number, models: readonly string[]): Figure {
  const [{ claim, series }] = group;
  const order = series.order === null ? '' : ` Dashed: the power ${series.order} of ${series.parameter}.`;
  return {
    id: `${idOf(claim)}-${index}`,
    title: `${series.quantity} over ${series.parameter}`,
    caption: `Bars as in the table.${order}`,
    data: group.flatMap((each) => [line(each, models.indexOf(each.model)), ...slope(each.series)]),
    layout: planeLayout(360, {
      showlegend: true,
      xaxis: logAxis(plotText(series.parameter), series.parameter === 'n' ? { dtick: 'D1' } : {}),
      yaxis: logAxis(plotText(series.quantity)),
    }),
  };
}

function line({ model, series }: Drawn, index: number): object {
  const points = positive(series);
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plotText(model),
    x: points.map(({ at }) => shorten(at)),
    y: points.map(({ figure }) => shorten(figure)),
    // A bar down to 0 has no end on a logarithmic axis: it stops at a tenth of its figure.
    error_y: {
      type: 'data',
      symmetric: false,
      array: points.map(({ error }) => shorten(error)),
      arrayminus: points.map(({ figure, error }) => shorten(Math.min(error, 0.9 * figure))),
      color: COLOURS[index],
      thickness: 1.2,
      width: 3,
    },
    line: { color: COLOURS[index], width: 2 },
    marker: { size: 8, symbol: SYMBOLS[index], color: COLOURS[index] },
    hovertemplate: `${plotText(series.parameter)} = %{x:.4g}<br>%{y:.3e}`,
  };
}

/** A line of the expected power through the last point. */
function slope(series: Series): object[] {
  const { order } = series;
  const points = positive(series);
  if (order === null) return [];
  const last = points[points.length - 1];
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: points.map(({ at }) => shorten(at)),
      y: points.map(({ at }) => shorten(last.figure * (at / last.at) ** order)),
      line: { color: MUTED, width: 1.2, dash: 'dash' },
      hoverinfo: 'skip',
      showlegend: false,
    },
  ];
}
