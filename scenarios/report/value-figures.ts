import { extentOf } from '../fields.ts';
import type { StudyFields, ValueField } from '../study/study-fields.ts';
import { formatParameter } from './format-number.ts';
import {
  axis,
  EXACT,
  epsilonLabel,
  type Figure,
  INK,
  logAxis,
  MUTED,
  planeLayout,
  positionLabel,
  sequentialColours,
  slider,
  surfaceLayout,
  tint,
} from './plot-style.ts';
import { interpolate, nearest, pick, sampleIndices, shorten } from './sampling.ts';

/** Points per axis of a surface, and on a line, in the page. */
const SURFACE_POINTS = 121;
const LINE_POINTS = 401;

/** Positions y* of the slider. */
const SLICES = 11;

type Effective = StudyFields['effective'];

/** Vᵉ beside its limit, in reading order; null for those without data. */
export function lineFigures(fields: StudyFields): (Figure | null)[] {
  return [valueSurface(fields), valueSlices(fields)];
}

/** Vᵉ(x,y) over the plane with a slider over ε, and v(x), which does not depend on y. */
function valueSurface(fields: StudyFields): Figure | null {
  const values = byDecreasingEpsilon(fields.values);
  if (values.length === 0) return null;
  const colours = sequentialColours(values.length);
  const surfaces = values.map((field, k) => surface(field, colours[k], k === 0));
  const steps = values.map((field, k) => ({
    label: formatParameter(field.epsilon),
    method: 'restyle',
    args: [{ visible: [...values.map((_, i) => i === k), true] }],
  }));
  return {
    id: 'value-surface',
    title: 'Value functions Vᵉ(x, y) and their limit v(x)',
    caption: 'At τ = T. Coloured: Vᵉ for the ε of the slider; grey, translucent: the effective v, constant in y.',
    data: [...surfaces, limitSurface(fields.effective, values[0])],
    layout: surfaceLayout(560, { names: ['x', 'y'], range: heightRange(fields), sliders: [slider('ε = ', 0, steps)] }),
  };
}

/** One range for all ε, so that the slider moves the surface and not the axis. */
function heightRange({ values, effective }: StudyFields): number[] {
  const { lower, upper } = extentOf([...values.flatMap((field) => field.values), effective.values].flat());
  const margin = 0.03 * (upper - lower || 1);
  return [lower - margin, upper + margin];
}

function surface(field: ValueField, colour: string, visible: boolean): object {
  const columns = sampleIndices(field.x.length, SURFACE_POINTS);
  const rows = sampleIndices(field.y.length, SURFACE_POINTS);
  const line = { show: true, color: tint(colour, 0.75), width: 1, highlight: false };
  return {
    type: 'surface',
    name: epsilonLabel(field.epsilon),
    visible,
    x: pick(field.x, columns),
    y: pick(field.y, rows),
    z: rows.map((j) => pick(field.values[j], columns)),
    colorscale: [
      [0, tint(colour, 0.45)],
      [1, colour],
    ],
    showscale: false,
    contours: { x: { ...line, ...spacing(field.x) }, y: { ...line, ...spacing(field.y) } },
    lighting: { ambient: 0.72, diffuse: 0.6, specular: 0.08, roughness: 0.8 },
    hovertemplate: `${epsilonLabel(field.epsilon)}<br>x %{x:.4g}<br>y %{y:.4g}<br>V %{z:.6g}<extra></extra>`,
  };
}

/** Sixteen lines across an axis give the surface its shape. */
function spacing(nodes: readonly number[]): object {
  const [start, end] = [nodes[0], nodes[nodes.length - 1]];
  return { start, end, size: (end - start) / 16 };
}

function limitSurface(effective: Effective, field: ValueField): object {
  const columns = sampleIndices(effective.x.length, SURFACE_POINTS);
  const row = pick(effective.values, columns);
  return {
    type: 'surface',
    name: 'v',
    x: pick(effective.x, columns),
    y: [shorten(field.y[0]), shorten(field.y[field.y.length - 1])],
    z: [row, row],
    colorscale: [
      [0, '#5c6773'],
      [1, '#5c6773'],
    ],
    opacity: 0.5,
    showscale: false,
    hovertemplate: 'v<br>x %{x:.4g}<br>v %{z:.6g}<extra></extra>',
  };
}

