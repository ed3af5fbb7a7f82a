/** The look shared by all figures: colours, fonts, axes. Plain data for plotly.js. */
import { formatParameter, typeset } from './format-number.ts';
import { textOf } from './html.ts';

/** One Plotly figure with its heading; data and layout are handed to Plotly.newPlot unchanged. */
export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly data: readonly object[];
  readonly layout: object;
  /** What can be moved in it; sliders of one symbol move together in all figures of a page. */
  readonly sliders?: readonly Slider[];
}

interface Slider {
  /** "ε", "y*". */
  readonly symbol: string;
  readonly frames: readonly Frame[];
  /** The frame that the figure shows at first; 0 unless said. */
  readonly start?: number;
}

/** What Plotly.restyle changes in a figure for one value; of ε, 0 stands for the limit. */
interface Frame {
  readonly at: number;
  readonly label: string;
  readonly change: object;
  readonly traces?: readonly number[];
}

/** A slider over ε; none where there is nothing to choose from. */
export function epsilonSlider(frames: readonly Omit<Frame, 'label'>[]): Slider[] {
  const label = (epsilon: number) => (epsilon === 0 ? 'limit' : typeset(formatParameter(epsilon)));
  return frames.length < 2 ? [] : [{ symbol: 'ε', frames: frames.map((each) => ({ ...each, label: label(each.at) })) }];
}

/** A slider that makes the curves of its ε stand out and names them alone; curve k of ε is these traces. */
export function standingOut(epsilons: readonly number[], tracesOf: (k: number) => readonly number[]): Slider[] {
  const traces = epsilons.flatMap((_, k) => tracesOf(k));
  const each = <Value>(value: (k: number, c: number) => Value) =>
    epsilons.flatMap((_, k) => tracesOf(k).map((_trace, c) => value(k, c)));
  return epsilonSlider(
    epsilons.map((at, chosen) => ({
      ...{ at, traces },
      change: {
        'line.width': each((k) => (k === chosen ? 3.5 : 1.5)),
        showlegend: each((k, c) => k === chosen && c === 0),
      },
    })),
  );
}

export const INK = '#1d2530';
export const MUTED = '#5c6773';
export const GRID = '#e4e8ec';
/** The exact limit, wherever it is drawn (vermilion of Okabe and Ito, safe beside blue and green). */
export const EXACT = '#d55e00';
/** Colours of curves that have no order (Okabe, Ito 2008). */
export const SERIES_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#4d4d4d'];
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/** Anchors of viridis (van der Walt, Smith 2015), dark to light. */
const VIRIDIS = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b'];

/** Viridis for height and heat maps, in Plotly's form. */
export const HEAT_SCALE = [...VIRIDIS, '#fde725'].map((colour, i) => [i / VIRIDIS.length, colour] as const);

/** Colours of the values ε (or other refined parameters) in decreasing order: light at first, dark as ε → 0. */
export function sequentialColours(count: number): string[] {
  return Array.from({ length: count }, (_, i) => mixAlong(VIRIDIS, 0.93 * (1 - (count === 1 ? 1 : i / (count - 1)))));
}

/** Colours of positions x from left to right: blue, grey, brown. */
export function divergingColours(count: number): string[] {
  const anchors = ['#2166ac', '#67a9cf', '#9aa0a6', '#e08214', '#8c4a06'];
  return Array.from({ length: count }, (_, i) => mixAlong(anchors, count === 1 ? 0 : i / (count - 1)));
}

/** The colour mixed with white; weight 1 leaves it as it is. */
export function tint(colour: string, weight: number): string {
  return mix('#ffffff', colour, weight);
}

function mixAlong(anchors: readonly string[], position: number): string {
  const scaled = position * (anchors.length - 1);
  const k = Math.min(Math.floor(scaled), anchors.length - 2);
  return mix(anchors[k], anchors[k + 1], scaled - k);
}

function mix(from: string, to: string, weight: number): string {
  const channel = (colour: string, c: number) => Number.parseInt(colour.slice(1 + 2 * c, 3 + 2 * c), 16);
  const mixed = [0, 1, 2].map((c) => Math.round((1 - weight) * channel(from, c) + weight * channel(to, c)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** Text for Plotly, which reads a few HTML tags and would read them in the user's text as well. */
export function plotText(text: string): string {
  return textOf(text).replaceAll('&#39;', "'");
}

/** "ε = 10⁻⁴". */
export function epsilonLabel(epsilon: number): string {
  return `ε = ${typeset(formatParameter(epsilon))}`;
}

/** The layout every plane figure starts from: legend above, no title (the page has it), white paper. */
export function planeLayout(height: number, extra: object): object {
  return {
    height,
    autosize: true,
    margin: { l: 64, r: 16, t: 16, b: 52 },
    font: { family: FONT, size: 13, color: INK },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: '#ffffff',
    hovermode: 'closest',
    modebar: { bgcolor: 'rgba(255,255,255,0.9)', color: '#8a95a1', activecolor: '#31688e' },
    hoverlabel: { font: { family: FONT, size: 12 } },
    legend: {
      orientation: 'h',
      x: 0,
      xanchor: 'left',
      y: 1.02,
      yanchor: 'bottom',
      font: { size: 12 },
      itemwidth: 30,
      bgcolor: 'rgba(0,0,0,0)',
    },
    ...extra,
  };
}

/**
 * The layout of surfaces over two axes of these names; V upwards, in this range. They are seen from where they are low,
 * so that no slope is seen edge-on: from the left unless they fall to the right.
 */
export function surfaceLayout(
  height: number,
  {
    names,
    range,
    low = 'left',
  }: { names: readonly [string, string]; range: readonly number[]; low?: 'left' | 'right' },
): object {
  const side = (title: string) => ({
    title: { text: title },
    gridcolor: '#d4dae0',
    backgroundcolor: '#f6f8fa',
    showbackground: true,
    nticks: 6,
    color: INK,
  });
  return {
    ...planeLayout(height, {}),
    margin: { l: 12, r: 0, t: 0, b: 0 },
    scene: {
      xaxis: side(names[0]),
      yaxis: side(names[1]),
      zaxis: { ...side('V'), range },
      aspectmode: 'manual',
      aspectratio: { x: 1.25, y: 1.25, z: 0.85 },
      camera: { eye: { x: low === 'left' ? -1.6 : 1.6, y: -2, z: 1.1 }, center: { x: -0.05, y: 0, z: -0.12 } },
    },
  };
}

/** "−1.63": three digits and a true minus sign, for names of curves and ticks of sliders. */
export function positionLabel(value: number): string {
  return typeset(formatParameter(Number(value.toPrecision(3))));
}

/** An axis with a thin frame; `title` may use Plotly's <sup>, <sub>, <i>. */
export function axis(title: string, extra: object = {}): object {
  return {
    title: { text: title, standoff: 8 },
    gridcolor: GRID,
    zeroline: false,
    linecolor: '#9aa5b1',
    linewidth: 1,
    mirror: 'all',
    ticks: 'outside',
    ticklen: 4,
    tickcolor: '#9aa5b1',
    automargin: true,
    ...extra,
  };
}

/** A logarithmic axis with decades 10⁻¹, 10⁻², … */
export function logAxis(title: string, extra: object = {}): object {
  return axis(title, {
    type: 'log',
    exponentformat: 'power',
    dtick: 1,
    tickfont: { size: 12 },
    minor: { ticks: 'outside', ticklen: 2, tickcolor: '#c4ccd4' },
    ...extra,
  });
}
