/** Figures of Vᵉ beside its limit v. */
import { extentOf } from '../fields.ts';
import { type Fields, nodesOf, type Selected, select } from '../study/field.ts';
import type { StudyFields } from '../study/study-fields.ts';
import { heightsOf, mapFigure, namesOf, sliderMap } from './field-map.ts';
import { epsilonLabel, epsilonSlider, type Figure, sequentialColours, surfaceLayout, tint } from './plot-style.ts';
import { heldIn, type Values, valuesIn } from './shown-values.ts';
import { valueSlices } from './value-slices.ts';

const GREY = '#5c6773';

/** In reading order; those without data are left out. */
export function valueFigures(fields: StudyFields): Figure[] {
  const shown = valuesIn(fields);
  if (shown === null) return [];
  const figures = [limitMap(shown), valueMap(shown), valueSurface(shown), valueSlices(fields, shown), fastMap(fields)];
  return figures.filter((figure) => figure !== null);
}

/** v over the plane. */
function limitMap({ limit: field }: Values): Figure | null {
  if (field.axes.length !== 2) return null;
  const caption = 'At τ = T, with level lines.';
  return mapFigure({ id: 'limit-map', title: 'The limit v(x)', caption, field, symbol: 'v' });
}

/** Vᵉ(·,ȳ) with a slider over ε, on the colours of v. */
function valueMap({ values, epsilons, limit, at }: Values): Figure | null {
  if (limit.axes.length !== 2) return null;
  return sliderMap(values, epsilons, {
    id: 'value-map',
    title: `Vᵉ(x, ȳ) at ${at}`,
    caption: 'At τ = T; the slider moves ε, colours are the same for every ε.',
    symbol: 'Vᵉ',
    more: limit.values,
  });
}

/** Vᵉ(x̄,·) over the fast plane with a slider over ε: it flattens as ε → 0. */
function fastMap(fields: Fields): Figure | null {
  const epsilons = nodesOf(fields, 'epsilon');
  const values = epsilons.map((_, epsilon) => select(fields, 'V_over_y', { epsilon }));
  if (values[0]?.axes.length !== 2) return null;
  return sliderMap(values as Selected[], epsilons, {
    id: 'fast-map',
    title: `Vᵉ(x̄, y) over the fast variables at ${heldIn(fields, 'V_over_y')}`,
    caption: 'At τ = T, colours the same for every ε: as ε → 0 the value forgets y.',
    symbol: 'Vᵉ',
  });
}

/** Vᵉ over two variables with a slider over ε, and v, which does not depend on y. */
function valueSurface({ values, epsilons, limit, at }: Values): Figure | null {
  if (values[0].axes.length !== 2) return null;
  const isWhole = limit.axes.length === 1;
  const names = namesOf(values[0]);
  const colours = sequentialColours(values.length);
  const surfaces = values.map((field, k) =>
    surface(field, { epsilon: epsilons[k], colour: colours[k], visible: k === 0 }),
  );
  const frames = epsilons.map((at, k) => ({ at, change: { visible: [...values.map((_, i) => i === k), true] } }));
  const low = isWhole && limit.values[limit.values.length - 1] < limit.values[0] ? 'right' : 'left';
  const [first, second] = names.map((name) => name.replace(/1$/, '₁').replace(/2$/, '₂'));
  return {
    id: isWhole ? 'value-surface' : 'limit-surface',
    title: isWhole ? 'Vᵉ(x, y) and its limit v(x)' : 'Vᵉ(x, ȳ) and the limit v(x)',
    caption:
      `At τ = T${at === '' ? '' : `, ${at}`}. Coloured: Vᵉ for the ε of the slider; grey, translucent: v` +
      (isWhole ? ', which does not depend on y.' : '.'),
    data: [...surfaces, limitSurface(limit, values[0])],
    layout: surfaceLayout(560, { names: [first, second], range: heightRange([...values, limit]), low }),
    sliders: epsilonSlider(frames),
  };
}

/** One range for all ε, so that the slider moves the surface and not the axis. */
function heightRange(fields: readonly Selected[]): number[] {
  const { lower, upper } = extentOf(fields.flatMap(({ values }) => values));
  const margin = 0.03 * (upper - lower || 1);
  return [lower - margin, upper + margin];
}

function surface(
  field: Selected,
  { epsilon, colour, visible }: { readonly epsilon: number; readonly colour: string; readonly visible: boolean },
): object {
  const line = { show: true, color: tint(colour, 0.75), width: 1, highlight: false };
  const [first, second] = namesOf(field);
  const [y, x] = field.axes.map(({ nodes }) => nodes);
  return {
    type: 'surface',
    name: epsilonLabel(epsilon),
    visible,
    ...heightsOf(field),
    colorscale: [
      [0, tint(colour, 0.45)],
      [1, colour],
    ],
    showscale: false,
    contours: { x: { ...line, ...spacing(x) }, y: { ...line, ...spacing(y) } },
    lighting: { ambient: 0.72, diffuse: 0.6, specular: 0.08, roughness: 0.8 },
    hovertemplate: `${epsilonLabel(epsilon)}<br>${first} %{x:.4g}<br>${second} %{y:.4g}<br>V %{z:.6g}<extra></extra>`,
  };
}

/** Sixteen lines across an axis give the surface its shape. */
function spacing(nodes: readonly number[]): object {
  const [start, end] = [nodes[0], nodes[nodes.length - 1]];
  return { start, end, size: (end - start) / 16 };
}

/** v over (x₁,x₂), or over x and along all y. */
function limitSurface(limit: Selected, { axes: [y] }: Selected): object {
  const ends = { ...y, nodes: [y.nodes[0], y.nodes[y.nodes.length - 1]] };
  const field =
    limit.axes.length === 2 ? limit : { axes: [ends, ...limit.axes], values: [...limit.values, ...limit.values] };
  return {
    type: 'surface',
    name: 'v',
    ...heightsOf(field),
    colorscale: [
      [0, GREY],
      [1, GREY],
    ],
    opacity: 0.5,
    showscale: false,
    hovertemplate: 'v<br>%{x:.4g}<br>v %{z:.6g}<extra></extra>',
  };
}
