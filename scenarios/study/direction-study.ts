/** H̄(x,·) over directions of p, the velocities of the extended controls, and the table made of them. */
import { type EffectiveVelocities, effectiveVelocities, unitDirections } from '../../solvers/index.ts';
import { describeProblem } from '../../src/model/describe.ts';
import { atHessian, type Hessian } from '../../src/model/hessian.ts';
import { dimensionsOf } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import type { Scenario } from '../scenario.ts';

interface DirectionPlan {
  readonly points: readonly (readonly number[])[];
  /** K unit vectors. */
  readonly directions: number;
  /** |p|, one or several. */
  readonly lengths: readonly number[];
  /** D²v; default 0. */
  readonly M?: Hessian;
  readonly method?: 'gibbs' | 'stationary';
  readonly nodes?: number;
}

export interface DirectionStudy {
  readonly name: string;
  readonly title: string;
  readonly slowDimension: 1 | 2;
  readonly equations: readonly (readonly [string, string])[];
  readonly directions: number;
  readonly lengths: readonly number[];
  readonly hasCost: boolean;
  readonly tables: readonly EffectiveVelocities[];
}

/** φ̄(x,νₚ) and H̄(x,p,M) at every point, for p = every length times every direction, lengths outermost. */
export function studyDirections({ name, title, problem, domain }: Scenario, plan: DirectionPlan): DirectionStudy {
  const units = unitDirections(dimensionsOf(problem).n, plan.directions);
  const slopes = plan.lengths.flatMap((length) => units.map((unit) => unit.map((part) => length * part)));
  const { method, nodes, directions, lengths, M } = plan;
  const box = domain.y ?? undefined;
  return {
    name,
    title,
    slowDimension: dimensionsOf(problem).n,
    equations: describeProblem(problem),
    directions,
    lengths,
    hasCost: atHessian(problem, M).runningCost !== undefined,
    tables: plan.points.map((x) => effectiveVelocities(problem, { x, slopes, M, method, nodes, box })),
  };
}

/** One row per point and slope. */
export function directionTable(study: DirectionStudy): ConvergenceTable {
  const x = axisNames('x', study.slowDimension);
  const p = x.map((name) => name.replace('x', 'p'));
  const velocity = x.map((name) => name.replace('x', 'velocity'));
  const columns = (keys: readonly string[], kind: Column['kind'], label = (key: string) => key): Column[] =>
    keys.map((key) => ({ key, label: label(key), kind }));
  const named = (names: readonly string[], values: readonly number[]) => names.map((name, i) => [name, values[i]]);
  return {
    name: 'directions',
    title: 'The effective Hamiltonian over directions',
    caption: `${study.directions} directions of p, |p| = ${study.lengths.join(', ')}; φ̄ is the mean drift of νₚ.`,
    columns: [
      ...columns(x, 'parameter'),
      ...columns(p, 'value'),
      ...columns(['value'], 'value', () => 'H̄(x,p)'),
      ...columns(velocity, 'value', (key) => key.replace('velocity', 'φ̄')),
      ...(study.hasCost ? columns(['cost'], 'value', () => 'ℓ̄') : []),
      ...columns(['overConstant'], 'value', () => 'constant u'),
      ...columns(['residual'], 'error', () => 'exchange'),
      ...columns(['error'], 'error'),
    ],
    rows: study.tables.flatMap((table) =>
      table.velocities.map((row) => ({
        ...Object.fromEntries([...named(x, table.x), ...named(p, row.p), ...named(velocity, row.velocity)]),
        value: row.value,
        cost: row.cost,
        overConstant: row.overConstant,
        residual: row.residual,
        error: Number.isFinite(row.error) ? row.error : null,
      })),
    ),
    series: [],
    notes: [
      'constant u: max over u of −(φ̄(x,u)·p + ℓ̄(x,u)), the Hamiltonian of the averaged system; never above H̄.',
      'exchange: distance from ∫H dμ to max over ν of −(φ̄(x,ν)·p + ℓ̄(x,ν)), ν all that were found; quadrature alone.',
      'error: largest change of φ̄ and of its H̄ from twice the spacing in y, that of the measure of L_h included.',
    ],
  };
}
