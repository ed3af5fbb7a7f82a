/** A plot area with two axes in SVG, as wide as its place on the page. Colours are those of the style sheet. */
import { decadesWithin, raised, shown, ticksWithin } from './numbers.ts';

export interface AxisSpec {
  readonly label: string;
  readonly lower: number;
  readonly upper: number;
  readonly isLog?: boolean;
}

export interface FrameSpec {
  readonly x: AxisSpec;
  readonly y: AxisSpec;
  readonly height: number;
  /** Room on the right, for a colour bar. */
  readonly right?: number;
  /** What a reader who does not see the picture is told. */
  readonly description: string;
}

export interface Frame {
  readonly svg: SVGSVGElement;
  readonly plot: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
  x(value: number): number;
  y(value: number): number;
}

const NAMESPACE = 'http://www.w3.org/2000/svg';
const MARGIN = { left: 54, top: 10, right: 14, bottom: 40 };
/** Pixels between two ticks. */
const APART = { x: 46, y: 40 };

/** An SVG element with its attributes, inside a parent. */
export function drawn(parent: Element, name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  parent.append(element);
  return element;
}

/** A text at a place of the drawing. */
export function written(parent: Element, text: string, attributes: Record<string, string | number>): void {
  drawn(parent, 'text', attributes).textContent = text;
}

/** Replaces the drawing of a place by empty axes. */
export function frameIn(host: HTMLElement, spec: FrameSpec): Frame {
  const width = Math.max(host.clientWidth, 240);
  host.querySelector('svg')?.remove();
  const { height, right = MARGIN.right, description } = spec;
  const svg = drawn(host, 'svg', {
    ...{ width, height, viewBox: `0 0 ${width} ${height}` },
    ...{ role: 'img', 'aria-label': description },
  }) as SVGSVGElement;
  const plot = { left: MARGIN.left, top: MARGIN.top, right: width - right, bottom: height - MARGIN.bottom };
  const frame: Frame = {
    svg,
    plot,
    x: scaleOf(spec.x, plot.left, plot.right),
    y: scaleOf(spec.y, plot.bottom, plot.top),
  };
  drawAxes(frame, spec);
  return frame;
}

function scaleOf({ lower, upper, isLog }: AxisSpec, from: number, to: number): (value: number) => number {
  if (!isLog) return (value) => from + ((value - lower) / (upper - lower)) * (to - from);
  const [low, high] = [Math.log10(lower), Math.log10(upper)];
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function drawAxes({ svg, plot, x, y }: Frame, spec: FrameSpec): void {
  const { left, top, right, bottom } = plot;
  for (const value of ticksOf(spec.x, (right - left) / APART.x)) {
    drawn(svg, 'line', { class: 'tick', x1: x(value), x2: x(value), y1: top, y2: bottom });
    written(svg, tickText(spec.x, value), { class: 'number', x: x(value), y: bottom + 16, 'text-anchor': 'middle' });
  }
  for (const value of ticksOf(spec.y, (bottom - top) / APART.y)) {
    drawn(svg, 'line', { class: 'tick', x1: left, x2: right, y1: y(value), y2: y(value) });
    written(svg, tickText(spec.y, value), { class: 'number', x: left - 6, y: y(value) + 4, 'text-anchor': 'end' });
  }
  drawn(svg, 'rect', { class: 'box', x: left, y: top, width: right - left, height: bottom - top });
  const [across, middle] = [(left + right) / 2, (top + bottom) / 2];
  written(svg, spec.x.label, { class: 'axis', x: across, y: bottom + 34, 'text-anchor': 'middle' });
  const upright = { x: 12, y: middle, transform: `rotate(-90 12 ${middle})` };
  written(svg, spec.y.label, { class: 'axis', 'text-anchor': 'middle', ...upright });
}

function ticksOf({ lower, upper, isLog }: AxisSpec, count: number): number[] {
  return isLog ? decadesWithin(lower, upper, count) : ticksWithin(lower, upper, count);
}

function tickText({ isLog }: AxisSpec, value: number): string {
  if (!isLog) return shown(value, 4);
  const exponent = Math.round(Math.log10(value));
  return exponent === 0 ? '1' : `10${raised(exponent)}`;
}

/** A little more than a range, so that lines do not lie on the box; a range of one value gets some room. */
export function widened(lower: number, upper: number): { lower: number; upper: number } {
  const room = upper > lower ? 0.05 * (upper - lower) : 0.5 * (Math.abs(upper) || 1);
  return { lower: lower - room, upper: upper + room };
}
