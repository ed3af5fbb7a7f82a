import type { Comparison, MethodResult } from '../optimise/comparison.ts';
import { axis, type Figure, HEAT_SCALE, MUTED, planeLayout, plotText } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** One colour per method (Okabe, Ito 2008), the same in every figure. */
const COLOURS: Record<MethodResult['method'], string> = {
  'entropy-sgd': '#d55e00',
  'deep-relaxation': '#0072b2',
  sgd: '#009e73',
  'gradient-descent': '#cc79a7',
};

/** The figures of a comparison: learning curves, and the ends of all runs where the loss can be drawn. */
export function descentFigures(comparison: Comparison): Figure[] {
  const ends = comparison.landscape === null ? null : endsFigure(comparison, comparison.landscape);
  return [learningCurves(comparison), ...(ends === null ? [] : [ends])];
}

/** Mean loss over the number of gradient evaluations, with bands of one standard error. */
function learningCurves({ methods, unit, seeds }: Comparison): Figure {
  const curves = methods.filter(({ curve }) => curve.evaluations.length > 0);
  const low = Math.min(...curves.flatMap(({ curve }) => curve.mean));
  const high = Math.max(...curves.flatMap(({ curve }) => curve.mean));
  // Losses that stay positive over a decade, as those of networks do, are read on a logarithmic axis.
  const type = low > 0 && high > 10 * low ? 'log' : 'linear';
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption: `Mean of ${seeds} runs; the band is one standard error. One evaluation: ${unit}.`,
    data: curves.flatMap((method) => [band(method), line(method)]),
    layout: planeLayout(440, {
      xaxis: axis('gradient evaluations', { rangemode: 'tozero' }),
      yaxis: axis('loss f(x)', { type, ...(type === 'log' ? { dtick: 'D2', exponentformat: 'power' } : {}) }),
    }),
  };
}

function line({ method, title, curve }: MethodResult): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name: plotText(title),
    legendgroup: method,
    x: curve.evaluations,
    y: curve.mean.map(shorten),
    line: { color: COLOURS[method], width: 2 },
    hovertemplate: '%{x} evaluations, f = %{y:.4g}',
  };
}

function band({ method, curve: { evaluations, mean, standardError } }: MethodResult): object {
  const upper = mean.map((value, k) => shorten(value + standardError[k]));
  const lower = mean.map((value, k) => shorten(value - standardError[k]));
  return {
    type: 'scatter',
    mode: 'lines',
    legendgroup: method,
    x: [...evaluations, ...[...evaluations].reverse()],
    y: [...upper, ...lower.reverse()],
    fill: 'toself',
    fillcolor: COLOURS[method],
    opacity: 0.2,
    line: { width: 0 },
    hoverinfo: 'skip',
    showlegend: false,
  };
}

function endsFigure(comparison: Comparison, landscape: NonNullable<Comparison['landscape']>): Figure {
  const { methods, valleys, seeds } = comparison;
  const plane = landscape.axes.length === 2;
  const dotted = valleys.map(({ name }) => name).join(', ');
  const frames = valleys.map(({ box: [first, second] }) => ({
    type: 'rect',
    x0: first.lower,
    x1: first.upper,
    ...(plane ? { y0: second.lower, y1: second.upper } : { yref: 'paper', y0: 0, y1: 1 }),
    line: { color: plane ? '#ffffff' : MUTED, width: 1.5, dash: 'dot' },
  }));
  return {
    id: 'ends',
    title: 'Where the runs end',
    caption: `The last iterate of each of ${seeds} runs${dotted === '' ? '' : `; dotted: ${dotted}`}.`,
    data: [plane ? levelLines(landscape) : graph(landscape), ...methods.map((method) => ends(method, plane))],
    layout: planeLayout(440, {
      xaxis: axis(plane ? 'x<sub>1</sub>' : 'x', { constrain: 'domain' }),
      yaxis: axis(plane ? 'x<sub>2</sub>' : 'f(x)', plane ? { scaleanchor: 'x', constrain: 'domain' } : {}),
      shapes: frames,
    }),
  };
}

function levelLines({ axes, loss }: NonNullable<Comparison['landscape']>): object {
  const [first, second] = axes;
  return {
    type: 'contour',
    x: first,
    y: second,
    z: second.map((_, j) => loss.slice(j * first.length, (j + 1) * first.length).map(shorten)),
    colorscale: HEAT_SCALE,
    contours: { coloring: 'heatmap' },
    ncontours: 16,
    line: { color: 'rgba(255,255,255,0.35)', width: 0.7 },
    colorbar: { title: { text: 'f', side: 'top' }, thickness: 14, outlinewidth: 0, tickfont: { size: 11 } },
    hovertemplate: 'x₁ %{x:.3g}, x₂ %{y:.3g}<br>f %{z:.4g}<extra></extra>',
  };
}

function graph({ axes, loss }: NonNullable<Comparison['landscape']>): object {
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'f',
    x: axes[0],
    y: loss.map(shorten),
    line: { color: MUTED, width: 1.5 },
    hoverinfo: 'skip',
  };
}

function ends({ method, title, runs }: MethodResult, plane: boolean): object {
  const points = runs.filter(({ x, divergedAt }) => x !== undefined && divergedAt === null);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(title),
    x: points.map(({ x }) => shorten(x?.[0] ?? Number.NaN)),
    y: points.map(({ x, loss }) => shorten(plane ? (x?.[1] ?? Number.NaN) : loss)),
    marker: { size: 7, color: COLOURS[method], opacity: 0.85, line: { color: '#ffffff', width: 0.8 } },
    hovertemplate: plane ? '%{x:.3g}, %{y:.3g}' : 'x %{x:.3g}, f %{y:.4g}',
  };
}
