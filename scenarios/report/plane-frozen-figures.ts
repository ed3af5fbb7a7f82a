/** Figures of what is frozen at x: H̄(x,·), μ_x and the cell problems, for n or m = 2. */
import type { PlaneFields } from '../study/plane-fields.ts';
import { formatParameter, formatValue } from './format-number.ts';
import { cellFigure } from './limit-figures.ts';
import { curveFigure, mapFigure, place } from './plane-map.ts';
import { type Figure, positionLabel } from './plot-style.ts';

/** H̄, invariant measures and cell problems. */
export function frozenFigures({ hamiltonians, measures, cells }: PlaneFields): Figure[] {
  return [
    ...hamiltonians.map(({ x, ...field }, k) =>
      field.axes.length === 2
        ? mapFigure({
            id: `hamiltonian-${k + 1}`,
            title: `Effective Hamiltonian p ↦ H̄(x, p) at x = ${place(x)}`,
            caption: 'Convex in p; without a running cost also positively homogeneous of degree one.',
            field,
            symbol: 'H̄',
          })
        : curveFigure({ id: `hamiltonian-${k + 1}`, title: `H̄(x, ·) at x = ${place(x)}`, field, symbol: 'H̄' }),
    ),
    ...measures.map(({ x, mean, covariance, ...field }, k) => {
      const moments = `Mean ${place(mean)}; covariance ${covariance.map(place).join('; ')}.`;
      const title = `Invariant measure of the fast process, frozen at x = ${place(x)}`;
      const id = `measure-${k + 1}`;
      return field.axes.length === 2
        ? mapFigure({ id, title, caption: moments, field, symbol: 'density' })
        : { ...curveFigure({ id, title, field, symbol: 'density' }), caption: moments };
    }),
    ...cellFigures(cells),
  ];
}

/** Per point (x,p): −δω and exit weights along y₁, and the corrector from the largest ball. */
function cellFigures(cells: PlaneFields['cells']): Figure[] {
  const points = [...new Map(cells.map((cell) => [`${cell.x};${cell.p}`, cell])).keys()];
  return points.flatMap((point, k) => {
    const group = cells.filter((cell) => `${cell.x};${cell.p}` === point).sort((a, b) => a.radius - b.radius);
    const widest = group[group.length - 1];
    const at = `x = ${place(widest.x)}, p = ${place(widest.p)}`;
    const along = widest.corrector.axes.length === 2 ? 'y₁ (y₂ = 0)' : 'y';
    const lines = cellFigure(
      { id: `cell-${k + 1}`, place: at, along },
      group.map((cell) => ({ ...cell, y: cell.line })),
    );
    if (widest.corrector.axes.length !== 2) return [lines];
    const corrector = mapFigure({
      id: `corrector-${k + 1}`,
      title: `Corrector χ ≈ ω − ω(0) at ${at}`,
      caption:
        `From the ball of radius ${formatParameter(widest.radius)}, its inner half, ` +
        `with δ = ${positionLabel(widest.delta)}; H − Lχ = H̄ = ${formatValue(widest.hamiltonian)}.`,
      field: widest.corrector,
      symbol: 'χ',
    });
    return [lines, corrector];
  });
}
