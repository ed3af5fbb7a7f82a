/** The optimal motion in the plane: arrows of the effective feedback, and where descents end. */
import { descentMethods } from '../study/descents.ts';
import { type Fields, type Selected, select, valuesOf } from '../study/field.ts';
import { HEIGHT, heatMap, rowsOf, squareAxes } from './field-map.ts';
import { type Figure, HEAT_SCALE, INK, planeLayout, tint } from './plot-style.ts';
import { shorten } from './sampling.ts';

/** Arrows of the effective feedback and, where the loss has several valleys, the ends of descents. */
export function motionFigures(fields: Fields): Figure[] {
  return [...feedbackFigure(fields), ...descentFigure(fields)];
}

/** Viridis mixed with white, for what lies under arrows and ways. */
const PALE_SCALE = HEAT_SCALE.map(([level, colour]) => [level, tint(colour, 0.55)] as const);

/** Longest arrow in units of the distance between two of them. */
const LONGEST = 0.92;

function feedbackFigure(fields: Fields): Figure[] {
  const [u, v] = ['x1', 'x2'].map((name) => select(fields, `velocity_${name}`));
  const landscape = select(fields, 'f');
  if (u === null || v === null || landscape === null) return [];
  const [second, first] = u.axes.map(({ nodes }) => nodes);
  const feedback = u.values.map((_, k) => ({
    from: [first[k % first.length], second[Math.floor(k / first.length)]],
    velocity: [u.values[k], v.values[k]],
  }));
  const speed = ({ velocity }: (typeof feedback)[number]) => Math.hypot(...velocity);
  const fastest = Math.max(...feedback.map(speed));
  if (!(fastest > 0)) return [];
  const scale = (LONGEST * (first[1] - first[0])) / fastest;
  const moving = feedback.filter((each) => speed(each) > 0);
  const resting = feedback.filter((each) => speed(each) === 0);
  return [
    {
      id: 'feedback',
      title: 'Effective feedback: the optimal velocity φ̄(x, ν) at p = Dv(x)',
      caption:
        `At t = 0, over level lines of f; the longest arrow is ${fastest.toPrecision(3)}. ` +
        (resting.length === 0 ? '' : 'Dots: v is flat there, and every control is optimal. '),
      data: [
        heatMap(landscape, 'f', { colorscale: PALE_SCALE, line: { color: 'rgba(60,70,80,0.45)', width: 0.8 } }),
        arrows(moving.map(({ from, velocity }) => ({ from, along: velocity.map((value) => scale * value) }))),
        dots(resting.map(({ from }) => from)),
      ],
      layout: planeLayout(HEIGHT, { ...squareAxes(['x1', 'x2']), showlegend: false }),
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

type Descent = (typeof descentMethods)[number];

/** Colours of Okabe and Ito (2008), a symbol each for printing in grey. */
const DESCENTS: Record<Descent, { readonly name: string; readonly colour: string; readonly symbol: string }> = {
  gradient: { name: 'gradient descent', colour: '#cc79a7', symbol: 'circle' },
  entropic: { name: 'entropic gradient descent', colour: '#d55e00', symbol: 'square' },
  controlled: { name: 'controlled limit, up to T', colour: '#0072b2', symbol: 'diamond' },
};

/** The ways of a descent, each a list of points, with the loss at their ends. */
interface Descended {
  readonly method: Descent;
  readonly ways: readonly (readonly (readonly number[])[])[];
  readonly losses: readonly number[];
}

function descentsIn(fields: Fields): Descended[] {
  return descentMethods.flatMap((method) => {
    const [first, second] = ['x1', 'x2'].map((name) => select(fields, `descent_${method}_${name}`));
    if (first === null || second === null) return [];
    const [xs, ys] = [first, second].map((field) => rowsOf(field).map(({ values }) => values));
    const ways = xs.map((way, k) => way.map((x, i) => [x, ys[k][i]]).filter(([x]) => !Number.isNaN(x)));
    return [{ method, ways, losses: valuesOf(fields, `descent_${method}_loss`) }];
  });
}

function descentFigure(fields: Fields): Figure[] {
  const landscape: Selected | null = select(fields, 'loss');
  const descents = descentsIn(fields);
  if (landscape === null || descents.length === 0) return [];
  const means = descents.map(
    ({ method, losses }) =>
      `${DESCENTS[method].name} ${(losses.reduce((sum, loss) => sum + loss, 0) / losses.length).toPrecision(3)}`,
  );
  const starts = descents[0].ways.map(([start]) => start);
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
        ...descents.map(waysOf),
        {
          type: 'scatter',
          mode: 'markers',
          name: 'starts',
          x: starts.map(([x]) => x),
          y: starts.map(([, y]) => y),
          marker: { symbol: 'cross-thin', size: 6, line: { color: INK, width: 1.2 } },
          hoverinfo: 'skip',
        },
        ...descents.map(endsOf),
      ],
      layout: planeLayout(HEIGHT + 100, squareAxes(['x1', 'x2'])),
    },
  ];
}

function waysOf({ method, ways }: Descended): object {
  return {
    type: 'scatter',
    mode: 'lines',
    legendgroup: method,
    showlegend: false,
    x: ways.flatMap((way) => [...way.map(([x]) => x), null]),
    y: ways.flatMap((way) => [...way.map(([, y]) => y), null]),
    line: { color: DESCENTS[method].colour, width: 1 },
    opacity: 0.7,
    hoverinfo: 'skip',
  };
}

function endsOf({ method, ways, losses }: Descended): object {
  const { name, colour, symbol } = DESCENTS[method];
  const last = ways.map((way) => way[way.length - 1]);
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: method,
    x: last.map(([x]) => x),
    y: last.map(([, y]) => y),
    text: losses.map((loss) => `f ${loss.toPrecision(4)}`),
    marker: { symbol, size: 9, color: colour, line: { color: '#ffffff', width: 1 } },
    hovertemplate: `${name}<br>%{x:.3g}, %{y:.3g}<br>%{text}<extra></extra>`,
  };
}
