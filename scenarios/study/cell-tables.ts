import {
  type DeltaCellSolution,
  type EffectiveHamiltonian,
  effectiveHamiltonian,
  hamiltonianMethods,
  solveDeltaCell,
} from '../../solvers/index.ts';
import { LARGEST_EXIT_WEIGHT } from '../../solvers/workbench.ts';
import { isElliptic } from '../../src/model/elliptic.ts';
import { dimensionsOf, united } from '../../src/model/problem.ts';
import { type Cell, type ConvergenceTable, convergenceTable } from '../../src/verification/table.ts';
import type { CellPoint } from '../scenario.ts';
import type { StudySetup } from './setup.ts';

/**
 * Nodes across the diameter by m: in the cell tables, so that the h-error stays below the δ-error (its own table shows
 * it), on the levels of the h-table, of its reference, and of the routes to H̄ (m = 1: their own choice).
 */
const NODES = {
  1: { across: 1601, levels: [101, 201, 401, 801], reference: 12801, routes: undefined },
  2: { across: 121, levels: [21, 41, 81], reference: 321, routes: 161 },
} as const;
/** The verdict on rows whose exit weight is above the threshold: they have no order. */
export const BALL_TOO_SMALL = 'ball too small';

/** Discounts of the table that shows the trap, at fixed radius. */
const TRAP_DISCOUNTS = [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5] as const;

/** δ-cell solves at one (x,p), one per radius, with δ = n^−(4+α). */
export interface CellRun {
  readonly point: CellPoint;
  readonly hamiltonian: number;
  readonly solutions: readonly DeltaCellSolution[];
}

/**
 * The radii of balls in which the process of y has noise everywhere: none for a square root of y, whose cell problems
 * have no ball around 0.
 */
export function cellRadii({ problem, scenario }: Pick<StudySetup, 'problem' | 'scenario'>): readonly number[] {
  const { at, radius } = scenario.study.cell;
  const { m } = dimensionsOf(problem);
  return radius.filter((n) => {
    const ball = Array.from({ length: m }, () => ({ lower: -n, upper: n }));
    const points = at[0].x.map((_, i) => united(at.map(({ x }) => ({ lower: x[i], upper: x[i] }))));
    return isElliptic(problem, points, ball);
  });
}

export function runCells(setup: StudySetup): CellRun[] {
  const { at, alpha } = setup.scenario.study.cell;
  const radius = cellRadii(setup);
  return at.map((point) => ({
    point,
    hamiltonian: referenceHamiltonian(setup, point).value,
    solutions: radius.map((n) =>
      solveDeltaCell(setup.problem, { ...point, radius: n, delta: n ** -(4 + alpha), nodes: nodesOf(setup).across }),
    ),
  }));
}

/** H̄ by the most accurate route the model allows. */
function referenceHamiltonian(setup: StudySetup, point: CellPoint): EffectiveHamiltonian {
  const method = setup.problem.fast.kind === 'drift' ? 'ergodic' : 'gibbs';
  return effectiveHamiltonian(setup.problem, { ...point, method });
}

function nodesOf({ fast }: StudySetup): (typeof NODES)[1 | 2] {
  return NODES[fast.length as 1 | 2];
}

function originOf({ fast }: StudySetup): number[] {
  return fast.map(() => 0);
}

function pointName({ problem }: StudySetup, { x, p }: CellPoint): string {
  const hessian = problem.slowNoise === undefined ? '' : ', M = 0';
  return `x = ${x.join(', ')}, p = ${p.join(', ')}${hessian}`;
}

function suffix(runs: readonly unknown[], k: number): string {
  return runs.length > 1 ? `-${k + 1}` : '';
}

