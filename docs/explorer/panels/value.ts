/** Vᵉ over (x,y) as colours, with the limit v as a strip of the same colours under it. */

import { written } from '../chart/frame.ts';
import { drawHeatMap, drawStrip, rangeOf } from '../chart/heat-map.ts';
import { drawMark } from '../chart/lines.ts';
import { shown } from '../chart/numbers.ts';
import type { Feedback, Limit, Opened, Value } from '../protocol.ts';
import { HEIGHT, type Panel, say } from './panel.ts';

const STRIP = { height: 26, gap: 44 };

export function drawValue(
  panel: Panel,
  { opened, value, limit, at }: { opened: Opened; value: Value; limit: Limit | null; at: { x: number; y: number } },
): void {
  const { plot } = panel;
  const ofValue = rangeOf(value.values);
  const ofLimit = limit === null ? ofValue : rangeOf(limit.values);
  const range = { lower: Math.min(ofValue.lower, ofLimit.lower), upper: Math.max(ofValue.upper, ofLimit.upper) };
  plot.classList.add('over');
  const frame = drawHeatMap(plot, {
    x: { label: 'x', ...opened.x },
    y: { label: 'y', ...opened.y },
    height: HEIGHT,
    description: `Vᵉ over x and y at ε = ${value.epsilon}, from ${shown(ofValue.lower)} to ${shown(ofValue.upper)}`,
    nodes: value.nodes,
    values: value.values,
    range,
  });
  drawMark(frame, at.x, at.y, 'here');
  if (limit === null) return;
  const top = HEIGHT + 2;
  frame.svg.setAttribute('height', String(HEIGHT + STRIP.gap));
  frame.svg.setAttribute('viewBox', `0 0 ${frame.svg.getAttribute('width')} ${HEIGHT + STRIP.gap}`);
  drawStrip(plot, frame, limit.values, { top, height: STRIP.height, range });
  const { left } = frame.plot;
  written(frame.svg, 'v(x)', { class: 'axis', x: left - 8, y: top + 18, 'text-anchor': 'end' });
  say(
    panel,
    'Above Vᵉ(x,y), below it the limit v(x) in the same colours. The circle is the point (x,y) of the sliders. For ' +
      'small ε the map is the strip, drawn out along y.',
    value.warnings,
  );
}

/** u*(0,x,y) as colours. */
export function drawFeedback({ plot, caption }: Panel, opened: Opened, found: Feedback): void {
  const { name, epsilon, nodes, values } = found;
  plot.classList.add('over');
  const range = rangeOf(values);
  drawHeatMap(plot, {
    x: { label: 'x', ...opened.x },
    y: { label: 'y', ...opened.y },
    height: HEIGHT,
    description: `The control ${name} over x and y at ε = ${epsilon}, from ${shown(range.lower)} to ${shown(range.upper)}`,
    nodes,
    values,
    range,
  });
  caption.textContent =
    `The best ${name} at t = 0 and ε = ${epsilon}: the minimiser over U of φ·DₓVᵉ + ℓ. Where Vᵉ is flat every control ` +
    'costs the same.';
}
