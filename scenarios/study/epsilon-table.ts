import { supremumError } from '../../src/convergence/norms.ts';
import { type ConvergenceTable, convergenceTable } from '../../src/convergence/table.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { type Case, effectiveCase, type Solved, valueCase } from './laboratory.ts';
import type { StudySetup } from './setup.ts';

/** Rounding in a difference of two values after `steps` steps: one ulp of the largest value per step. */
export function roundingFloor(f: GridFunction, steps: number): number {
  return Number.EPSILON * steps * f.values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

function finest(setup: StudySetup): { nx: number; ny: number } {
  return { nx: setup.x[setup.x.length - 1], ny: setup.y[setup.y.length - 1] };
}

export function epsilonCases(setup: StudySetup): Case[] {
  const { nx, ny } = finest(setup);
  return [...setup.epsilon.map((epsilon) => valueCase(epsilon, nx, ny)), effectiveCase(nx, ny, { steps: 'same' })];
}

/**
 * Vᵉ → v in ε. On the same grid with the same steps the difference holds the ε-error alone (THEORY §2.3);
 * against the exact limit the grid error is left at the end of the column.
 */
export function epsilonTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = finest(setup);
  const { problem, observe, epsilon } = setup;
  const solutions = epsilon.map((value) => solved.value(valueCase(value, nx, ny)));
  const limit = solved.effective(effectiveCase(nx, ny, { steps: 'same' }));
  const floor = roundingFloor(limit, limit.steps);
  const sameGrid = solutions.map((solution) =>
    supremumError(solution, observe, sameNode(limit.values, limit.grid.axes[0].lower, limit.grid.axes[0].spacing)),
  );
  const series = [
    { key: 'sameGrid', label: 'sup|Vᵉ−v| same grid', size: 'epsilon', errors: sameGrid, claimedOrder: 1, floor },
  ];
  const { limit: exactLimit, value: exactValue } = problem.exact ?? {};
  const tau = problem.horizon;
  if (exactLimit !== undefined) {
    const limits = new Map<number, number>();
    const at = (x: number) => {
      const known = limits.get(x) ?? exactLimit(tau, [x]);
      limits.set(x, known);
      return known;
    };
    const errors = solutions.map((solution) => supremumError(solution, observe, ([x]) => at(x)));
    series.push({ key: 'total', label: 'sup|Vᵉ−v exact|', size: 'epsilon', errors, claimedOrder: 1, floor });
  }
  const trailing = exactValue === undefined ? [] : [{ key: 'grid', label: 'sup|Vᵉ−Vᵉ exact|', kind: 'error' as const }];
  const rows = epsilon.map((value, k) => ({
    epsilon: value,
    ...(exactValue === undefined
      ? {}
      : {
          grid: supremumError(solutions[k], observe, ([x, y]) => exactValue({ tau, epsilon: value, x: [x], y: [y] })),
        }),
  }));
  return convergenceTable({
    name: 'epsilon',
    title: 'Vᵉ → v: convergence in ε',
    caption:
      `Fixed: ${nx} × ${ny} nodes, ${limit.steps} steps. "Same grid" compares with the effective solution on the ` +
      'same grid and steps (ε-error alone); "exact" with the exact limit (grid error included). Norm: sup over K.',
    columns: [{ key: 'epsilon', label: 'ε', kind: 'parameter' }],
    rows,
    series,
    trailing,
    notes: plateauNotes(series[1]?.errors, sameGrid),
  });
}

/** The value of v at the node of the point's x-coordinate: the grids agree in x, so no interpolation. */
function sameNode(values: Float64Array, lower: number, spacing: number): (point: Float64Array) => number {
  return ([x]) => values[Math.round((x - lower) / spacing)];
}

function plateauNotes(total: readonly number[] | undefined, sameGrid: readonly number[]): string[] {
  if (total === undefined) return [];
  const last = total.length - 1;
  if (sameGrid[last] > 0.1 * total[last]) return [];
  return [
    `At the smallest ε the total error ${total[last].toExponential(2)} is grid error: the ε-error there is ` +
      `${sameGrid[last].toExponential(2)}. Refine dx, dt and dy, not ε.`,
  ];
}
