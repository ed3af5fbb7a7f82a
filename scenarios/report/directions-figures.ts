import type { DirectionStudy } from '../study/direction-study.ts';
import { formatParameter } from './format-number.ts';
import { axis, EXACT, type Figure, GRID, INK, MUTED, planeLayout, positionLabel, tint } from './plot-style.ts';
import { shorten } from './sampling.ts';

type PointTable = DirectionStudy['tables'][number];
type Row = PointTable['velocities'][number];

/** Okabe, Ito 2008: extended controls blue, constant ones vermilion. */
const EXTENDED = '#0072b2';
const CONSTANT = EXACT;

/** n = 2: H̄ around the circle and the velocity bodies, for every x; n = 1: H̄ along p, and the intervals over x. */
export function directionFigures(study: DirectionStudy): Figure[] {
  if (study.slowDimension === 1)
    return [...study.tables.map((table, k) => alongLine(study, table, k)), intervals(study)];
  return study.tables.flatMap((table, k) => [aroundCircle(study, table, k), bodies(table, k)]);
}

function at(x: readonly number[]): string {
  return x.length === 1 ? `x = ${positionLabel(x[0])}` : `x = (${x.map(positionLabel).join(', ')})`;
}

/** Rows of equal |p|, in the order of the directions. */
function rings({ directions, lengths }: DirectionStudy, { velocities }: PointTable) {
  return lengths.map((length, k) => ({ length, rows: velocities.slice(k * directions, (k + 1) * directions) }));
}

function degrees({ p }: Row): number {
  const angle = (Math.atan2(p[1], p[0]) * 180) / Math.PI;
  return Number((angle < 0 ? angle + 360 : angle).toFixed(4));
}

function aroundCircle(study: DirectionStudy, table: PointTable, k: number): Figure {
  const values = table.velocities.flatMap(({ value, overConstant }) => [value, overConstant]);
  // A radius cannot be negative: H̄ < 0 (a control that cannot rest, a running cost) is drawn over the angle.
  const polar = Math.min(...values) >= -1e-12 * Math.max(...values);
  const curves = rings(study, table).flatMap(({ length, rows }, ring) => {
    const name = study.lengths.length === 1 ? '' : `, |p| = ${formatParameter(length)}`;
    const weight = 1 - (0.6 * ring) / study.lengths.length;
    return [
      curve(rows, { read: ({ value }) => value, name: `H̄${name}`, colour: tint(EXTENDED, weight), polar }),
      curve(rows, {
        read: ({ overConstant }) => overConstant,
        name: `constant u${name}`,
        colour: tint(CONSTANT, weight),
        dash: 'dash',
        polar,
      }),
    ];
  });
  const ticks = { tickfont: { size: 11, color: MUTED }, gridcolor: GRID, linecolor: '#9aa5b1' };
  return {
    id: `hamiltonian-${k}`,
    title: `H̄(x,p) around p, ${at(table.x)}`,
    caption: 'Distance from the centre is H̄ in the direction p; dashed, what controls that do not see y attain.',
    data: curves,
    layout: planeLayout(460, {
      ...(polar
        ? {
            polar: {
              bgcolor: '#ffffff',
              radialaxis: { ...ticks, rangemode: 'tozero', angle: 22.5, tickangle: 22.5, nticks: 5 },
              angularaxis: { ...ticks, ticksuffix: '°', dtick: 45 },
            },
            margin: { l: 40, r: 40, t: 30, b: 40 },
          }
        : { xaxis: axis('angle of p in degrees', { dtick: 45 }), yaxis: axis('H̄') }),
    }),
  };
}

interface CurveStyle {
  readonly read: (row: Row) => number;
  readonly name: string;
  readonly colour: string;
  readonly dash?: string;
  readonly polar: boolean;
}

/** A closed curve over the angle of p. */
function curve(rows: readonly Row[], { read, name, colour, dash, polar }: CurveStyle): object {
  const angles = [...rows.map(degrees), 360 + degrees(rows[0])];
  const values = [...rows, rows[0]].map((row) => shorten(Math.abs(read(row)) < 1e-15 ? 0 : read(row)));
  return {
    type: polar ? 'scatterpolar' : 'scatter',
    mode: rows.length > 64 || dash ? 'lines' : 'lines+markers',
    name,
    ...(polar ? { theta: angles, r: values } : { x: angles, y: values }),
    line: { color: colour, width: 2, dash: dash ?? 'solid' },
    marker: { size: 4, color: colour },
    hovertemplate: polar ? '%{theta:.1f}°: %{r:.5g}' : '%{x:.1f}°: %{y:.5g}',
  };
}

