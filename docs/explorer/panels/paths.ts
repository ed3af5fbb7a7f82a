/** Paths of x under the feedback of Vᵉ, and the path of the limit. */
import { frameIn, widened } from '../chart/frame.ts';
import { rangeOf } from '../chart/heat-map.ts';
import { drawCurve, legend } from '../chart/lines.ts';
import { type Opened, type Paths, SMALLEST_SIMULATED } from '../protocol.ts';
import { HEIGHT, type Panel, say } from './panel.ts';

export function drawPaths(panel: Panel, { horizon }: Opened, found: Paths): void {
  const { times, paths, limit, epsilon, steps, warnings } = found;
  const ranges = [...paths, limit].map(rangeOf);
  const frame = frameIn(panel.plot, {
    x: { label: 'time t', lower: 0, upper: horizon },
    y: {
      label: 'X',
      ...widened(Math.min(...ranges.map((each) => each.lower)), Math.max(...ranges.map((each) => each.upper))),
    },
    height: HEIGHT,
    description: `${paths.length} paths of x at ε = ${epsilon} and the path of the limit`,
  });
  for (const path of paths) drawCurve(frame, { x: times, y: path, look: 'path' });
  drawCurve(frame, { x: times, y: limit, look: 'limit' });
  legend(panel.legend, [
    ...(paths.length === 0 ? [] : [['path', `${paths.length} paths at ε = ${epsilon}`] as const]),
    ['limit', 'limit'],
  ]);
  say(
    panel,
    paths.length === 0
      ? `Paths are simulated down to ε = ${SMALLEST_SIMULATED}: below, the steps that follow y are too many for a page. The limit ` +
          'path under the feedback of v is all that is shown.'
      : `From the point (x,y) under the feedback of Vᵉ, ${steps} steps, seed 1, with the path of the limit under ` +
          'the feedback of v. Where a value is flat every control costs the same, and paths may part.',
    warnings,
  );
}
