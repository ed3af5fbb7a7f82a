/** Vᵉ(·,y) at three y against v, and their distance against ε for every solve so far. */
import { frameIn, widened } from '../chart/frame.ts';
import { rangeOf } from '../chart/heat-map.ts';
import { drawCurve, drawMark, legend } from '../chart/lines.ts';
import { shown } from '../chart/numbers.ts';
import type { Limit, Opened, Side, Value } from '../protocol.ts';
import { HEIGHT, type Panel } from './panel.ts';

const LOOKS = ['a', 'b', 'c'] as const;

function nodesOn({ lower, upper }: Side, count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => lower + (i / (count - 1)) * (upper - lower));
}

export function drawSlices(
  panel: Panel,
  { opened, value, limit }: { opened: Opened; value: Value; limit: Limit | null },
): void {
  const { nodes, values } = value;
  const x = nodesOn(opened.x, nodes.x);
  const y = nodesOn(opened.y, nodes.y);
  const { lower, upper } = opened.observe.y;
  const rows = [lower, (lower + upper) / 2, upper].map((at) => nearest(y, at));
  const slices = rows.map((row) => values.subarray(row * nodes.x, (row + 1) * nodes.x));
  const shownOnes = limit === null ? slices : [...slices, limit.values];
  const ranges = shownOnes.map(rangeOf);
  const range = widened(Math.min(...ranges.map((each) => each.lower)), Math.max(...ranges.map((each) => each.upper)));
  const frame = frameIn(panel.plot, {
    x: { label: 'x', ...opened.x },
    y: { label: 'value at time to go T', ...range },
    height: HEIGHT,
    description: `Vᵉ along x at three y, and v, at ε = ${value.epsilon}`,
  });
  for (const [k, slice] of slices.entries()) drawCurve(frame, { x, y: slice, look: LOOKS[k] });
  if (limit !== null) drawCurve(frame, { x, y: limit.values, look: 'limit' });
  legend(panel.legend, [
    ...rows.map((row, k) => [LOOKS[k], `Vᵉ, y = ${shown(y[row], 2)}`] as const),
    ...(limit === null ? [] : [['limit', 'v'] as const]),
  ]);
  panel.caption.textContent = 'The nodes nearest to the ends and the middle of K in y. They fall on v as ε → 0.';
}

function nearest(nodes: Float64Array, at: number): number {
  let best = 0;
  for (let i = 1; i < nodes.length; i++) if (Math.abs(nodes[i] - at) < Math.abs(nodes[best] - at)) best = i;
  return best;
}

/** sup|Vᵉ − v| over the nodes in K. */
export function distanceOnK({ x, y, observe }: Opened, value: Value, limit: Limit): number {
  const { nodes, values } = value;
  const inside = (side: Side, of: Side, count: number) => {
    const slack = 1e-9 * (of.upper - of.lower);
    return Array.from(nodesOn(of, count), (at) => at >= side.lower - slack && at <= side.upper + slack);
  };
  const [inX, inY] = [inside(observe.x, x, nodes.x), inside(observe.y, y, nodes.y)];
  let largest = 0;
  for (let j = 0; j < nodes.y; j++) {
    if (!inY[j]) continue;
    for (let i = 0; i < nodes.x; i++) {
      if (inX[i]) largest = Math.max(largest, Math.abs(values[i + j * nodes.x] - limit.values[i]));
    }
  }
  return largest;
}

/** The distances by ε, as far as they were solved for. */
export function drawDistances(panel: Panel, distances: ReadonlyMap<number, number>, epsilon: number): void {
  const points = [...distances].filter(([, distance]) => distance > 0).sort(([a], [b]) => a - b);
  if (points.length === 0) return;
  const sizes = points.map(([, distance]) => distance);
  const upper = 10 ** Math.ceil(Math.log10(Math.max(...sizes)) + 1e-9);
  const frame = frameIn(panel.plot, {
    x: { label: 'ε', lower: 1e-8, upper: 1, isLog: true },
    y: {
      label: 'sup|Vᵉ − v| on K',
      lower: Math.min(upper * 1e-9, 10 ** Math.floor(Math.log10(Math.min(...sizes)))),
      upper,
      isLog: true,
    },
    height: HEIGHT,
    description: `The distance of Vᵉ from v against ε for ${points.length} solves`,
  });
  const [least, smallest] = points[0];
  drawCurve(frame, { x: [1e-8, 1], y: [1e-8, 1].map((each) => (smallest * each) / least), look: 'guide' });
  for (const [at, distance] of points) drawMark(frame, at, distance, at === epsilon ? 'dot now' : 'dot');
  legend(panel.legend, [['guide', 'order 1: the distance falls like ε']]);
  panel.caption.textContent =
    'On the same grid with the same steps, so that grid errors cancel. Every ε you have been at leaves a point.';
}
