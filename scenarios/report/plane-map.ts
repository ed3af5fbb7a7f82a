/** Functions of two variables as heat maps with level lines, of one as curves. */
import { arrayOf } from '../fields.ts';
import type { NodeValues } from '../study/plane-fields.ts';
import { axis, type Figure, HEAT_SCALE, planeLayout, positionLabel, sequentialColours } from './plot-style.ts';
import { shorten, shortenedRows } from './sampling.ts';

export const HEIGHT = 500;

/** "(1, 0)", for one number without brackets. */
export function place(point: readonly number[]): string {
  const text = point.map((value) => positionLabel(Math.abs(value) < 1e-12 ? 0 : value)).join(', ');
  return point.length === 1 ? text : `(${text})`;
}

/** x1 as x with a lowered 1. */
export function axisTitle(name: string): string {
  return name.replace(/^([a-z])(\d)$/, '$1<sub>$2</sub>');
}

/** z[j][i] at (first axis i, second axis j) for Plotly. */
export function heightsOf({ axes, values }: NodeValues): (number | null)[][] {
  return shortenedRows(arrayOf(values, [axes[1].nodes.length, axes[0].nodes.length]));
}

/** Two axes of the same scale. */
export function squareAxes(names: readonly string[]): object {
  return {
    xaxis: axis(axisTitle(names[0]), { constrain: 'domain' }),
    yaxis: axis(axisTitle(names[1]), { scaleanchor: 'x', constrain: 'domain' }),
  };
}

/** A heat map with level lines. */
export function heatMap(field: NodeValues, symbol: string, extra: object = {}): object {
  return {
    type: 'contour',
    x: field.axes[0].nodes,
    y: field.axes[1].nodes,
    z: heightsOf(field),
    colorscale: HEAT_SCALE,
    contours: { coloring: 'heatmap' },
    ncontours: 16,
    line: { color: 'rgba(255,255,255,0.65)', width: 0.9 },
    colorbar: {
      title: { text: symbol, side: 'top' },
      thickness: 14,
      outlinewidth: 0,
      tickfont: { size: 11 },
      exponentformat: 'power',
    },
    hovertemplate: `%{x:.4g}, %{y:.4g}<br>${symbol} %{z:.6g}<extra></extra>`,
    ...extra,
  };
}

/** A field to be drawn, with the symbol of its values. */
interface Drawn {
  readonly id: string;
  readonly title: string;
  readonly field: NodeValues;
  readonly symbol: string;
}

/** A heat map as a figure of its own. */
export function mapFigure({ id, title, caption, field, symbol }: Drawn & { readonly caption: string }): Figure {
  const names = field.axes.map(({ name }) => name);
  return { id, title, caption, data: [heatMap(field, symbol)], layout: planeLayout(HEIGHT, squareAxes(names)) };
}

/** A curve as a figure of its own. */
export function curveFigure({ id, title, field, symbol }: Drawn): Figure {
  const [{ name, nodes }] = field.axes;
  const line = { color: sequentialColours(1)[0], width: 2 };
  const data = [{ type: 'scatter', mode: 'lines', x: nodes, y: field.values.map(shorten), line }];
  return {
    id,
    title,
    caption: '',
    data,
    layout: planeLayout(420, { xaxis: axis(axisTitle(name)), yaxis: axis(symbol) }),
  };
}
