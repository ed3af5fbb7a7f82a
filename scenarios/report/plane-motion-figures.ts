/** The optimal motion in the plane: arrows of the effective feedback, and where descents end. */
import type { NodeValues, PlaneFields } from '../study/plane-fields.ts';
import { HEIGHT, heatMap, squareAxes } from './plane-map.ts';
import { type Figure, HEAT_SCALE, INK, planeLayout, tint } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** Arrows of the effective feedback and, where the loss has several valleys, the ends of descents. */
export function motionFigures(fields: PlaneFields): Figure[] {
  return [...feedbackFigure(fields), ...descentFigure(fields)];
}

/** Viridis mixed with white, for what lies under arrows and ways. */
const PALE_SCALE = HEAT_SCALE.map(([level, colour]) => [level, tint(colour, 0.55)] as const);

/** Longest arrow in units of the distance between two of them. */
const LONGEST = 0.92;

function feedbackFigure({ feedback, effective }: PlaneFields): Figure[] {
  const fastest = Math.max(0, ...feedback.map(({ velocity }) => Math.hypot(...velocity)));
  if (fastest === 0) return [];
  const [x, y] = effective.axes;
  const scale = (LONGEST * (feedback[1].x[0] - feedback[0].x[0])) / fastest;
  const moving = feedback.filter(({ velocity }) => Math.hypot(...velocity) > 0);
  const resting = feedback.filter(({ velocity }) => Math.hypot(...velocity) === 0);
  const landscape: NodeValues = { axes: effective.axes, values: effective.terminal };
  return [
    {
      id: 'feedback',
      title: 'Effective feedback: the optimal velocity φ̄(x, ν) at p = Dv(x)',
      caption:
        `At t = 0, over level lines of f; the longest arrow is ${fastest.toPrecision(3)}. ` +
        (resting.length === 0 ? '' : 'Dots: v is flat there, and every control is optimal. '),
      data: [
        heatMap(landscape, 'f', { colorscale: PALE_SCALE, line: { color: 'rgba(60,70,80,0.45)', width: 0.8 } }),
        arrows(moving.map(({ x: from, velocity }) => ({ from, along: velocity.map((value) => scale * value) }))),
        dots(resting.map(({ x: at }) => at)),
      ],
      layout: planeLayout(HEIGHT, {
        ...squareAxes([x.name, y.name]),
        showlegend: false,
      }),
    },
  ];
}

interface Arrow {
  readonly from: readonly number[];
  readonly along: readonly number[];
}

/** Length of a head relative to its arrow, and its opening. */
const HEAD = { length: 0.36, angle: 0.45 } as const;

/** All arrows as one broken line: shaft, then both sides of the head. */
function arrows(list: readonly Arrow[]): object {
  const xs: (number | null)[] = [];
  const ys: (number | null)[] = [];
  for (const { from, along } of list) {
    const tip = [from[0] + along[0], from[1] + along[1]];
    const side = (angle: number) => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      return [
        tip[0] - HEAD.length * (c * along[0] - s * along[1]),
        tip[1] - HEAD.length * (s * along[0] + c * along[1]),
      ];
    };
    const points = [from, tip, side(HEAD.angle), tip, side(-HEAD.angle)];
    xs.push(...points.map(([x]) => shorten(x)), null);
    ys.push(...points.map(([, y]) => shorten(y)), null);
  }
  return { type: 'scatter', mode: 'lines', x: xs, y: ys, line: { color: INK, width: 1.3 }, hoverinfo: 'skip' };
}

function dots(points: readonly (readonly number[])[]): object {
  const marker = { size: 3, color: INK };
  const [x, y] = [points.map(([first]) => first), points.map(([, second]) => second)];
  return { type: 'scatter', mode: 'markers', x, y, marker, hoverinfo: 'skip' };
}

type Descent = NonNullable<PlaneFields['descents']>['methods'][number]['method'];

/** Colours of Okabe and Ito (2008), a symbol each for printing in grey. */
const DESCENTS: Record<Descent, { readonly name: string; readonly colour: string; readonly symbol: string }> = {
  gradient: { name: 'gradient descent', colour: '#cc79a7', symbol: 'circle' },
  entropic: { name: 'entropic gradient descent', colour: '#d55e00', symbol: 'square' },
  controlled: { name: 'controlled limit, up to T', colour: '#0072b2', symbol: 'diamond' },
};

function descentFigure({ descents }: PlaneFields): Figure[] {
  if (descents === null) return [];
  const { axes, values } = descents.landscape;
  const landscape = { axes: axes.map((nodes, a) => ({ name: `x${a + 1}`, nodes })), values };
  const means = descents.methods.map(
    ({ method, losses }) =>
      `${DESCENTS[method].name} ${(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toPrecision(3)}`,
  );
  const starts = descents.methods[0].ways.map(([start]) => start);
  return [
    {
      id: 'descents',
      title: 'Where descents end',
      caption:
        `${starts.length} starts (crosses), ways thin, ends marked. Gradient descents run until they rest. ` +
        `Mean of f at the ends: ${means.join('; ')}.`.replaceAll('-', '−'),
      data: [
        heatMap(landscape, 'f', {
          colorscale: PALE_SCALE,
          ncontours: 20,
          line: { color: 'rgba(60,70,80,0.3)', width: 0.7 },
        }),
        ...descents.methods.map(({ method, ways }) => waysOf(method, ways)),
        {
          type: 'scatter',
          mode: 'markers',
          name: 'starts',
          x: starts.map(([x]) => x),
          y: starts.map(([, y]) => y),
          marker: { symbol: 'cross-thin', size: 6, line: { color: INK, width: 1.2 } },
          hoverinfo: 'skip',
        },
        ...descents.methods.map(({ method, ways, losses }) => ends(method, ways, losses)),
      ],
      layout: planeLayout(HEIGHT + 100, squareAxes(['x1', 'x2'])),
    },
  ];
}

function waysOf(descent: Descent, ways: readonly (readonly (readonly number[])[])[]): object {
  return {
    type: 'scatter',
    mode: 'lines',
    legendgroup: descent,
    showlegend: false,
    x: ways.flatMap((way) => [...way.map(([x]) => x), null]),
    y: ways.flatMap((way) => [...way.map(([, y]) => y), null]),
    line: { color: DESCENTS[descent].colour, width: 1 },
    opacity: 0.7,
    hoverinfo: 'skip',
  };
}

function ends(descent: Descent, ways: readonly (readonly (readonly number[])[])[], losses: readonly number[]): object {
  const { name, colour, symbol } = DESCENTS[descent];
  const last = ways.map((way) => way[way.length - 1]);
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: descent,
    x: last.map(([x]) => x),
    y: last.map(([, y]) => y),
    text: losses.map((loss) => `f ${loss.toPrecision(4)}`),
    marker: { symbol, size: 9, color: colour, line: { color: '#ffffff', width: 1 } },
    hovertemplate: `${name}<br>%{x:.3g}, %{y:.3g}<br>%{text}<extra></extra>`,
  };
}
