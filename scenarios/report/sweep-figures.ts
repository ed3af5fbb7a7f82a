import type { SweptParameter } from '../scenario.ts';
import { select } from '../study/field.ts';
import type { Bounded, Sweep, SweptMember } from '../sweep/sweep.ts';
import { atEpsilon, epsilonsOf } from '../sweep/sweep-table.ts';
import { curveOf } from './field-map.ts';
import { formatParameter } from './format-number.ts';
import {
  axis,
  EXACT,
  epsilonLabel,
  type Figure,
  HEAT_SCALE,
  logAxis,
  planeLayout,
  plotText,
  sequentialColours,
} from './plot-style.ts';
import { sampleIndices, shorten } from './sampling.ts';

const HEIGHT = 420;
/** More lines than this cannot be told apart: then a heat map is drawn. */
const MOST_LINES = 9;
/** From this ratio of the largest to the smallest on, positive values stand on a logarithmic axis. */
const WIDE = 5;
/** More values than this have ticks of their own no more. */
const MOST_TICKS = 8;

/** A quantity of the members. */
interface Quantity {
  readonly name: string;
  readonly of: (member: SweptMember) => Bounded;
}

/** What is drawn of some quantities of the same kind. */
interface Subject {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  /** The title of the axis of the quantities. */
  readonly symbol: string;
  readonly scale: 'linear' | 'log';
}

/** One figure per quantity against the first parameter; those without a number are left out. */
export function sweepFigures(sweep: Sweep): Figure[] {
  const epsilons = epsilonsOf(sweep.members);
  const plain = (value: number | null | undefined): Bounded => ({ value: value ?? null, bound: null });
  const ofEpsilon = (of: (member: SweptMember, epsilon: number) => Bounded): Quantity[] =>
    epsilons.map((epsilon) => ({ name: epsilonLabel(epsilon), of: (member) => of(member, epsilon) }));
  const values = ofEpsilon((member, epsilon) => atEpsilon(member, epsilon) ?? plain(null));
  const bars = 'Bars are the error bounds of each study.';
  return [
    ...quantityFigures(
      sweep,
      { id: 'values', title: 'Vᵉ and v at the centre of K', caption: bars, symbol: 'value', scale: 'linear' },
      [...values, { name: 'v', of: ({ limit }) => limit }],
    ),
    ...quantityFigures(
      sweep,
      {
        id: 'distances',
        title: 'Distance of Vᵉ from v',
        caption: 'sup|Vᵉ−v| over K on the same grid with the same steps: the ε-error alone.',
        symbol: 'sup|Vᵉ−v|',
        scale: 'log',
      },
      ofEpsilon((member, epsilon) => plain(atEpsilon(member, epsilon)?.distance)),
    ),
    ...quantityFigures(
      sweep,
      {
        id: 'orders',
        title: 'Order in ε',
        caption: 'Of the whole column of distances; 1 is claimed.',
        symbol: 'order',
        scale: 'linear',
      },
      [{ name: 'order', of: ({ order }) => plain(order.overall) }],
    ),
    ...quantityFigures(
      sweep,
      { id: 'hamiltonians', title: 'H̄ at the first cell point', caption: bars, symbol: 'H̄', scale: 'linear' },
      [{ name: 'H̄', of: ({ hamiltonian }) => hamiltonian }],
    ),
    ...limitFigure(sweep),
  ];
}

/** With one parameter all quantities in one figure, else a figure for each. */
function quantityFigures(sweep: Sweep, subject: Subject, quantities: readonly Quantity[]): Figure[] {
  const known = quantities.filter(({ of }) => sweep.members.some((member) => of(member).value !== null));
  if (known.length === 0) return [];
  if (sweep.swept.length === 1)
    return [
      lineFigure(
        sweep,
        subject,
        known.map((each) => ({ ...each, among: sweep.members })),
      ),
    ];
  return known.map((quantity, k) => {
    const own =
      known.length === 1
        ? subject
        : { ...subject, id: `${subject.id}-${k + 1}`, title: `${subject.title}: ${quantity.name}` };
    const groups = groupsOf(sweep);
    if (groups.length > MOST_LINES) return mapFigure(sweep, own, quantity);
    return lineFigure(
      sweep,
      own,
      groups.map((group) => ({ ...group, of: quantity.of })),
    );
  });
}

interface Group {
  readonly name: string;
  readonly among: readonly SweptMember[];
}

/** Members with the same values of all parameters but the first. */
function groupsOf({ members, swept }: Sweep): readonly Group[] {
  const groups = new Map<string, SweptMember[]>();
  for (const member of members) {
    const name = swept
      .slice(1)
      .map((other) => `${other.name} = ${formatParameter(member.values[other.name])}`)
      .join(', ');
    groups.set(name, [...(groups.get(name) ?? []), member]);
  }
  return [...groups].map(([name, among]) => ({ name, among }));
}

