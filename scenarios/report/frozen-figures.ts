/** Figures of what is frozen at x: H̄(x,·), μ_x, the cell problems and the correctors. */
import { axisOf, type Fields, nodesOf, type Selected, select, valuesOf } from '../study/field.ts';
import { axisTitle, coordinateOf, curveOf, heatMap, mapFigure, place, rowsOf } from './field-map.ts';
import { formatParameter, formatValue } from './format-number.ts';
import {
  axis,
  divergingColours,
  EXACT,
  type Figure,
  logAxis,
  planeLayout,
  positionLabel,
  sequentialColours,
} from './plot-style.ts';
import { sampleIndices, shorten } from './sampling.ts';

/** Curves p ↦ H̄(x,p) drawn. */
const LINES = 7;
/** Below this an exit weight is as good as zero. */
const NO_EXIT = 1e-8;

/** In reading order. */
export function frozenFigures(fields: Fields): Figure[] {
  return [...hamiltonianFigures(fields), ...measureFigures(fields), ...cellFigures(fields)];
}

/** The points that a field is given at, by its slowest axis: x, or (x1, x2). */
function pointsOf(fields: Fields, { axes: [{ name, nodes }] }: Selected): number[][] {
  if (name.includes('_')) return nodes.map((x) => [x]);
  const [first, second] = ['x1', 'x2'].map((x) => valuesOf(fields, `${x}_${name}`));
  return nodes.map((_, k) => [first[k], second[k]]);
}

const CONVEX = 'Convex in p; without a running cost also positively homogeneous of degree one.';

function hamiltonianFigures(fields: Fields): Figure[] {
  const hamiltonian = select(fields, 'H');
  if (hamiltonian === null) return [];
  const points = pointsOf(fields, hamiltonian);
  const rows = rowsOf(hamiltonian);
  if (hamiltonian.axes.length === 3) {
    return rows.map((field, k) =>
      mapFigure({
        id: `hamiltonian-${k + 1}`,
        title: `Effective Hamiltonian p ↦ H̄(x, p) at x = ${place(points[k])}`,
        caption: CONVEX,
        field,
        symbol: 'H̄',
      }),
    );
  }
  const lines = curvesAt(sampleIndices(rows.length, LINES), points, (k) => rows[k]);
  const figure = {
    id: 'hamiltonian-lines',
    title: 'Effective Hamiltonian H̄(x, ·)',
    caption: CONVEX,
    data: lines.map((line) => ({ ...line, hovertemplate: 'p %{x:.4g}, H̄ %{y:.6g}' })),
    layout: planeLayout(420, { xaxis: axis('p'), yaxis: axis('H̄(x, p)') }),
  };
  return rows.length > 2 && points[0].length === 1 ? [figure, hamiltonianMap(hamiltonian)] : [figure];
}

/** Curves coloured by their points x. */
function curvesAt(
  shown: readonly number[],
  points: readonly (readonly number[])[],
  of: (k: number) => Selected,
  look: (colour: string) => object = () => ({}),
): object[] {
  const colours = divergingColours(shown.length);
  return shown.map((k, c) => ({
    ...curveOf(of(k), { color: colours[c], width: 2 }),
    name: `x = ${place(points[k])}`,
    ...look(colours[c]),
  }));
}

/** H̄ over the (x,p) plane. */
function hamiltonianMap({ axes: [x, p], values }: Selected): Figure {
  const turned = p.nodes.flatMap((_, j) => x.nodes.map((_, i) => values[i * p.nodes.length + j]));
  return {
    id: 'hamiltonian-map',
    title: 'Effective Hamiltonian over (x, p)',
    caption: 'Level lines are drawn in white.',
    data: [heatMap({ axes: [p, x], values: turned }, 'H̄')],
    layout: planeLayout(420, { xaxis: axis('x'), yaxis: axis('p') }),
  };
}

function measureFigures(fields: Fields): Figure[] {
  const density = select(fields, 'density');
  if (density === null) return [];
  const points = pointsOf(fields, density);
  const rows = rowsOf(density);
  const names = rows[0].axes.map(coordinateOf).toReversed();
  const means = names.map((name) => valuesOf(fields, `mean_${name}`));
  const covariance = (a: string, b: string) => valuesOf(fields, `covariance_${a}_${b}`);
  if (names.length === 1) {
    const [variance] = names.map((name) => covariance(name, name));
    const moments = points.map(
      (point, k) => `x = ${place(point)}: ${positionLabel(means[0][k])} ± ${positionLabel(Math.sqrt(variance[k]))}`,
    );
    const curves = curvesAt(
      points.map((_, k) => k),
      points,
      (k) => rows[k],
      (colour) => ({ fill: 'tozeroy', fillcolor: `${colour}14`, hovertemplate: 'y %{x:.4g}, density %{y:.4g}' }),
    );
    return [
      {
        id: 'measures',
        title: 'Invariant measures of the fast process, frozen at x',
        caption: `Means and deviations: ${moments.join('; ')}.`,
        data: curves,
        layout: planeLayout(420, {
          xaxis: axis('y'),
          yaxis: axis('density of μ<sub>x</sub>', { rangemode: 'tozero' }),
        }),
      },
    ];
  }
  const [first, second] = names;
  return rows.map((field, k) => {
    const [xx, xy, yy] = [covariance(first, first), covariance(first, second), covariance(second, second)];
    return mapFigure({
      id: `measure-${k + 1}`,
      title: `Invariant measure of the fast process, frozen at x = ${place(points[k])}`,
      caption:
        `Mean ${place(means.map((mean) => mean[k]))}; ` +
        `covariance ${place([xx[k], xy[k]])}; ${place([xy[k], yy[k]])}.`,
      field,
      symbol: 'density',
    });
  });
}