/** One table per (x,p): −δω(0) → H̄ along δ = n^−(4+α), with the exit weight that tells where the ball is too small. */
export function deltaTables(setup: StudySetup, runs: readonly CellRun[]): ConvergenceTable[] {
  const { alpha } = setup.scenario.study.cell;
  const origin = originOf(setup);
  return runs.map(({ point, hamiltonian, solutions }, k) =>
    convergenceTable({
      name: `cell${suffix(runs, k)}`,
      title: `Truncated δ-cell problem at ${pointName(setup, point)}`,
      caption:
        `δ = n^−${4 + alpha}, ${nodesOf(setup).across} nodes across the diameter; ` +
        `H̄ = ${hamiltonian.toPrecision(8)}. ` +
        'Order in δ: 1 once the exit weight E e^−δτ is negligible; none for rows where it is above 1 %.',
      columns: [
        { key: 'radius', label: 'n', kind: 'parameter' },
        { key: 'delta', label: 'δ', kind: 'parameter' },
        { key: 'minusDeltaOmega', label: '−δω(0)', kind: 'value' },
        { key: 'hamiltonian', label: 'H̄', kind: 'value' },
      ],
      rows: solutions.map((solution) => ({
        radius: solution.radius,
        delta: solution.delta,
        minusDeltaOmega: solution.minusDeltaOmega(origin),
        hamiltonian,
        exitWeight: solution.exitWeightAt(origin),
      })),
      series: [
        {
          key: 'error',
          label: '|−δω(0)−H̄|',
          size: 'delta',
          errors: solutions.map((solution) => Math.abs(solution.minusDeltaOmega(origin) - hamiltonian)),
          claimedOrder: 1,
          floor: 1e-12,
          setAside: solutions.map((solution) => (isLeaving(solution, origin) ? BALL_TOO_SMALL : null)),
        },
      ],
      trailing: [{ key: 'exitWeight', label: 'exit weight', kind: 'error' }],
      notes: exitNotes(solutions, origin),
    }),
  );
}

/** Whether the exit weight is above the threshold, or unknown: then −δω(0) says nothing of H̄. */
function isLeaving(solution: DeltaCellSolution, origin: readonly number[]): boolean {
  return !(solution.exitWeightAt(origin) <= LARGEST_EXIT_WEIGHT);
}

function exitNotes(solutions: readonly DeltaCellSolution[], origin: readonly number[]): string[] {
  const leaving = solutions.filter((solution) => isLeaving(solution, origin));
  if (leaving.length === 0) return [];
  const radii = leaving.map((solution) => solution.radius).join(', ');
  return [
    `For n = ${radii} more than 1 % of the discounted mass leaves the ball: −δω(0) is not yet H̄ and has no error.`,
  ];
}

/** The trap: δ → 0 at fixed n tends to 0, not to H̄. Every such row is flagged. */
export function trapTable(setup: StudySetup): ConvergenceTable {
  const { at } = setup.scenario.study.cell;
  const radius = cellRadii(setup);
  const n = radius[Math.min(1, radius.length - 1)];
  const hamiltonian = referenceHamiltonian(setup, at[0]).value;
  const solutions = TRAP_DISCOUNTS.map((delta) =>
    solveDeltaCell(setup.problem, { ...at[0], radius: n, delta, nodes: nodesOf(setup).across }),
  );
  const origin = originOf(setup);
  const worst = solutions[solutions.length - 1].trap;
  return {
    name: 'cell-trap',
    title: `The trap: δ → 0 at fixed n = ${n}, ${pointName(setup, at[0])}`,
    caption:
      `Fixed: n = ${n}, ${nodesOf(setup).across} nodes across. ` +
      `−δω(0) tends to 0 and not to H̄ = ${hamiltonian.toPrecision(8)}.`,
    columns: [
      { key: 'delta', label: 'δ', kind: 'parameter' },
      { key: 'minusDeltaOmega', label: '−δω(0)', kind: 'value' },
      { key: 'error', label: '|−δω(0)−H̄|', kind: 'error' },
      { key: 'exitWeight', label: 'exit weight', kind: 'error' },
      { key: 'verdict', label: 'verdict', kind: 'verdict' },
    ],
    rows: solutions.map(
      (solution): Record<string, Cell> => ({
        delta: solution.delta,
        minusDeltaOmega: solution.minusDeltaOmega(origin),
        error: Math.abs(solution.minusDeltaOmega(origin) - hamiltonian),
        exitWeight: solution.exitWeightAt(origin),
        verdict: isLeaving(solution, origin) ? BALL_TOO_SMALL : null,
      }),
    ),
    series: [],
    notes: worst === null ? [] : [worst],
  };
}

