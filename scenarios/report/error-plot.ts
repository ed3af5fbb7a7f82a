import { asymptoticRows } from '../../src/verification/order.ts';
import type { Cell, ConvergenceTable, ErrorSeries } from '../../src/verification/table.ts';
import { formatParameter, ROUND_OFF, typeset } from './format-number.ts';
import {
  axis,
  epsilonSlider,
  type Figure,
  INK,
  logAxis,
  MUTED,
  planeLayout,
  plotText,
  SERIES_COLOURS,
} from './plot-style.ts';

/** A symbol for every error series, for printing in grey. */
const SYMBOLS = ['circle', 'square', 'diamond', 'triangle-up', 'cross', 'star', 'x'];

interface Point {
  readonly size: number;
  readonly error: number;
  readonly asymptotic: boolean;
}

/** A factor of 30, one and a half decades: below it decades alone leave an axis almost without labels. */
const NARROW = 30;

/** Errors over the refined parameter, log–log, with a slope triangle per claimed order; null without errors. */
export function errorPlot(table: ConvergenceTable): Figure | null {
  const lines = table.series
    .map((series) => ({ series, points: pointsOf(table, series) }))
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return null;
  const sizes = [...new Set(lines.map(({ series }) => labelOf(table, series.size)))];
  const triangles = distinctOrders(lines.map(({ series }) => series)).flatMap((order) => {
    const candidates = lines.filter(({ series }) => series.claimedOrder === order).map(({ points }) => points);
    return slopeTriangle(order, candidates);
  });
  const points = lines.flatMap((line) => line.points);
  const wide = spread(points.map((point) => point.size));
  const tall = spread(points.map((point) => point.error));
  const label = plotText(sizes.join(', '));
  const traces = lines.map(({ series, points }, k) => ({
    type: 'scatter',
    mode: 'lines+markers',
    name: plotText(series.label),
    x: points.map((point) => point.size),
    y: points.map((point) => point.error),
    line: { color: SERIES_COLOURS[k % SERIES_COLOURS.length], width: 2 },
    marker: {
      size: 8,
      symbol: points.map((point) => SYMBOLS[k % SYMBOLS.length] + (point.asymptotic ? '' : '-open')),
      color: SERIES_COLOURS[k % SERIES_COLOURS.length],
    },
    hovertemplate: `${plotText(labelOf(table, series.size))} = %{x:.4g}<br>error %{y:.3e}`,
  }));
  const { mark, sliders } = rings(sizes, points, traces.length + triangles.length);
  return {
    id: `errors-${table.name}`,
    title: `Errors over ${sizes.join(', ')}`,
    caption: 'Filled marks are asymptotic rows, open marks are not; triangles show the claimed orders.',
    data: [...traces, ...triangles, ...mark],
    layout: planeLayout(400, {
      xaxis: wide > NARROW ? logAxis(label, decades(wide)) : fewTicks(label, points),
      yaxis: logAxis('error', tall > NARROW ? decades(tall) : { dtick: 'D2' }),
    }),
    sliders,
  };
}

/** Where ε is refined, rings around the errors of the ε of the slider, as the trace of this number. */
function rings(sizes: readonly string[], points: readonly Point[], trace: number) {
  const refined = sizes.length === 1 && sizes[0] === 'ε' ? [...new Set(points.map(({ size }) => size))] : [];
  const errorsAt = (epsilon: number) => points.filter(({ size }) => size === epsilon).map(({ error }) => error);
  const places = refined.map((epsilon) => ({ x: errorsAt(epsilon).map(() => epsilon), y: errorsAt(epsilon) }));
  const mark = places.slice(0, 1).map((place) => ({
    ...{ ...place, type: 'scatter', mode: 'markers', hoverinfo: 'skip', showlegend: false },
    marker: { size: 15, symbol: 'circle-open', color: INK, line: { color: INK, width: 1.5 } },
  }));
  const frames = places.map(({ x, y }, k) => ({ at: refined[k], change: { x: [x], y: [y] }, traces: [trace] }));
  return { mark, sliders: epsilonSlider(frames) };
}