/** A ball of a cell problem. */
interface Cell {
  readonly k: number;
  readonly place: string;
  readonly radius: number;
  readonly delta: number;
  readonly hamiltonian: number;
}

function cellsIn(fields: Fields): Cell[] {
  const of = (name: string) => valuesOf(fields, `cell_${name}`);
  const point = (names: readonly string[], k: number) =>
    names
      .map((name) => of(name))
      .filter((all) => all.length > 0)
      .map((all) => all[k]);
  const [radius, delta, hamiltonian] = ['radius', 'delta', 'H'].map(of);
  return nodesOf(fields, 'cell').map((k) => ({
    k,
    place: `x = ${place(point(['x', 'x1', 'x2'], k))}, p = ${place(point(['p', 'p1', 'p2'], k))}`,
    radius: radius[k],
    delta: delta[k],
    hamiltonian: hamiltonian[k],
  }));
}

/** Per point (x,p): −δω per radius with H̄, the exit weight below; in the plane the corrector of the largest ball. */
function cellFigures(fields: Fields): Figure[] {
  const cells = cellsIn(fields);
  const places = [...new Set(cells.map((cell) => cell.place))];
  return places.flatMap((at, k) => {
    const group = cells.filter((cell) => cell.place === at).sort((a, b) => a.radius - b.radius);
    const widest = group[group.length - 1];
    const corrector = select(fields, 'corrector', { cell: widest.k });
    const lines = cellFigure(fields, `cell-${k + 1}`, group, corrector?.axes.length === 2 ? 'y₁ (y₂ = 0)' : 'y');
    if (corrector?.axes.length !== 2) return [lines];
    const scaled = corrector.axes.map((one) => ({ ...one, nodes: one.nodes.map((node) => node * widest.radius) }));
    const map = mapFigure({
      id: `corrector-${k + 1}`,
      title: `Corrector χ ≈ ω − ω(0) at ${at}`,
      caption:
        `From the ball of radius ${formatParameter(widest.radius)}, its inner half, ` +
        `with δ = ${positionLabel(widest.delta)}; H − Lχ = H̄ = ${formatValue(widest.hamiltonian)}.`,
      field: { ...corrector, axes: scaled },
      symbol: 'χ',
    });
    return [lines, map];
  });
}

function cellFigure(fields: Fields, id: string, group: readonly Cell[], along: string): Figure {
  const colours = sequentialColours(group.length);
  const widest = group[group.length - 1];
  const { nodes } = axisOf(fields, 'position');
  const onBall = (name: string, { k, radius }: Cell): Selected => {
    const values = select(fields, name, { cell: k })?.values ?? [];
    return { axes: [{ name: 'y', description: '', nodes: nodes.map((node) => node * radius) }], values };
  };
  const weights = group.map((cell) => onBall('cell_exit_weight', cell));
  const curves = group.flatMap((cell, c) => {
    const name = `n = ${formatParameter(cell.radius)}, δ = ${positionLabel(cell.delta)}`;
    const line = { color: colours[c], width: 2 };
    const positive = weights[c].values.map((weight) => (weight > 0 ? weight : Number.NaN));
    const exit = curveOf({ ...weights[c], values: positive }, line);
    return [
      {
        ...curveOf(onBall('cell_minus_delta_omega', cell), line),
        ...{ name, legendgroup: name, hovertemplate: 'y %{x:.4g}, −δω %{y:.6g}' },
      },
      {
        ...exit,
        ...{ name, legendgroup: name, yaxis: 'y2', showlegend: false, hovertemplate: 'y %{x:.4g}, weight %{y:.3e}' },
      },
    ];
  });
  const level = {
    ...{ type: 'scatter', mode: 'lines', name: 'H̄', hovertemplate: 'H̄ %{y:.6g}' },
    x: [-widest.radius, widest.radius],
    y: [shorten(widest.hamiltonian), shorten(widest.hamiltonian)],
    line: { color: EXACT, width: 2, dash: 'dash' },
  };
  return {
    id,
    title: `Truncated δ-cell problems at ${widest.place}`,
    caption:
      `Above, −δω on the balls |y| < n with H̄ = ${formatValue(widest.hamiltonian)} dashed; below, the exit weight ` +
      'E exp(−δτₙ), which must be small for −δω to be H̄.',
    data: [...curves, level],
    layout: planeLayout(520, {
      xaxis: axis(axisTitle(along), { anchor: 'y2' }),
      yaxis: axis('−δω(y)', { domain: [0.46, 1] }),
      yaxis2: logAxis('exit weight', { domain: [0, 0.38], ...exitRange(weights.flatMap(({ values }) => values)) }),
    }),
  };
}

function exitRange(weights: readonly number[]): object {
  const smallest = weights.reduce((low, weight) => Math.min(low, weight), 1);
  const low = Math.floor(Math.log10(Math.max(smallest, NO_EXIT)));
  return { range: [Math.min(low, -1) - 0.1, 0.15], dtick: low < -5 ? 2 : 1 };
}
