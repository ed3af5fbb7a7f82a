/** Figures of the feedback u*(x,y): maps with a slider over ε. */
import { extentOf } from '../fields.ts';
import { type Field, type Fields, nodesOf, type Selected, select } from '../study/field.ts';
import { axisTitle, colourBar, HEIGHT, heightsOf, namesOf } from './field-map.ts';
import { axis, epsilonSlider, type Figure, HEAT_SCALE, planeLayout } from './plot-style.ts';

/** One figure per control and plane of coordinates. */
export function controlFigures(fields: Fields): Figure[] {
  const controls = fields.variables.filter(({ name }) => name.startsWith('control_'));
  return controls.map((field, k) => {
    const name = nameOf(field);
    const section = controls.slice(0, k).filter((other) => nameOf(other) === name).length + 1;
    return controlMap(fields, field, { id: `control-${name}-${section}`, name });
  });
}

/** The control that a field is of. */
function nameOf({ name, at }: Field): string {
  return name.replace(/^control_/, '').replace(at === undefined ? '' : /_over_[xy]$/, '');
}

function controlMap(
  fields: Fields,
  { name: variable, at }: Field,
  { id, name }: { readonly id: string; readonly name: string },
): Figure {
  const epsilons = nodesOf(fields, 'epsilon');
  const maps = epsilons.map((_, epsilon) => select(fields, variable, { epsilon }) as Selected);
  const limit = select(fields, `limit_${variable}`);
  const shown = limit === null ? maps : [...maps, limit];
  const heights = shown.map((field) => heightsOf(field));
  const numbers = shown.flatMap(({ values }) => values);
  const { lower: zmin, upper: zmax } = extentOf(numbers);
  const [first, second] = namesOf(shown[0]);
  return {
    id,
    title: `The optimal control ${name}*(${first}, ${second})${at === undefined ? '' : ` at ${at}`}`,
    caption:
      'At τ = T; the slider moves ε, last the feedback of the limit v. ' +
      (numbers.some(Number.isNaN) ? 'Empty where the value is flat, so that the grid would choose.' : ''),
    data: [
      {
        type: 'heatmap',
        ...heights[0],
        ...{ zmin, zmax, zauto: false, colorscale: HEAT_SCALE, hoverongaps: false },
        colorbar: colourBar(`${name}*`),
        hovertemplate: `${first} %{x:.4g}, ${second} %{y:.4g}<br>${name}* %{z:.5g}<extra></extra>`,
      },
    ],
    layout: planeLayout(HEIGHT, {
      xaxis: axis(axisTitle(first)),
      yaxis: axis(axisTitle(second)),
    }),
    // The limit is the last frame.
    sliders: epsilonSlider(heights.map(({ z }, k) => ({ at: epsilons[k] ?? 0, change: { z: [z] } }))),
  };
}
