/** A field over two axes as colours: one pixel per node on a canvas, stretched under the axes. */
import { colourPixel } from './colours.ts';
import { type Frame, type FrameSpec, frameIn, written } from './frame.ts';
import { shown } from './numbers.ts';

export interface HeatMap extends Omit<FrameSpec, 'right'> {
  /** Nodes along x, the faster index, and along y. */
  readonly nodes: { readonly x: number; readonly y: number };
  readonly values: Float64Array;
  /** The values of the darkest and of the brightest colour. */
  readonly range: { readonly lower: number; readonly upper: number };
}

/** Room for the colour bar with its numbers. */
const BAR = { room: 76, gap: 10, width: 12 };

/** Draws a field with its colour bar, and returns the axes for marks on it. */
export function drawHeatMap(host: HTMLElement, { nodes, values, range, ...spec }: HeatMap): Frame {
  const frame = frameIn(host, { ...spec, right: BAR.room });
  const { left, top, right, bottom } = frame.plot;
  const share = (value: number) => (value - range.lower) / (range.upper - range.lower || 1);
  paint(canvasIn(host, 'map', { left, top, width: right - left, height: bottom - top }), nodes, (x, y) =>
    share(values[x + (nodes.y - 1 - y) * nodes.x]),
  );
  const bar = { left: right + BAR.gap, top, width: BAR.width, height: bottom - top };
  paint(canvasIn(host, 'bar', bar), { x: 1, y: 256 }, (_, y) => 1 - y / 255);
  const text = { class: 'number', x: bar.left + BAR.width + 4 };
  written(frame.svg, shown(range.upper), { ...text, y: top + 10 });
  written(frame.svg, shown(range.lower), { ...text, y: bottom });
  return frame;
}

/** A strip of colours under the axis x of a frame: a function of x alone. */
export function drawStrip(
  host: HTMLElement,
  { plot }: Frame,
  values: Float64Array,
  { top, height, range }: { readonly top: number; readonly height: number } & Pick<HeatMap, 'range'>,
): void {
  const place = { left: plot.left, top, width: plot.right - plot.left, height };
  paint(canvasIn(host, 'strip', place), { x: values.length, y: 1 }, (x) => {
    return (values[x] - range.lower) / (range.upper - range.lower || 1);
  });
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The canvas of that name in a host, made once, at its place. */
function canvasIn(host: HTMLElement, name: string, { left, top, width, height }: Place): HTMLCanvasElement {
  const known = host.querySelector<HTMLCanvasElement>(`canvas.${name}`);
  const canvas = known ?? document.createElement('canvas');
  if (known === null) {
    canvas.className = name;
    canvas.ariaHidden = 'true';
    host.prepend(canvas);
  }
  Object.assign(canvas.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  return canvas;
}

function paint(canvas: HTMLCanvasElement, nodes: HeatMap['nodes'], shareAt: (x: number, y: number) => number): void {
  if (canvas.width !== nodes.x || canvas.height !== nodes.y) Object.assign(canvas, { width: nodes.x, height: nodes.y });
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(nodes.x, nodes.y);
  for (let y = 0; y < nodes.y; y++) {
    for (let x = 0; x < nodes.x; x++) colourPixel(image.data, x + y * nodes.x, shareAt(x, y));
  }
  context.putImageData(image, 0, 0);
}

/** The least and the largest of some values. */
export function rangeOf(values: ArrayLike<number>): { lower: number; upper: number } {
  let [lower, upper] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < lower) lower = values[i];
    if (values[i] > upper) upper = values[i];
  }
  return { lower, upper };
}
