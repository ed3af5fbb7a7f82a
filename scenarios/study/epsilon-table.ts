import { terminalSeesY } from '../../src/model/general-terms.ts';
import { supremumError } from '../../src/verification/norms.ts';
import { compareLevels, roundingFloor, tableSeries } from '../../src/verification/refinement.ts';
import { type ConvergenceTable, convergenceTable } from '../../src/verification/table.ts';
import { type Case, effectiveCase, gridLabel, valueCase } from './cases.ts';
import { type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';

/** Said where g depends on y: v(0) = ḡ is not what Vᵉ starts from. */
const LAYER =
  ' Taken at τ = T, after the initial layer of width ε: the terminal cost depends on y, and values Vᵉ at τ of the ' +
  'order of ε are not near those of v.';

export function epsilonCases(setup: StudySetup): Case[] {
  const { nx, ny } = setup.fine;
  return [...setup.epsilon.map((epsilon) => valueCase(epsilon, nx, ny)), effectiveCase(nx, ny, { steps: 'same' })];
}

/**
 * Vᵉ → v in ε. On the same grid with the same steps the difference holds the ε-error alone (docs/theory.md §4.10);
 * against the exact limit the grid error is left at the end of the column.
 */
export function epsilonTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = setup.fine;
  const { problem, observe, epsilon } = setup;
  const solutions = epsilon.map((value) => solved.value(valueCase(value, nx, ny)));
  const limit = solved.effective(effectiveCase(nx, ny, { steps: 'same' }));
  const refined = {
    levels: epsilon.map((value) => ({ epsilon: value })),
    size: 'epsilon',
    claimedOrder: 1,
    within: observe,
    floor: roundingFloor(limit, limit.steps),
  };
  const sameGrid = compareLevels(solutions, {
    ...refined,
    against: { kind: 'limits', solutions: solutions.map(() => limit) },
  });
  const series = [tableSeries(sameGrid, { key: 'sameGrid', label: 'sup|Vᵉ−v| same grid' })];
  const { limit: exactLimit, value: exactValue } = problem.exact ?? {};
  const tau = problem.horizon;
  if (exactLimit !== undefined) {
    const limits = new Map<string, number>();
    const at = (x: readonly number[]) => {
      const key = x.join();
      const known = limits.get(key) ?? exactLimit(tau, x);
      limits.set(key, known);
      return known;
    };
    const value = (point: Float64Array) => at(split(setup, point).x);
    const total = compareLevels(solutions, { ...refined, against: { kind: 'exact', value } });
    series.push(tableSeries(total, { key: 'total', label: 'sup|Vᵉ−v exact|' }));
  }
  const trailing = exactValue === undefined ? [] : [{ key: 'grid', label: 'sup|Vᵉ−Vᵉ exact|', kind: 'error' as const }];
  const rows = epsilon.map((value, k) => ({
    epsilon: value,
    ...(exactValue === undefined
      ? {}
      : {
          grid: supremumError(solutions[k], observe, (point) =>
            exactValue({ tau, epsilon: value, ...split(setup, point) }),
          ),
        }),
  }));
  return convergenceTable({
    name: 'epsilon',
    title: 'Vᵉ → v: convergence in ε',
    caption:
      `Fixed: ${gridLabel(setup, nx, ny)} nodes, ${limit.steps} steps. ` +
      '"Same grid" compares with the effective solution on the same grid and steps (ε-error alone); "exact" with ' +
      `the exact limit (grid error included). Norm: sup over K.${terminalSeesY(problem) ? LAYER : ''}`,
    columns: [{ key: 'epsilon', label: 'ε', kind: 'parameter' }],
    rows,
    series,
    trailing,
    notes: plateauNotes(series[0].errors, series[1]?.errors),
  });
}

type Errors = readonly (number | null)[];

function plateauNotes(sameGrid: Errors, total: Errors | undefined): string[] {
  const [ofEpsilon, ofAll] = [sameGrid.at(-1) ?? null, total?.at(-1) ?? null];
  if (ofEpsilon === null || ofAll === null || ofEpsilon > 0.1 * ofAll) return [];
  return [
    `At the smallest ε the total error ${ofAll.toExponential(2)} is grid error: the ε-error there is ` +
      `${ofEpsilon.toExponential(2)}. Refine dx, dt and dy, not ε.`,
  ];
}
