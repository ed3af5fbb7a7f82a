/** The controls that paths used, and where the paths end. */
import { area, curve } from './path-curve.ts';
import type { PathFigureData } from './path-figure-data.ts';
import { axis, epsilonLabel, type Figure, INK, planeLayout, sequentialColours } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** Half-width of a 95 % band in standard errors. */
const CONFIDENCE = 1.96;
const DASHES = ['solid', 'dash', 'dot'];

/** Every control along the paths: its mean over time with the 95 % band, per ε. */
export function controlsFigure({ records, control }: PathFigureData): Figure {
  const colours = sequentialColours(records.length);
  const several = records[0].controls.length > 1;
  const used = control === 'feedback' ? 'under the argmin of Vᵉ' : control;
  const curves = records.flatMap(({ times, controls, epsilon }, k) =>
    controls.flatMap(({ mean, standardError }, i) => {
      const name = several ? `u${i + 1}, ${epsilonLabel(epsilon)}` : epsilonLabel(epsilon);
      const at = (side: number) => mean.map((value, t) => value + side * CONFIDENCE * standardError[t]);
      return [
        area(times, [at(-1), at(1)], {}, { fillcolor: colours[k], opacity: 0.2, line: { width: 0 } }),
        curve(times, mean, name, { color: colours[k], width: 2, dash: DASHES[i % DASHES.length] }),
      ];
    }),
  );
  return {
    id: 'paths-controls',
    title: 'Controls used',
    caption: `Mean of u over the paths with its 95 % band, ${used}.`,
    data: curves,
    layout: planeLayout(340, { xaxis: axis('t'), yaxis: axis('E u', { rangemode: 'tozero' }) }),
  };
}

/** Densities of every component of X_T per ε, and where the limit system ends. */
export function endsFigures(study: PathFigureData): Figure[] {
  const [{ ends }] = study.records;
  return ends.map((_, i) => endsFigure(study, i));
}

const FULL_HEIGHT = { yref: 'paper', y0: 0, y1: 1, line: { color: INK, width: 1.5, dash: 'dash' } };

function endsFigure({ records, limit }: PathFigureData, i: number): Figure {
  const colours = sequentialColours(records.length);
  const states = records[0].ends;
  const end = limit.states.at(-1)?.[i];
  const bars = records.map(({ ends, epsilon, paths }, k) => {
    const { lower, upper, counts } = ends[i];
    const width = (upper - lower) / counts.length || 1;
    return {
      type: 'bar',
      name: epsilonLabel(epsilon),
      x: counts.map((_, bin) => shorten(lower + (bin + 0.5) * width)),
      y: counts.map((count) => shorten(count / (paths * width))),
      width: shorten(width),
      marker: { color: colours[k], opacity: 0.65, line: { width: 0 } },
      hovertemplate: 'X_T ≈ %{x:.3g}: density %{y:.3g}',
    };
  });
  const component = states.length === 1 ? '' : `, component ${i + 1}`;
  return {
    id: states.length === 1 ? 'paths-ends' : `paths-ends-${i + 1}`,
    title: `Where the paths end${component}`,
    caption: `Histograms of X_T${end === undefined ? '' : '; dashed: the mean of X_T in the limit system'}.`,
    data: bars,
    layout: planeLayout(340, {
      barmode: 'overlay',
      bargap: 0,
      xaxis: axis(`X<sub>T</sub>${component}`),
      yaxis: axis('density'),
      shapes: end === undefined ? [] : [{ type: 'line', x0: end, x1: end, ...FULL_HEIGHT }],
    }),
  };
}
