/** The look shared by all figures: colours, fonts, axes. Plain data for plotly.js. */
import { formatParameter } from './format-number.ts';
import { textOf } from './html.ts';

/** One Plotly figure with its heading; data and layout are handed to Plotly.newPlot unchanged. */
export interface Figure {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly data: readonly object[];
  readonly layout: object;
}

export const INK = '#1d2530';
export const MUTED = '#5c6773';
export const GRID = '#e4e8ec';
/** The exact limit, wherever it is drawn (vermilion of Okabe and Ito, safe beside blue and green). */
export const EXACT = '#d55e00';
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

/** "ε = 1e-4". */
export function epsilonLabel(epsilon: number): string {
  return `ε = ${formatParameter(epsilon)}`;
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

/** The layout of surfaces over two axes of these names; V upwards, in this range. */
export function surfaceLayout(
  height: number,
  {
    names,
    range,
    sliders,
  }: { readonly names: readonly [string, string]; readonly range: readonly number[]; readonly sliders: object[] },
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
    ...planeLayout(height, { sliders }),
    margin: { l: 0, r: 0, t: 8, b: 20 },
    scene: {
      xaxis: side(names[0]),
      yaxis: side(names[1]),
      zaxis: { ...side('V'), range },
      aspectmode: 'manual',
      aspectratio: { x: 1.25, y: 1.25, z: 0.85 },
      camera: { eye: { x: -1.35, y: -1.65, z: 0.95 }, center: { x: 0, y: 0, z: -0.12 } },
    },
  };
}

/** "−1.63": three digits and a true minus sign, for names of curves and ticks of sliders. */
export function positionLabel(value: number): string {
  return formatParameter(Number(value.toPrecision(3))).replace(/^-/, '−');
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

/** A slider below the plane. */
export function slider(prefix: string, active: number, steps: readonly object[]): object {
  return {
    active,
    steps,
    currentvalue: { prefix, font: { size: 13, color: INK }, xanchor: 'left' },
    pad: { t: 56, b: 4, l: 0, r: 0 },
    x: 0.02,
    len: 0.96,
    bgcolor: '#dfe4ea',
    bordercolor: '#c4ccd4',
    activebgcolor: '#31688e',
    tickcolor: '#9aa5b1',
    font: { size: 11, color: MUTED },
  };
}