function bodies({ x, velocities, body, constantBody }: PointTable, k: number): Figure {
  return {
    id: `velocities-${k}`,
    title: `Velocities of the effective system, ${at(x)}`,
    caption:
      'All velocities φ̄(x,ν), from inside: the polygon of those that attain H̄, one for each p. ' +
      'Constant controls reach the smaller set.',
    data: [
      polygon(body, 'extended controls ν(y)', EXTENDED),
      polygon(constantBody, 'constant controls u', CONSTANT),
      {
        type: 'scatter',
        mode: 'markers',
        showlegend: false,
        x: velocities.map(({ velocity }) => shorten(velocity[0])),
        y: velocities.map(({ velocity }) => shorten(velocity[1])),
        text: velocities.map(({ p, value }) => {
          return `p = (${p.map(positionLabel).join(', ')})<br>H̄ = ${Number(value.toPrecision(6))}`;
        }),
        marker: { size: 5, color: EXTENDED },
        hovertemplate: '%{text}<br>φ̄ = (%{x:.4g}, %{y:.4g})<extra></extra>',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'rest',
        x: [0],
        y: [0],
        marker: { symbol: 'cross-thin', size: 11, line: { width: 2, color: INK } },
        hoverinfo: 'skip',
      },
    ],
    layout: planeLayout(460, {
      xaxis: axis('φ̄<sub>1</sub>', { constrain: 'domain' }),
      yaxis: axis('φ̄<sub>2</sub>', { scaleanchor: 'x', constrain: 'domain' }),
    }),
  };
}

function polygon(corners: readonly (readonly number[])[], name: string, colour: string): object {
  const closed = [...corners, corners[0]];
  return {
    type: 'scatter',
    mode: corners.length < 3 ? 'lines+markers' : 'lines',
    name,
    x: closed.map(([first]) => shorten(first)),
    y: closed.map(([, second]) => shorten(second)),
    fill: corners.length < 3 ? 'none' : 'toself',
    fillcolor: `${colour}33`,
    line: { color: colour, width: corners.length < 3 ? 4 : 2 },
    marker: { size: 6, color: colour },
    hoverinfo: 'skip',
  };
}

function alongLine({ hasCost }: DirectionStudy, { x, velocities }: PointTable, k: number): Figure {
  const origin = { p: [0], value: 0, overConstant: 0 };
  const rows = [...velocities, ...(hasCost ? [] : [origin])].sort((a, b) => a.p[0] - b.p[0]);
  const line = (name: string, values: readonly number[], colour: string, dash: string) => ({
    type: 'scatter',
    // Without a running cost H̄ is linear on both sides of p = 0; with one, nothing is known between the points.
    mode: hasCost ? 'markers' : 'lines+markers',
    name,
    x: rows.map(({ p }) => p[0]),
    y: values.map(shorten),
    line: { color: colour, width: 2, dash },
    marker: { size: 8, color: colour, symbol: dash === 'solid' ? 'circle' : 'circle-open' },
    hovertemplate: 'p = %{x}: %{y:.6g}',
  });
  return {
    id: `hamiltonian-${k}`,
    title: `H̄(x,p), ${at(x)}`,
    caption: 'H̄ over p; dashed and open, what controls that do not see y attain.',
    data: [
      line(
        'H̄',
        rows.map(({ value }) => value),
        EXTENDED,
        'solid',
      ),
      line(
        'constant u',
        rows.map(({ overConstant }) => overConstant),
        CONSTANT,
        'dash',
      ),
    ],
    layout: planeLayout(360, { xaxis: axis('p'), yaxis: axis('H̄', { rangemode: 'tozero' }) }),
  };
}

/** The intervals of velocities, over x. */
function intervals({ tables }: DirectionStudy): Figure {
  const segments = (name: string, colour: string, width: number, ends: (table: PointTable) => readonly number[]) => ({
    type: 'scatter',
    mode: width > 10 ? 'lines' : 'lines+markers',
    name,
    x: tables.flatMap(({ x }) => [x[0], x[0], null]),
    y: tables.flatMap((table) => [...[Math.min(...ends(table)), Math.max(...ends(table))].map(shorten), null]),
    line: { color: colour, width },
    marker: { size: width, color: colour },
    hovertemplate: 'x = %{x}: φ̄ = %{y:.6g}',
  });
  return {
    id: 'velocities',
    title: 'Velocities of the effective system',
    caption: 'The interval of φ̄(x,ν) over all ν(y), and the smaller one of constant controls.',
    data: [
      segments('extended controls ν(y)', tint(EXTENDED, 0.5), 12, ({ body }) => body.map(([v]) => v)),
      segments('constant controls u', CONSTANT, 5, ({ constantBody }) => constantBody.map(([v]) => v)),
    ],
    layout: planeLayout(360, { xaxis: axis('x'), yaxis: axis('φ̄', { zeroline: true, zerolinecolor: MUTED }) }),
  };
}
