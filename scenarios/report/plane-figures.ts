/** Figures of the values of a study with two slow or two fast variables; what has one variable is drawn as a line. */
import { arrayOf, extentOf, listOf } from '../fields.ts';
import type { NodeValues, PlaneFields } from '../study/plane-fields.ts';
import { formatParameter } from './format-number.ts';
import { axisTitle, HEIGHT, heatMap, heightsOf, mapFigure, place, squareAxes } from './plane-map.ts';
import {
  axis,
  EXACT,
  epsilonLabel,
  type Figure,
  HEAT_SCALE,
  INK,
  planeLayout,
  positionLabel,
  sequentialColours,
  slider,
  surfaceLayout,
} from './plot-style.ts';
import { shorten } from './sampling.ts';

/** Vᵉ and v, in reading order. */
export function valueFigures(fields: PlaneFields): Figure[] {
  const figures = [limitMap(fields), valueMap(fields), limitSurface(fields), valueLines(fields), fastMap(fields)];
  return figures.filter((figure) => figure !== null);
}

/** v over the plane. */
function limitMap({ effective }: PlaneFields): Figure | null {
  if (effective.axes.length !== 2) return null;
  return mapFigure({
    id: 'limit-map',
    title: 'The limit v(x)',
    caption: 'At τ = T, with level lines.',
    field: effective,
    symbol: 'v',
  });
}

/** Vᵉ(·,ȳ) with a slider over ε, on the colours of v. */
function valueMap({ values, effective, centre }: PlaneFields): Figure | null {
  if (effective.axes.length !== 2) return null;
  const fields = values.map(({ epsilon, overX }) => ({ epsilon, field: overX }));
  return sliderMap(fields, [effective.values], {
    id: 'value-map',
    title: `Vᵉ(x, ȳ) at ȳ = ${place(centre.y)}`,
    caption: 'At τ = T; the slider moves ε, colours are the same for every ε.',
  });
}

/** Maps of Vᵉ with a slider over ε, on the colours of all of them and of more values. */
function sliderMap(
  values: readonly { readonly epsilon: number; readonly field: NodeValues }[],
  more: readonly (readonly number[])[],
  titles: Pick<Figure, 'id' | 'title' | 'caption'>,
): Figure | null {
  const [first] = values;
  if (first === undefined || first.field.axes.length !== 2) return null;
  const { lower: zmin, upper: zmax } = extentOf([...more, ...values.map(({ field }) => field.values)].flat());
  const steps = values.map(({ epsilon, field }) => ({
    label: formatParameter(epsilon),
    method: 'restyle',
    args: [{ z: [heightsOf(field)] }],
  }));
  return {
    ...titles,
    data: [heatMap(first.field, 'Vᵉ', { zmin, zmax, zauto: false })],
    layout: planeLayout(HEIGHT + 80, {
      ...squareAxes(first.field.axes.map(({ name }) => name)),
      sliders: [slider('ε = ', 0, steps)],
    }),
  };
}

/** v as a surface, and Vᵉ(·,ȳ) above or below it. */
function limitSurface({ effective, values, centre }: PlaneFields): Figure | null {
  if (effective.axes.length !== 2) return null;
  const [x, y] = effective.axes;
  const surface = (field: NodeValues, extra: object) => ({
    type: 'surface',
    x: x.nodes,
    y: y.nodes,
    z: heightsOf(field),
    ...extra,
  });
  const { lower: low, upper: high } = extentOf([effective.values, ...values.map(({ overX }) => overX.values)].flat());
  const grey = [[0, '#5c6773'] as const, [1, '#5c6773'] as const];
  const first = values[0]?.overX;
  const steps = values.map(({ epsilon, overX }) => ({
    label: formatParameter(epsilon),
    method: 'restyle',
    args: [{ z: [heightsOf(overX)] }, [1]],
  }));
  return {
    id: 'limit-surface',
    title: 'The limit v(x) as a surface, with Vᵉ(x, ȳ)',
    caption: `At τ = T. Coloured: v; grey, translucent: Vᵉ at ȳ = ${place(centre.y)} for the ε of the slider.`,
    data: [
      surface(effective, {
        name: 'v',
        colorscale: HEAT_SCALE,
        showscale: false,
        contours: { z: { show: true, color: 'rgba(255,255,255,0.7)', width: 1, highlight: false } },
        lighting: { ambient: 0.75, diffuse: 0.55, specular: 0.06, roughness: 0.85 },
        hovertemplate: 'v %{z:.6g}<extra></extra>',
      }),
      ...(first === undefined
        ? []
        : [
            surface(first, {
              colorscale: grey,
              opacity: 0.35,
              showscale: false,
              hovertemplate: 'Vᵉ %{z:.6g}<extra></extra>',
            }),
          ]),
    ],
    layout: surfaceLayout(HEIGHT + 80, {
      names: ['x₁', 'x₂'],
      range: [low - 0.03 * (high - low), high + 0.03 * (high - low)],
      sliders: values.length === 0 ? [] : [slider('ε = ', 0, steps)],
    }),
  };
}

/** Vᵉ(·,ȳ), v, the exact limit and f along the first slow axis. */
function valueLines({ values, effective, centre, line }: PlaneFields): Figure {
  const [{ name, nodes }, second] = effective.axes;
  const row = second === undefined ? 0 : second.nodes.indexOf(line.second ?? 0);
  const onRow = (list: readonly number[]) =>
    listOf(arrayOf(list, [list.length / nodes.length, nodes.length]).pick(row, null));
  const colours = sequentialColours(values.length);
  const through = line.second === null ? '' : `, x₂ = ${positionLabel(line.second)}`;
  return {
    id: 'value-lines',
    title: 'Values along the first slow axis',
    caption: `At τ = T; y = ${place(centre.y)}${through}.`,
    data: [
      ...values.map(({ epsilon, overX }, k) =>
        trace(epsilonLabel(epsilon), nodes, onRow(overX.values), { color: colours[k] }),
      ),
      trace('f', line.nodes, line.terminal, { color: '#9aa5b1', width: 1.5 }),
      trace('v', nodes, onRow(effective.values), { color: INK, dash: 'dash' }),
      ...(line.exact === null ? [] : [trace('exact limit', line.nodes, line.exact, { color: EXACT, dash: 'dot' })]),
    ],
    layout: planeLayout(HEIGHT, { xaxis: axis(axisTitle(name)), yaxis: axis('V') }),
  };
}

function trace(name: string, x: readonly number[], y: readonly number[], style: object): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name,
    x,
    y: y.map(shorten),
    line: { width: 2, ...style },
    hovertemplate: 'x %{x:.4g}, %{y:.6g}',
  };
}

/** Vᵉ(x̄,·) over the fast plane with a slider over ε: it flattens as ε → 0. */
function fastMap({ values, beside }: PlaneFields): Figure | null {
  const fields = values.map(({ epsilon, overY }) => ({ epsilon, field: overY }));
  return sliderMap(fields, [], {
    id: 'fast-map',
    title: `Vᵉ(x̄, y) over the fast variables at x̄ = ${place(beside)}`,
    caption: 'At τ = T, colours the same for every ε: as ε → 0 the value forgets y.',
  });
}
