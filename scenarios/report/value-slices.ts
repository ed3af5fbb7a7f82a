import { type Fields, nodesOf, type Selected, select } from '../study/field.ts';
import { axisTitle, coordinateOf, curveOf, rowsOf } from './field-map.ts';
import { ROUND_OFF } from './format-number.ts';
import {
  axis,
  EXACT,
  epsilonLabel,
  type Figure,
  INK,
  logAxis,
  planeLayout,
  positionLabel,
  sequentialColours,
  standingOut,
} from './plot-style.ts';
import { nearest, sampleIndices } from './sampling.ts';
import { heldIn, type Values } from './shown-values.ts';

/** Positions y* of the slider. */
const SLICES = 11;

/**
 * Above: Vᵉ along the first slow axis, v, the exact limit and f. Below: |Vᵉ − v| on a logarithmic axis. With a slider
 * over y* where n = m = 1; in the plane at one line.
 */
export function valueSlices(fields: Fields, { values, epsilons, limit, at }: Values): Figure {
  const isWhole = at === '';
  const [outer] = values[0].axes;
  const line = lineIn(fields);
  const heights = isWhole ? sliceHeights(outer.nodes) : [0];
  const start = isWhole
    ? nearest(
        heights.map((j) => outer.nodes[j]),
        0,
      )
    : 0;
  const alongLine = (field: Selected, j: number) =>
    field.axes.length === 1 ? field : rowsOf(field)[isWhole ? j : line.row];
  const ofLimit = alongLine(limit, 0);
  const slices = heights.map((j) => values.map((field) => sliceOf(alongLine(field, j), ofLimit)));
  const colours = sequentialColours(values.length);
  const curves = slices[start].flatMap(({ value, gap }, k) => [
    { ...curve(value, { color: colours[k] }), name: epsilonLabel(epsilons[k]) },
    { ...curve(gap, { color: colours[k] }), name: '', yaxis: 'y2', showlegend: false },
  ]);
  const targets = values.flatMap((_, k) => [2 * k, 2 * k + 1]);
  const heightsOfCurves = (slice: readonly Slice[]) =>
    slice.flatMap(({ value, gap }) => [value, gap]).map((field) => (curve(field, {}) as { readonly y: unknown }).y);
  const frames = heights.map((j, s) => ({
    ...{ at: outer.nodes[j], label: positionLabel(outer.nodes[j]), traces: targets },
    change: { y: heightsOfCurves(slices[s]) },
  }));
  const name = coordinateOf(ofLimit.axes[0]);
  const place = [at, line.at].filter((text) => text !== '').join(', ');
  return {
    id: isWhole ? 'value-slices' : 'value-lines',
    title: isWhole ? 'Slices Vᵉ(x, y*) and |Vᵉ − v|' : 'Vᵉ along the first slow axis, and |Vᵉ − v|',
    caption:
      `At τ = T${isWhole ? '' : `; ${place}`}. Below, |Vᵉ − v| on the same grid and steps: the ε-error alone. ` +
      'Light to dark as ε falls.',
    data: [...curves, ...references(fields, ofLimit)],
    layout: planeLayout(560, {
      xaxis: axis(axisTitle(name), { anchor: 'y2' }),
      yaxis: axis('V', { domain: [0.46, 1] }),
      yaxis2: logAxis('|V<sup>ε</sup> − v|', { domain: [0, 0.38], ...decadeTicks(slices.flat()) }),
    }),
    sliders: [
      ...standingOut(epsilons, (k) => [2 * k, 2 * k + 1]),
      ...(isWhole ? [{ symbol: 'y*', frames, start }] : []),
    ],
  };
}

/** The row of x₂ along which f and the limit are known on a finer line; the first one where there is no x₂. */
function lineIn(fields: Fields): { readonly row: number; readonly at: string } {
  const at = heldIn(fields, 'f_line');
  const nodes = nodesOf(fields, 'x2');
  return { row: nodes.length === 0 ? 0 : nearest(nodes, Number(at.split(' = ')[1] ?? 0)), at };
}

interface Slice {
  readonly value: Selected;
  readonly gap: Selected;
}

function sliceOf(value: Selected, limit: Selected): Slice {
  const gaps = value.values.map((number, i) => Math.abs(number - limit.values[i]));
  return { value, gap: { axes: value.axes, values: gaps.map((gap) => (gap > ROUND_OFF ? gap : Number.NaN)) } };
}

/** At most six decades are labelled; from the medians, since every change of sign of Vᵉ − v digs a pole to −∞. */
function decadeTicks(slices: readonly Slice[]): object {
  const gaps = slices.map(({ gap }) => gap.values.filter((value) => !Number.isNaN(value)));
  const sorted = gaps.filter((gap) => gap.length > 0).map((gap) => gap.sort((a, b) => a - b));
  if (sorted.length === 0) return {};
  const low = Math.floor(Math.log10(Math.min(...sorted.map((gap) => gap[gap.length >> 1]))) - 0.5);
  const high = Math.ceil(Math.log10(Math.max(...sorted.map((gap) => gap[gap.length - 1]))));
  return { range: [low - 0.2, high + 0.2], dtick: Math.max(1, Math.ceil((high - low) / 6)) };
}

/** f, v and the exact limit. */
function references(fields: Fields, limit: Selected): object[] {
  const f = select(fields, 'f_line') ?? select(fields, 'f');
  const exact = select(fields, 'v_exact_line') ?? select(fields, 'v_exact');
  return [
    ...(f === null ? [] : [{ ...curve(f, { color: '#9aa5b1', width: 1.5 }), name: 'f' }]),
    { ...curve(limit, { color: INK, dash: 'dash' }), name: 'v' },
    ...(exact === null ? [] : [{ ...curve(exact, { color: EXACT, dash: 'dot' }), name: 'exact limit' }]),
  ];
}

function curve(field: Selected, style: object): object {
  return { ...curveOf(field, { width: 2, ...style }), hovertemplate: '%{x:.4g}, %{y:.6g}' };
}

/** Indices of nodes y* of the slider: spread over the box, among them the node nearest to 0. */
function sliceHeights(y: readonly number[]): number[] {
  const indices = new Set([...sampleIndices(y.length, SLICES), nearest(y, 0)]);
  return [...indices].sort((a, b) => a - b);
}