/** Refinement of the cell problem's grid at the largest radius; successive differences isolate the h-error. */
export function cellGridTable(setup: StudySetup): ConvergenceTable {
  const { at, alpha } = setup.scenario.study.cell;
  const radius = cellRadii(setup);
  const n = radius[radius.length - 1];
  const delta = n ** -(4 + alpha);
  const { levels, reference: fine } = nodesOf(setup);
  const at0 = (nodes: number) =>
    solveDeltaCell(setup.problem, { ...at[0], radius: n, delta, nodes }).minusDeltaOmega(originOf(setup));
  const values = levels.map(at0);
  const reference = at0(fine);
  return convergenceTable({
    name: 'cell-grid',
    title: `Truncated δ-cell problem: refinement in h at ${pointName(setup, at[0])}`,
    caption: `Fixed: n = ${n}, δ = n^−${4 + alpha}. Error against ${fine} nodes.`,
    columns: [
      { key: 'nodes', label: 'nodes', kind: 'count' },
      { key: 'h', label: 'h', kind: 'parameter' },
      { key: 'minusDeltaOmega', label: '−δω(0)', kind: 'value' },
    ],
    rows: levels.map((nodes, k) => ({ nodes, h: (2 * n) / (nodes - 1), minusDeltaOmega: values[k] })),
    series: [
      {
        key: 'error',
        label: '|δω(0)−δω fine|',
        size: 'h',
        errors: values.map((value) => Math.abs(value - reference)),
        claimedOrder: 2,
        floor: 1e-12,
      },
    ],
  });
}

function finite(end: number | null): number | null {
  return end !== null && Number.isFinite(end) ? end : null;
}

/** H̄ by every route the model allows, with enclosures. */
export function hamiltonianTable(setup: StudySetup): ConvergenceTable {
  const { at } = setup.scenario.study.cell;
  const radius = cellRadii(setup);
  const isGiven = { gibbs: setup.problem.fast.kind === 'potential', cell: radius.length > 0 };
  const methods = hamiltonianMethods.filter((m) => (m === 'gibbs' || m === 'cell' ? isGiven[m] : true));
  const onLine = setup.fast.length === 1;
  const rows = at.flatMap((point) => {
    const reference = referenceHamiltonian(setup, point).value;
    return methods.map((method): Record<string, Cell> => {
      const cellRadius = method === 'cell' && onLine ? Math.max(radius[radius.length - 1], 8) : undefined;
      const options = { ...point, method, radius: cellRadius, nodes: nodesOf(setup).routes };
      const found = effectiveHamiltonian(setup.problem, options);
      return {
        x: point.x.join(' '),
        p: point.p.join(' '),
        method,
        value: found.value,
        lower: finite(found.lower),
        upper: finite(found.upper),
        difference: Math.abs(found.value - reference),
      };
    });
  });
  return {
    name: 'hamiltonian',
    title: `H̄(x,p${setup.problem.slowNoise === undefined ? '' : ',0'}) by independent routes`,
    caption: 'lower and upper enclose H̄ where the route has an enclosure; the difference is from the first route.',
    columns: [
      { key: 'x', label: 'x', kind: 'parameter' },
      { key: 'p', label: 'p', kind: 'parameter' },
      { key: 'method', label: 'route', kind: 'parameter' },
      { key: 'value', label: 'H̄', kind: 'value' },
      { key: 'lower', label: 'lower', kind: 'value' },
      { key: 'upper', label: 'upper', kind: 'value' },
      { key: 'difference', label: '|difference|', kind: 'error' },
    ],
    rows,
    series: [],
    notes: [],
  };
}