function lineFigure({ swept: [first] }: Sweep, subject: Subject, lines: readonly (Quantity & Group)[]): Figure {
  const colours = lines.length === 1 ? ['#0072b2'] : sequentialColours(lines.length);
  const data = lines.map(({ name, of, among }, k) => {
    const points = among
      .map((member) => ({ at: member.values[first.name], ...of(member) }))
      .filter(({ value }) => value !== null && (subject.scale === 'linear' || value > 0))
      .sort((a, b) => a.at - b.at);
    return {
      type: 'scatter',
      mode: 'lines+markers',
      name: plotText(name),
      x: points.map(({ at }) => at),
      y: points.map(({ value }) => shorten(value as number)),
      line: { color: name === 'v' ? EXACT : colours[k], width: 2, ...(name === 'v' ? { dash: 'dash' } : {}) },
      marker: { size: 7 },
      ...barsOf(points),
      hovertemplate: `${plotText(first.name)} = %{x:.4g}<br>${subject.symbol} %{y:.6g}`,
    };
  });
  const vertical = subject.scale === 'log' ? logAxis(subject.symbol, { dtick: undefined }) : axis(subject.symbol);
  const layout = planeLayout(HEIGHT, { xaxis: parameterAxis(first), yaxis: vertical, showlegend: lines.length > 1 });
  return { id: `sweep-${subject.id}`, title: subject.title, caption: subject.caption, data, layout };
}

function barsOf(points: readonly Bounded[]): object {
  if (points.every(({ bound }) => bound === null)) return {};
  const array = points.map(({ bound }) => shorten(bound ?? 0));
  return { error_y: { type: 'data', array, visible: true, thickness: 1.2, width: 4 } };
}

/** An axis with the values themselves as ticks, logarithmic where they spread. */
function parameterAxis({ name, values }: SweptParameter): object {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const scale = least > 0 && most / least >= WIDE ? { type: 'log' } : {};
  const ticks = values.length > MOST_TICKS ? {} : { tickvals: values, ticktext: values.map(formatParameter) };
  return axis(plotText(name), { ...scale, ...ticks });
}

/** A quantity over the first two parameters, the others at their first values. */
function mapFigure({ swept, members }: Sweep, subject: Subject, { of }: Quantity): Figure {
  const [first, second, ...others] = swept;
  const held = others.map(({ name, values }) => `${name} = ${formatParameter(values[0])}`).join(', ');
  const shown = members.filter(({ values }) => others.every((other) => values[other.name] === other.values[0]));
  const [across, along] = [first, second].map(({ values }) => [...values].sort((a, b) => a - b));
  const cell = (a: number, b: number) =>
    shown.find(({ values }) => values[first.name] === a && values[second.name] === b);
  const z = along.map((b) =>
    across.map((a) => {
      const member = cell(a, b);
      const value = member === undefined ? null : of(member).value;
      return value === null ? null : shorten(value);
    }),
  );
  const colorbar = {
    title: { text: subject.symbol, side: 'top' },
    thickness: 14,
    outlinewidth: 0,
    tickfont: { size: 11 },
  };
  return {
    id: `sweep-${subject.id}`,
    title: subject.title,
    caption: held === '' ? 'A cell is a member; cells without a number are left out.' : `Members with ${held}.`,
    data: [
      {
        type: 'heatmap',
        ...{ x: across.map(formatParameter), y: along.map(formatParameter), z, colorscale: HEAT_SCALE, colorbar },
        hovertemplate: `${plotText(first.name)} %{x}, ${plotText(second.name)} %{y}<br>%{z:.6g}<extra></extra>`,
      },
    ],
    layout: planeLayout(HEIGHT, {
      xaxis: axis(plotText(first.name), { type: 'category' }),
      yaxis: axis(plotText(second.name), { type: 'category' }),
    }),
  };
}

/** v over x for some of the members; n = 1. */
function limitFigure({ members, swept }: Sweep): Figure[] {
  const solved = members.flatMap(({ values, fields }) => {
    const limit = fields === null ? null : select(fields, 'v');
    return limit?.axes.length === 1 ? [{ values, limit }] : [];
  });
  if (solved.length === 0) return [];
  const shown = sampleIndices(solved.length, MOST_LINES).map((k) => solved[k]);
  const colours = sequentialColours(shown.length);
  const data = shown.map(({ values, limit }, k) => ({
    ...curveOf(limit, { color: colours[k], width: 2 }),
    name: plotText(swept.map(({ name }) => `${name} = ${formatParameter(values[name])}`).join(', ')),
    hovertemplate: 'x %{x:.4g}, v %{y:.6g}',
  }));
  const some = shown.length < members.length ? ` of ${shown.length} of ${members.length} members` : '';
  return [
    {
      id: 'sweep-limit',
      title: 'The limit v over x',
      caption: `v at τ = T${some}.`,
      data,
      layout: planeLayout(HEIGHT, { xaxis: axis('x'), yaxis: axis('v') }),
    },
  ];
}
