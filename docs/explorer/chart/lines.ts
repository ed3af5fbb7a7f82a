/** Curves, marks and rules on axes. Curves differ by colour, dashes and the words of the legend. */
import { drawn, type Frame } from './frame.ts';

export interface Curve {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Classes of the style sheet, such as "curve a". */
  readonly look: string;
}

/** A broken line; it is interrupted where a value is no number, and cut at the plot area. */
export function drawCurve(frame: Frame, { x, y, look }: Curve): void {
  let path = '';
  let isDown = false;
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [frame.x(x[i]), frame.y(y[i])];
    const isShown = Number.isFinite(px) && Number.isFinite(py);
    if (isShown) path += `${isDown ? 'L' : 'M'}${px.toFixed(2)} ${py.toFixed(2)}`;
    isDown = isShown;
  }
  drawn(frame.svg, 'path', { class: look, d: path, 'clip-path': `url(#${clipOf(frame)})` });
}

let clips = 0;

function clipOf({ svg, plot }: Frame): string {
  const known = svg.querySelector('clipPath');
  if (known !== null) return known.id;
  const clip = drawn(svg, 'clipPath', { id: `clip${++clips}` });
  const { left, top, right, bottom } = plot;
  drawn(clip, 'rect', { x: left, y: top, width: right - left, height: bottom - top });
  return clip.id;
}

export function drawMark(frame: Frame, x: number, y: number, look: string): void {
  drawn(frame.svg, 'circle', { class: look, cx: frame.x(x), cy: frame.y(y), r: 4.5 });
}

export function drawUpright(frame: Frame, x: number, look: string): void {
  const { top, bottom } = frame.plot;
  drawn(frame.svg, 'line', { class: look, x1: frame.x(x), x2: frame.x(x), y1: top, y2: bottom });
}

/** The legend of a figure: a stroke of each look, and its words. */
export function legend(place: HTMLElement, entries: readonly (readonly [look: string, words: string])[]): void {
  place.replaceChildren(
    ...entries.map(([look, words]) => {
      const entry = document.createElement('span');
      const svg = drawn(entry, 'svg', { width: 28, height: 10, 'aria-hidden': 'true' });
      drawn(svg, 'path', { class: look, d: 'M0 5L28 5' });
      entry.append(` ${words}`);
      return entry;
    }),
  );
}