/** At most about six labels, upright. */
function decades(factor: number): object {
  return { dtick: Math.max(1, Math.ceil(Math.log10(factor) / 6)), tickangle: 0 };
}

/** Within one decade the sizes themselves are the ticks. */
function fewTicks(title: string, points: readonly Point[]): object {
  const sizes = [...new Set(points.map((point) => point.size))];
  return axis(title, { type: 'log', tickvals: sizes, ticktext: sizes.map((size) => typeset(formatParameter(size))) });
}

function pointsOf(table: ConvergenceTable, series: ErrorSeries): Point[] {
  const asymptotic = asymptoticRows(table.rows.map((row) => verdictIn(row[series.verdict])));
  return table.rows
    .map((row, k) => ({
      size: positive(row[series.size]),
      error: positive(row[series.error]),
      asymptotic: asymptotic[k],
    }))
    .filter((point) => point.size > 0 && point.error > ROUND_OFF);
}

function verdictIn(cell: Cell | undefined): string | null {
  return typeof cell === 'string' ? cell : null;
}

function positive(cell: Cell | undefined): number {
  return typeof cell === 'number' && Number.isFinite(cell) ? cell : 0;
}

function labelOf(table: ConvergenceTable, key: string): string {
  return table.columns.find((column) => column.key === key)?.label ?? key;
}

function distinctOrders(series: readonly ErrorSeries[]): number[] {
  return [...new Set(series.map((one) => one.claimedOrder))].filter((order) => Number.isFinite(order) && order !== 0);
}

function spread(values: readonly number[]): number {
  return Math.max(...values) / Math.min(...values);
}

/** How far below the line the triangle stands, and how wide it may be (factors). */
const DROP = 0.4;
const WIDEST = 10;

/**
 * A right triangle under the lowest line of that order, over the last two asymptotic points (the last two points
 * where fewer are asymptotic), with the order written beside its upright side.
 */
function slopeTriangle(order: number, candidates: readonly (readonly Point[])[]): object[] {
  const stretches = candidates.map(lastStretch).filter((points) => points.length === 2);
  if (stretches.length === 0) return [];
  const [near, far] = stretches.reduce((low, one) => (one[0].error < low[0].error ? one : low));
  const left = near.size;
  const right = Math.min(far.size, left * WIDEST);
  const height = (right / left) ** order;
  const touching = Math.min(near.error, far.error / (far.size / left) ** order, crossing(candidates, left, order));
  const bottom = DROP * touching;
  const outline = { color: MUTED, width: 1.5 };
  return [
    {
      type: 'scatter',
      mode: 'lines',
      x: [left, right, right, left],
      y: [bottom, bottom, bottom * height, bottom],
      fill: 'toself',
      fillcolor: 'rgba(92,103,115,0.12)',
      line: outline,
      hoverinfo: 'skip',
      showlegend: false,
    },
    {
      type: 'scatter',
      mode: 'text',
      x: [right],
      y: [bottom * Math.sqrt(height)],
      text: [`  ${formatParameter(order)}`],
      textposition: 'middle right',
      textfont: { size: 14, color: INK },
      cliponaxis: false,
      hoverinfo: 'skip',
      showlegend: false,
    },
  ];
}

/** The two finest asymptotic points, finer first. */
function lastStretch(points: readonly Point[]): readonly Point[] {
  const asymptotic = points.filter((point) => point.asymptotic);
  const sorted = [...(asymptotic.length >= 2 ? asymptotic : points)].sort((a, b) => a.size - b.size);
  return sorted.slice(0, 2);
}

/** The lowest level at `left` of lines of slope `order` through the points over the triangle. */
function crossing(candidates: readonly (readonly Point[])[], left: number, order: number): number {
  const above = candidates.flat().filter((point) => point.size >= left && point.size <= left * WIDEST);
  return Math.min(...above.map((point) => point.error / (point.size / left) ** order));
}
