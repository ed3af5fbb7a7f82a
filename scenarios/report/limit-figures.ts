import type { StudyFields } from '../study/study-fields.ts';
import { formatParameter, formatValue } from './format-number.ts';
import {
  axis,
  divergingColours,
  EXACT,
  type Figure,
  HEAT_SCALE,
  logAxis,
  planeLayout,
  positionLabel,
  sequentialColours,
} from './plot-style.ts';
import { pick, sampleIndices, shorten } from './sampling.ts';

const LINE_POINTS = 401;
const MAP_POINTS = 121;

/** Curves p ↦ H̄(x,p) drawn. */
const LINES = 7;

/** H̄ and μ_x, in reading order; null for those without data. */
export function limitFigures(fields: StudyFields): (Figure | null)[] {
  return [hamiltonianLines(fields), hamiltonianMap(fields), measureDensities(fields)];
}

/** H̄(x,·) for several x. */
function hamiltonianLines({ hamiltonian }: StudyFields): Figure | null {
  if (hamiltonian.values.length === 0 || hamiltonian.x.length === 0) return null;
  const columns = sampleIndices(hamiltonian.x.length, LINES);
  const rows = sampleIndices(hamiltonian.p.length, LINE_POINTS);
  const colours = divergingColours(columns.length);
  return {
    id: 'hamiltonian-lines',
    title: 'Effective Hamiltonian H̄(x, ·)',
    caption: 'Convex in p; without a running cost also positively homogeneous of degree one.',
    data: columns.map((i, k) => ({
      type: 'scatter',
      mode: 'lines',
      name: `x = ${positionLabel(hamiltonian.x[i])}`,
      x: pick(hamiltonian.p, rows),
      y: rows.map((j) => shorten(hamiltonian.values[j][i])),
      line: { color: colours[k], width: 2 },
      hovertemplate: 'p %{x:.4g}, H̄ %{y:.6g}',
    })),
    layout: planeLayout(420, { xaxis: axis('p'), yaxis: axis('H̄(x, p)') }),
  };
}

/** H̄ over the (x,p) plane. */
function hamiltonianMap({ hamiltonian }: StudyFields): Figure | null {
  if (hamiltonian.values.length < 2 || hamiltonian.x.length < 2) return null;
  const columns = sampleIndices(hamiltonian.x.length, MAP_POINTS);
  const rows = sampleIndices(hamiltonian.p.length, MAP_POINTS);
  const field = {
    x: pick(hamiltonian.x, columns),
    y: pick(hamiltonian.p, rows),
    z: rows.map((j) => pick(hamiltonian.values[j], columns)),
  };
  return {
    id: 'hamiltonian-map',
    title: 'Effective Hamiltonian over (x, p)',
    caption: 'Level lines are drawn in white.',
    data: [
      {
        ...field,
        type: 'contour',
        colorscale: HEAT_SCALE,
        contours: { coloring: 'heatmap' },
        ncontours: 14,
        line: { color: 'rgba(255,255,255,0.7)', width: 1 },
        colorbar: { title: { text: 'H̄', side: 'top' }, thickness: 14, outlinewidth: 0, tickfont: { size: 11 } },
        hovertemplate: 'x %{x:.4g}, p %{y:.4g}<br>H̄ %{z:.6g}<extra></extra>',
      },
    ],
    layout: planeLayout(420, { xaxis: axis('x'), yaxis: axis('p') }),
  };
}

/** Densities of the invariant measures μ_x. */
function measureDensities({ measures }: StudyFields): Figure | null {
  if (measures.length === 0) return null;
  const sorted = [...measures].sort((a, b) => a.x - b.x);
  const colours = divergingColours(sorted.length);
  return {
    id: 'measures',
    title: 'Invariant measures of the fast process, frozen at x',
    caption: `Means and deviations: ${sorted
      .map(
        (measure) =>
          `x = ${positionLabel(measure.x)}: ${positionLabel(measure.mean)} ± ${positionLabel(measure.deviation)}`,
      )
      .join('; ')}.`,
    data: sorted.map((measure, k) => {
      const nodes = sampleIndices(measure.y.length, LINE_POINTS);
      return {
        type: 'scatter',
        mode: 'lines',
        name: `x = ${positionLabel(measure.x)}`,
        x: pick(measure.y, nodes),
        y: pick(measure.density, nodes),
        line: { color: colours[k], width: 2 },
        fill: 'tozeroy',
        fillcolor: `${colours[k]}14`,
        hovertemplate: 'y %{x:.4g}, density %{y:.4g}',
      };
    }),
    layout: planeLayout(420, { xaxis: axis('y'), yaxis: axis('density of μ<sub>x</sub>', { rangemode: 'tozero' }) }),
  };
}