/** Above: Vᵉ(·, y*), v, the exact limit and f over x. Below: |Vᵉ − v| on a logarithmic axis. Slider over y*. */
function valueSlices(fields: StudyFields): Figure | null {
  const values = byDecreasingEpsilon(fields.values);
  if (values.length === 0) return null;
  const { effective } = fields;
  const colours = sequentialColours(values.length);
  const heights = sliceHeights(values[0].y);
  const start = nearest(heights, 0);
  const slices = heights.map((height) => values.map((field) => slice(field, height, effective)));
  const curves = values.flatMap((field, k) => [
    { ...line(epsilonLabel(field.epsilon), colours[k]), x: slices[start][k].x, y: slices[start][k].value },
    { ...line('', colours[k]), x: slices[start][k].x, y: slices[start][k].gap, yaxis: 'y2', showlegend: false },
  ]);
  const targets = values.flatMap((_, k) => [2 * k, 2 * k + 1]);
  const steps = heights.map((height, s) => ({
    label: positionLabel(height),
    method: 'restyle',
    args: [{ y: slices[s].flatMap((one) => [one.value, one.gap]) }, targets],
  }));
  return {
    id: 'value-slices',
    title: 'Slices Vᵉ(x, y*) and their distance from the limit',
    caption: 'At τ = T; the slider moves y*. Below, |Vᵉ − v| on the same grid and steps: the ε-error alone.',
    data: [...curves, ...references(effective)],
    layout: planeLayout(560, {
      sliders: [slider('y* = ', start, steps)],
      xaxis: axis('x', { anchor: 'y2' }),
      yaxis: axis('V', { domain: [0.46, 1] }),
      yaxis2: logAxis('|V<sup>ε</sup> − v|', { domain: [0, 0.38], ...decadeTicks(slices.flat(2)) }),
    }),
  };
}

interface Slice {
  readonly x: readonly (number | null)[];
  readonly value: readonly (number | null)[];
  readonly gap: readonly (number | null)[];
}

function slice(field: ValueField, height: number, effective: Effective): Slice {
  const columns = sampleIndices(field.x.length, LINE_POINTS);
  const row = field.values[nearest(field.y, height)];
  const gap = columns.map((i) =>
    Math.abs((row[i] ?? Number.NaN) - interpolate(effective.x, effective.values, field.x[i])),
  );
  return {
    x: pick(field.x, columns),
    value: pick(row, columns),
    gap: gap.map((value) => (value > 0 ? shorten(value) : null)),
  };
}

/** Below this the distance is round-off and says nothing. */
const ROUND_OFF = 1e-14;

/** At most six decades are labelled; from the medians, since every change of sign of Vᵉ − v digs a pole to −∞. */
function decadeTicks(slices: readonly Slice[]): object {
  const gaps = slices.map((one) => one.gap.filter((gap) => gap !== null && gap > ROUND_OFF) as number[]);
  const sorted = gaps.filter((gap) => gap.length > 0).map((gap) => gap.sort((a, b) => a - b));
  if (sorted.length === 0) return {};
  const low = Math.floor(Math.log10(Math.min(...sorted.map((gap) => gap[gap.length >> 1]))) - 0.5);
  const high = Math.ceil(Math.log10(Math.max(...sorted.map((gap) => gap[gap.length - 1]))));
  return { range: [low - 0.2, high + 0.2], dtick: Math.max(1, Math.ceil((high - low) / 6)) };
}

function references(effective: Effective): object[] {
  const nodes = sampleIndices(effective.x.length, LINE_POINTS);
  const x = pick(effective.x, nodes);
  const terminal = { ...line('f', MUTED), x, y: pick(effective.terminal, nodes) };
  const limit = {
    ...line('v', INK),
    x,
    y: pick(effective.values, nodes),
    line: { color: INK, width: 2, dash: 'dash' },
  };
  const curves: object[] = [{ ...terminal, line: { color: '#9aa5b1', width: 1.5 } }, limit];
  if (effective.exact !== null) {
    const dots = { color: EXACT, width: 2, dash: 'dot' };
    curves.push({ ...line('exact limit', EXACT), x, y: pick(effective.exact, nodes), line: dots });
  }
  return curves;
}

function line(name: string, colour: string): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    line: { color: colour, width: 2 },
    hovertemplate: 'x %{x:.4g}, %{y:.6g}',
  };
}

/** Nodes y* of the slider: spread over the box, among them the node nearest to 0. */
function sliceHeights(y: readonly number[]): number[] {
  const indices = new Set([...sampleIndices(y.length, SLICES), nearest(y, 0)]);
  return [...indices].sort((a, b) => a - b).map((j) => y[j]);
}

function byDecreasingEpsilon(values: readonly ValueField[]): ValueField[] {
  return [...values].sort((a, b) => b.epsilon - a.epsilon);
}
