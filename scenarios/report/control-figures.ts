/** Figures of the feedback u*(x,y): maps with a slider over ε. */
import { extentOf } from '../fields.ts';
import type { ControlMaps, ControlSection } from '../study/control-maps.ts';
import { formatParameter } from './format-number.ts';
import { axisTitle, HEIGHT, heightsOf } from './plane-map.ts';
import { axis, type Figure, HEAT_SCALE, planeLayout, slider } from './plot-style.ts';

/** One figure per control and plane of coordinates. */
export function controlFigures({ names, sections }: ControlMaps): Figure[] {
  return sections.flatMap((section, s) =>
    names.map((name, c) => controlMap(section, name, c, `control-${name}-${s + 1}`)),
  );
}

function controlMap({ held, axes, maps }: ControlSection, name: string, c: number, id: string): Figure {
  const numbers = maps.map(({ values }) => values[c].map((value) => value ?? Number.NaN));
  const heights = numbers.map((values) => heightsOf({ axes, values }));
  const { lower: zmin, upper: zmax } = extentOf(numbers.flat());
  const steps = maps.map(({ epsilon }, k) => ({
    label: epsilon === 0 ? 'limit' : formatParameter(epsilon),
    method: 'restyle',
    args: [{ z: [heights[k]] }],
  }));
  const [first, second] = axes.map((shown) => shown.name);
  const isEmpty = numbers.flat().some(Number.isNaN);
  return {
    id,
    title: `The optimal control ${name}*(${first}, ${second})${held === '' ? '' : ` at ${held}`}`,
    caption:
      'At τ = T; the slider moves ε, last the feedback of the limit v. ' +
      (isEmpty ? 'Empty where the value is flat, so that the grid would choose.' : ''),
    data: [
      {
        type: 'heatmap',
        x: axes[0].nodes,
        y: axes[1].nodes,
        z: heights[0],
        ...{ zmin, zmax, zauto: false, colorscale: HEAT_SCALE, hoverongaps: false },
        colorbar: { title: { text: `${name}*`, side: 'top' }, thickness: 14, outlinewidth: 0, tickfont: { size: 11 } },
        hovertemplate: `${first} %{x:.4g}, ${second} %{y:.4g}<br>${name}* %{z:.5g}<extra></extra>`,
      },
    ],
    layout: planeLayout(HEIGHT, {
      xaxis: axis(axisTitle(first)),
      yaxis: axis(axisTitle(second)),
      sliders: [slider('ε = ', 0, steps)],
    }),
  };
}