/** −δω and the exit weight on one ball, along a line of y. */
type CellLine = Pick<
  StudyFields['cells'][number],
  'radius' | 'delta' | 'y' | 'minusDeltaOmega' | 'exitWeight' | 'hamiltonian'
>;

/** Below this an exit weight is as good as zero. */
const NO_EXIT = 1e-8;

/** One figure per point (x,p): −δω(y) per radius with H̄, and the exit weight below. */
export function cellFigures({ cells }: StudyFields): Figure[] {
  const points = [...new Map(cells.map((cell) => [`${cell.x},${cell.p}`, cell])).values()];
  return points.map((point, k) => {
    const group = cells.filter((cell) => cell.x === point.x && cell.p === point.p).sort((a, b) => a.radius - b.radius);
    const place = `x = ${formatParameter(point.x)}, p = ${formatParameter(point.p)}`;
    return cellFigure({ id: `cell-${k + 1}`, place, along: 'y' }, group);
  });
}

/** −δω per radius with H̄, and the exit weight below; balls in increasing order. */
export function cellFigure(
  { id, place, along }: { readonly id: string; readonly place: string; readonly along: string },
  group: readonly CellLine[],
): Figure {
  return {
    id,
    title: `Truncated δ-cell problems at ${place}`,
    caption: `Above, −δω on the balls |y| < n with H̄ = ${formatValue(group[0].hamiltonian)} dashed; below, the exit
      weight E exp(−δτₙ), which must be small for −δω to be H̄.`.replace(/\s+/g, ' '),
    data: [...cellCurves(group), hamiltonianLevel(group)],
    layout: planeLayout(520, {
      xaxis: axis(along, { anchor: 'y2' }),
      yaxis: axis('−δω(y)', { domain: [0.46, 1] }),
      yaxis2: logAxis('exit weight', { domain: [0, 0.38], ...exitRange(group) }),
    }),
  };
}

function cellCurves(group: readonly CellLine[]): object[] {
  const colours = sequentialColours(group.length);
  return group.flatMap((cell, k) => {
    const nodes = sampleIndices(cell.y.length, LINE_POINTS);
    const y = pick(cell.y, nodes);
    const line = { color: colours[k], width: 2 };
    const name = `n = ${formatParameter(cell.radius)}, δ = ${positionLabel(cell.delta)}`;
    const exit = nodes.map((i) => (cell.exitWeight[i] > 0 ? shorten(cell.exitWeight[i]) : null));
    const common = { type: 'scatter', mode: 'lines', line, name, legendgroup: name, x: y };
    return [
      { ...common, y: pick(cell.minusDeltaOmega, nodes), hovertemplate: 'y %{x:.4g}, −δω %{y:.6g}' },
      { ...common, y: exit, yaxis: 'y2', showlegend: false, hovertemplate: 'y %{x:.4g}, weight %{y:.3e}' },
    ];
  });
}

function hamiltonianLevel(group: readonly CellLine[]): object {
  const widest = group[group.length - 1];
  return {
    type: 'scatter',
    mode: 'lines',
    name: 'H̄',
    x: [shorten(widest.y[0]), shorten(widest.y[widest.y.length - 1])],
    y: [shorten(widest.hamiltonian), shorten(widest.hamiltonian)],
    line: { color: EXACT, width: 2, dash: 'dash' },
    hovertemplate: 'H̄ %{y:.6g}',
  };
}

function exitRange(group: readonly CellLine[]): object {
  const smallest = group.flatMap((cell) => cell.exitWeight).reduce((low, weight) => Math.min(low, weight), 1);
  const low = Math.floor(Math.log10(Math.max(smallest, NO_EXIT)));
  return { range: [Math.min(low, -1) - 0.1, 0.15], dtick: low < -5 ? 2 : 1 };
}
