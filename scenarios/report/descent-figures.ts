import { arrayOf } from '../fields.ts';
import type { Comparison, MethodResult, RunEnd } from '../optimise/comparison.ts';
import { area } from './path-curve.ts';
import { axis, type Figure, HEAT_SCALE, INK, MUTED, planeLayout, plotText } from './plot-style.ts';
import { shorten, shortenedRows } from './sampling.ts';

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

/** Half the width of a band in standard errors: 95 % confidence, as that of the shares. */
const BAND = 2;

/** Mean loss over the number of gradient evaluations, with its band. */
function learningCurves({ methods, unit, seeds }: Comparison): Figure {
  const curves = methods.filter(({ curve }) => curve.evaluations.length > 0);
  const low = Math.min(
    ...curves.flatMap(({ curve }) => curve.mean.map((mean, k) => mean - BAND * curve.standardError[k])),
  );
  const high = Math.max(...curves.flatMap(({ curve }) => curve.mean));
  // Losses that stay positive over a decade, as those of networks do, are read on a logarithmic axis.
  const type = low > 0 && high > 10 * low ? 'log' : 'linear';
  return {
    id: 'learning-curves',
    title: 'Learning curves',
    caption: `Mean of ${seeds} runs; the band is two standard errors to each side. Evaluations: ${unit}.`,
    data: curves.flatMap((method) => [band(method), line(method)]),
    layout: planeLayout(440, {
      xaxis: axis('gradient evaluations', { rangemode: 'tozero' }),
      yaxis: axis('loss f(x)', { type, ...(type === 'log' ? { tickvals: decimalTicks(low, high) } : {}) }),
    }),
  };
}

/** 1, 2 and 5 times the powers of ten between two positive numbers. */
function decimalTicks(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return Array.from({ length: last - first + 1 }, (_, k) => 10 ** (first + k)).flatMap((power) =>
    [1, 2, 5].map((digit) => Number((digit * power).toPrecision(1))),
  );
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
  const at = (side: number) => mean.map((value, k) => value + side * BAND * standardError[k]);
  const look = { fillcolor: COLOURS[method], opacity: 0.2, line: { width: 0 } };
  return area(evaluations, [at(-1), at(1)], { legendgroup: method }, look);
}

function endsFigure(comparison: Comparison, landscape: NonNullable<Comparison['landscape']>): Figure {
  const { valleys, seeds } = comparison;
  const valleyNames = valleys.map(({ name }) => name).join(', ');
  const dotted = valleyNames === '' ? '' : `; dotted: the valley${valleys.length > 1 ? 's' : ''} ${valleyNames}`;
  return {
    id: 'ends',
    title: 'Where the runs end',
    caption: `The last iterate of each of ${seeds} runs${dotted}.`,
    ...(landscape.axes.length === 2 ? endsInPlane(comparison, landscape) : endsOnLine(comparison, landscape)),
  };
}

function endsOnLine(
  { methods, valleys }: Comparison,
  landscape: NonNullable<Comparison['landscape']>,
): Pick<Figure, 'data' | 'layout'> {
  const outlines = valleys.map(({ box: [{ lower, upper }] }) => ({
    type: 'rect',
    ...{ x0: lower, x1: upper, yref: 'paper', y0: 0, y1: 1 },
    line: { color: MUTED, width: 1.5, dash: 'dot' },
  }));
  return {
    data: [graph(landscape), ...methods.map((method) => ends(method, ({ loss }) => loss))],
    layout: planeLayout(440, { xaxis: axis('x'), yaxis: axis('f(x)'), shapes: outlines }),
  };
}

/** Parts of the figure between two panels, for ticks and the title of the lower one. */
const [GAP_ACROSS, GAP_UP] = [0.1, 0.14];

/** One panel per method over the same landscape, two in a row. */
function endsInPlane(
  { methods, valleys }: Comparison,
  landscape: NonNullable<Comparison['landscape']>,
): Pick<Figure, 'data' | 'layout'> {
  const [columns, rows] = [Math.min(2, methods.length), Math.ceil(methods.length / 2)];
  const panels = methods.map((method, k) => {
    const [column, row] = [k % columns, rows - 1 - Math.floor(k / columns)];
    const number = k === 0 ? '' : String(k + 1);
    const on = { xaxis: `x${number}`, yaxis: `y${number}` };
    return {
      data: [
        { ...levelLines(landscape), ...on, showscale: k === 0 },
        { ...ends(method, ({ x }) => x?.[1] ?? Number.NaN), ...on, showlegend: false },
      ],
      axes: {
        [`xaxis${number}`]: axis(row === 0 ? 'x<sub>1</sub>' : '', {
          ...{ domain: part(column, columns, GAP_ACROSS), anchor: on.yaxis, constrain: 'domain' },
        }),
        [`yaxis${number}`]: axis(column === 0 ? 'x<sub>2</sub>' : '', {
          ...{ domain: part(row, rows, GAP_UP), anchor: on.xaxis, scaleanchor: on.xaxis, constrain: 'domain' },
        }),
      },
      title: {
        ...{ text: plotText(method.title), showarrow: false, font: { size: 12, color: INK } },
        ...{ xref: `${on.xaxis} domain`, yref: `${on.yaxis} domain`, x: 0, y: 1, xanchor: 'left', yanchor: 'bottom' },
      },
      outlines: valleys.map(({ box: [first, second] }) => ({
        type: 'rect',
        ...{ xref: on.xaxis, yref: on.yaxis, x0: first.lower, x1: first.upper, y0: second.lower, y1: second.upper },
        line: { color: '#ffffff', width: 1.5, dash: 'dot' },
      })),
    };
  });
  return {
    data: panels.flatMap(({ data }) => data),
    layout: planeLayout(rows === 1 ? 440 : 560, {
      ...Object.assign({}, ...panels.map(({ axes }) => axes)),
      margin: { l: 64, r: 16, t: 32, b: 52 },
      shapes: panels.flatMap(({ outlines }) => outlines),
      annotations: panels.map(({ title }) => title),
    }),
  };
}

/** The k-th of `count` equal parts of [0,1] with gaps between them. */
function part(k: number, count: number, gap: number): [number, number] {
  const width = (1 - gap * (count - 1)) / count;
  return [k * (width + gap), k * (width + gap) + width];
}

function levelLines({ axes, loss }: NonNullable<Comparison['landscape']>): object {
  const [first, second] = axes;
  return {
    type: 'contour',
    x: first,
    y: second,
    z: shortenedRows(arrayOf(loss, [second.length, first.length])),
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

/** The runs as points over x₁, at a height of the figure's own. */
function ends({ method, title, runs }: MethodResult, height: (end: RunEnd) => number): object {
  const points = runs.filter(({ x, divergedAt }) => x !== undefined && divergedAt === null);
  return {
    type: 'scatter',
    mode: 'markers',
    name: plotText(title),
    x: points.map(({ x }) => shorten(x?.[0] ?? Number.NaN)),
    y: points.map((end) => shorten(height(end))),
    marker: { size: 7, color: COLOURS[method], opacity: 0.85, line: { color: '#ffffff', width: 0.8 } },
    customdata: points.map(({ loss }) => shorten(loss)),
    hovertemplate: '%{x:.3g}, %{y:.3g}<br>f %{customdata:.4g}<extra></extra>',
  };
}
