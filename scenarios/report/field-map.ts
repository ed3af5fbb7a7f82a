/** Fields over two axes as heat maps with level lines, over one as curves. */
import { extentOf } from '../fields.ts';
import type { Selected } from '../study/field.ts';
import { axis, epsilonSlider, type Figure, HEAT_SCALE, planeLayout, positionLabel } from './plot-style.ts';
import { pick, sampleIndices, shorten } from './sampling.ts';

export const HEIGHT = 500;
/** Points per axis of a map, and on a curve, in the page. */
const POINTS = { map: 121, curve: 401 } as const;

/** "(1, 0)", for one number without brackets. */
export function place(point: readonly number[]): string {
  const text = point.map((value) => positionLabel(Math.abs(value) < 1e-12 ? 0 : value)).join(', ');
  return point.length === 1 ? text : `(${text})`;
}

/** The coordinate of an axis: y1 for y1_measure. */
export function coordinateOf({ name }: { readonly name: string }): string {
  return name.split('_')[0];
}

/** x1 as x with a lowered 1. */
export function axisTitle(name: string): string {
  return name.replace(/^([a-z])(\d)$/, '$1<sub>$2</sub>');
}

/** Two axes of the same scale. */
export function squareAxes(names: readonly string[]): object {
  return {
    xaxis: axis(axisTitle(names[0]), { constrain: 'domain' }),
    yaxis: axis(axisTitle(names[1]), { scaleanchor: 'x', constrain: 'domain' }),
  };
}

/** x, y and z[j][i] at (x_i, y_j) for Plotly, of a field over (y,x): not all its points. */
export function heightsOf({ axes, values }: Selected, most: number = POINTS.map) {
  const [rows, columns] = axes.map(({ nodes }) => sampleIndices(nodes.length, most));
  const [y, x] = axes.map(({ nodes }) => nodes);
  const at = (j: number, i: number) => shorten(values[j * x.length + i]);
  return { x: pick(x, columns), y: pick(y, rows), z: rows.map((j) => columns.map((i) => at(j, i))) };
}

/** Names of the axes to the right and upwards. */
export function namesOf({ axes }: Selected): string[] {
  return axes.map(coordinateOf).toReversed();
}

export function colourBar(symbol: string): object {
  return {
    title: { text: symbol, side: 'top' },
    thickness: 14,
    outlinewidth: 0,
    tickfont: { size: 11 },
    exponentformat: 'power',
  };
}

/** A heat map with level lines. */
export function heatMap(field: Selected, symbol: string, extra: object = {}): object {
  return {
    type: 'contour',
    ...heightsOf(field),
    colorscale: HEAT_SCALE,
    contours: { coloring: 'heatmap' },
    ncontours: 16,
    line: { color: 'rgba(255,255,255,0.65)', width: 0.9 },
    colorbar: colourBar(symbol),
    hovertemplate: `%{x:.4g}, %{y:.4g}<br>${symbol} %{z:.6g}<extra></extra>`,
    ...extra,
  };
}

/** A field to be drawn, with the symbol of its values. */
type Drawn = Pick<Figure, 'id' | 'title' | 'caption'> & { readonly field: Selected; readonly symbol: string };

/** A heat map as a figure of its own. */
export function mapFigure({ field, symbol, ...titles }: Drawn): Figure {
  return { ...titles, data: [heatMap(field, symbol)], layout: planeLayout(HEIGHT, squareAxes(namesOf(field))) };
}

/** Heat maps with a slider over ε, on the colours of all of them and of more values. */
export function sliderMap(
  fields: readonly Selected[],
  epsilons: readonly number[],
  { symbol, more = [], ...titles }: Omit<Drawn, 'field'> & { readonly more?: readonly number[] },
): Figure {
  const { lower: zmin, upper: zmax } = extentOf([...more, ...fields.flatMap(({ values }) => values)]);
  return {
    ...titles,
    data: [heatMap(fields[0], symbol, { zmin, zmax, zauto: false })],
    layout: planeLayout(HEIGHT, squareAxes(namesOf(fields[0]))),
    sliders: epsilonSlider(fields.map((field, k) => ({ at: epsilons[k], change: { z: [heightsOf(field).z] } }))),
  };
}

/** The rows of a field over its slowest axis. */
export function rowsOf({ axes: [outer, ...axes], values }: Selected): Selected[] {
  const size = values.length / outer.nodes.length;
  return outer.nodes.map((_, k) => ({ axes, values: values.slice(k * size, (k + 1) * size) }));
}

/** A curve over the only axis of a field. */
export function curveOf({ axes: [{ nodes }], values }: Selected, line: object): object {
  const shown = sampleIndices(nodes.length, POINTS.curve);
  return { type: 'scatter', mode: 'lines', x: pick(nodes, shown), y: pick(values, shown), line };
}
