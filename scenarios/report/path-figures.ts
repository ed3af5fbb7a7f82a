import type { Interval } from '../../src/model/problem.ts';
import { arrayOf, extentOf, rowsOf } from '../fields.ts';
import type { PathRecord } from '../study/path-record.ts';
import type { PathStudy } from '../study/path-study.ts';
import { formatParameter } from './format-number.ts';
import { area, curve } from './path-curve.ts';
import type { PathFigureData } from './path-figure-data.ts';
import { controlsFigure, endsFigures } from './path-statistics-figures.ts';
import { axis, EXACT, type Figure, HEAT_SCALE, planeLayout } from './plot-style.ts';
import { shorten, shortenedRows } from './sampling.ts';

/** Fans over the landscape f or paths in its plane, the controls used, and histograms of X_T. */
export function pathFigures(study: PathFigureData): Figure[] {
  const plane = study.landscape.axes.length === 2;
  const fans = study.records.map((record, k) => (plane ? planeFigure(study, record, k) : fanFigure(study, record, k)));
  return [...fans, controlsFigure(study), ...endsFigures(study)];
}

const LEVELS = 16;
const LIMIT = 'limit X̂';
const ON_MAP = { inner: 'rgba(255,255,255,0.30)', outer: 'rgba(255,255,255,0.22)' };

/** x over t: quantiles of X as bands over f(x) as a heat map, the median, and the path of the limit system. */
function fanFigure({ landscape, limit }: PathFigureData, record: PathRecord, k: number): Figure {
  const { times, fans } = record;
  const [fan] = fans;
  const quantile = (level: number) => fan.values[fan.levels.indexOf(level)];
  const ribbon = ([low, high]: readonly number[], fillcolor: string, name: string) => {
    const line = { width: 0.7, color: 'rgba(255,255,255,0.6)' };
    return area(times, [quantile(low), quantile(high)], { name }, { fillcolor, line });
  };
  const view = viewOf([...fan.values.flat(), ...limit.states.map(([x]) => x)]);
  return {
    id: `paths-fan-${k}`,
    title: `Paths at ε = ${formatParameter(record.epsilon)} over the landscape f`,
    caption: 'Bands hold 50 and 90 % of the paths, the white line is the median, the dashed one the limit system.',
    data: [
      landscapeMap(landscape, times, view),
      ribbon([0.05, 0.95], ON_MAP.outer, '5 to 95 %'),
      ribbon([0.25, 0.75], ON_MAP.inner, '25 to 75 %'),
      { ...curve(times, quantile(0.5), 'median', { color: '#ffffff', width: 2 }), showlegend: false },
      curve(
        limit.times,
        limit.states.map(([x]) => x),
        LIMIT,
        { color: EXACT, width: 2.5, dash: 'dash' },
      ),
    ],
    layout: planeLayout(400, {
      xaxis: axis('t', { range: [times[0], times[times.length - 1]] }),
      yaxis: axis('x', { range: [view.lower, view.upper] }),
    }),
  };
}

/** An interval around some numbers, a seventh wider on both sides. */
function viewOf(values: readonly number[]): Interval {
  const { lower, upper } = extentOf(values);
  const margin = (upper - lower || 1) / 7;
  return { lower: lower - margin, upper: upper + margin };
}

/** f where it can be seen, so that the colours are spent there. */
function landscapeMap({ axes, values }: PathStudy['landscape'], times: readonly number[], view: Interval): object {
  const spacing = axes[0][1] - axes[0][0];
  const shown = axes[0].map((x, i) => [x, values[i]]);
  const seen = shown.filter(([x]) => x > view.lower - spacing && x < view.upper + spacing);
  return {
    type: 'heatmap',
    x: [times[0], times[times.length - 1]],
    y: seen.map(([x]) => shorten(x)),
    z: seen.map(([, f]) => [shorten(f), shorten(f)]),
    colorscale: HEAT_SCALE,
    zsmooth: 'best',
    colorbar: { title: { text: 'f', side: 'top' }, thickness: 12, outlinewidth: 0, tickfont: { size: 11 } },
    hovertemplate: 'x %{y:.3g}, f %{z:.4g}<extra></extra>',
  };
}

/** Sample paths, their mean and the path of the limit system over level lines of f. */
function planeFigure({ landscape, limit }: PathFigureData, record: PathRecord, k: number): Figure {
  const { samples, fans, endPoints } = record;
  const [first, second] = landscape.axes;
  const track = (points: readonly (readonly number[])[], name: string, line: object) => ({
    type: 'scatter',
    mode: 'lines',
    name,
    // White lines cannot be seen in a legend; the caption names them.
    showlegend: name === LIMIT,
    x: points.map(([x]) => shorten(x)),
    y: points.map(([, y]) => shorten(y)),
    line,
    hoverinfo: 'skip',
  });
  const mean = fans[0].mean.map((x, i) => [x, fans[1].mean[i]]);
  const views = [0, 1].map((a) => viewOf([...samples.flat(), ...endPoints, ...limit.states].map((p) => p[a])));
  return {
    id: `paths-plane-${k}`,
    title: `Paths at ε = ${formatParameter(record.epsilon)} over the landscape f`,
    caption:
      `White: ${samples.length} of ${record.paths} paths, bold their mean; dots: where paths end; ` +
      'dashed: the limit system.',
    data: [
      {
        type: 'contour',
        x: first.map(shorten),
        y: second.map(shorten),
        z: shortenedRows(arrayOf(landscape.values, [second.length, first.length])),
        colorscale: HEAT_SCALE,
        ...levelsIn(landscape, views),
        line: { color: 'rgba(255,255,255,0.35)', width: 0.7 },
        colorbar: { title: { text: 'f', side: 'top' }, thickness: 12, outlinewidth: 0, tickfont: { size: 11 } },
        hovertemplate: 'x₁ %{x:.3g}, x₂ %{y:.3g}, f %{z:.4g}<extra></extra>',
      },
      ...samples.map((path) => track(path, 'path', { color: 'rgba(255,255,255,0.45)', width: 1 })),
      { ...track(endPoints, 'X_T', {}), mode: 'markers', marker: { color: '#ffffff', size: 3, opacity: 0.6 } },
      track(mean, 'mean', { color: '#ffffff', width: 2.5 }),
      track(limit.states, LIMIT, { color: EXACT, width: 2.5, dash: 'dash' }),
    ],
    layout: planeLayout(460, {
      xaxis: axis('x<sub>1</sub>', { constrain: 'domain', range: [views[0].lower, views[0].upper] }),
      yaxis: axis('x<sub>2</sub>', { scaleanchor: 'x', range: [views[1].lower, views[1].upper] }),
    }),
  };
}

/** Level lines and colours for f where it can be seen. */
function levelsIn({ axes, values }: PathStudy['landscape'], views: readonly Interval[]) {
  const seen = axes.map((nodes, a) => {
    const slack = nodes[1] - nodes[0];
    const { lower, upper } = views[a];
    const inside = nodes.filter((node) => node > lower - slack && node < upper + slack);
    return { first: nodes.indexOf(inside[0]), count: inside.length };
  });
  const [i, j] = seen;
  const plane = arrayOf(values, [axes[1].length, axes[0].length]);
  const { lower, upper } = extentOf(rowsOf(plane.lo(j.first, i.first).hi(j.count, i.count)).flat());
  const contours = { coloring: 'heatmap', start: lower, end: upper, size: (upper - lower) / LEVELS };
  return { zauto: false, zmin: lower, zmax: upper, autocontour: false, contours };
}
