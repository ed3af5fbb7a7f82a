import { type Box, supremumDifference, supremumError } from '../../src/convergence/norms.ts';
import { type ConvergenceTable, convergenceTable, type Refinement } from '../../src/convergence/table.ts';
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { roundingFloor } from './epsilon-table.ts';
import { type Case, effectiveCase, type Solved, valueCase } from './laboratory.ts';
import type { StudySetup } from './setup.ts';

/** Steps of the coarsest run are multiplied by these in the dt-table. */
const TIME_FACTORS = [1, 2, 4, 8] as const;

type Series = Refinement['series'][number];

function extremes(setup: StudySetup): { coarse: { nx: number; ny: number }; fineY: number } {
  return { coarse: { nx: setup.x[0], ny: setup.y[0] }, fineY: setup.y[setup.y.length - 1] };
}

/** Levels in y: those of the scenario if it names three or more, else the finest halved, itself, doubled twice. */
export function fastLevels(setup: StudySetup): readonly number[] {
  if (setup.y.length >= 3) return setup.y;
  const cells = setup.y[setup.y.length - 1] - 1;
  return [Math.ceil(cells / 2), cells, 2 * cells, 4 * cells].map((count) => count + 1);
}

export function gridCases(setup: StudySetup): Case[] {
  const { coarse, fineY } = extremes(setup);
  return [
    ...setup.x.flatMap((nx) => [effectiveCase(nx, fineY), valueCase(setup.moderate, nx, fineY)]),
    ...fastLevels(setup).flatMap((ny) => [
      effectiveCase(coarse.nx, ny, { steps: 'same' }),
      valueCase(setup.moderate, coarse.nx, ny),
    ]),
    ...TIME_FACTORS.map((timeFactor) => valueCase(setup.moderate, coarse.nx, fineY, { timeFactor })),
  ];
}

/** |level k − level k+1| per level; the last level has no finer one. */
function successive(levels: readonly GridFunction[], box: Box): (number | null)[] {
  return levels.map((level, k) => (k + 1 < levels.length ? supremumDifference(level, levels[k + 1], box) : null));
}

/** What a claim above 1 rests on; first-order schemes claim theirs at kinks too. */
function smoothness(order: number): string {
  return order === 1 ? '' : ` Order ${order} is claimed where V is smooth and the y-error small; at kinks 1.`;
}

/** Refinement of dx, and with it of dt. */
export function slowGridTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { problem, observe, observeSlow, x, moderate } = setup;
  const claimed = setup.order.together;
  const { fineY } = extremes(setup);
  const effective = x.map((nx) => solved.effective(effectiveCase(nx, fineY)));
  const values = x.map((nx) => solved.value(valueCase(moderate, nx, fineY)));
  const tau = problem.horizon;
  const { limit, value } = problem.exact ?? {};
  const last = x.length - 1;
  const series: Series[] = [
    {
      key: 'effective',
      label: limit === undefined ? 'sup|v−v next|' : 'sup|v−v exact|',
      errors:
        limit === undefined
          ? successive(effective, observeSlow)
          : effective.map((level) => supremumError(level, observeSlow, (point) => limit(tau, point))),
      floor: roundingFloor(effective[last], effective[last].steps),
      size: 'dx',
      claimedOrder: claimed,
    },
    {
      key: 'value',
      label: value === undefined ? 'sup|Vᵉ−Vᵉ next|' : 'sup|Vᵉ−Vᵉ exact|',
      errors:
        value === undefined
          ? successive(values, observe)
          : values.map((level) =>
              supremumError(level, observe, ([px, py]) => value({ tau, epsilon: moderate, x: [px], y: [py] })),
            ),
      floor: roundingFloor(values[last], values[last].steps),
      size: 'dx',
      claimedOrder: claimed,
    },
  ];
  return convergenceTable({
    name: 'grid-x',
    title: 'Refinement in x (and t)',
    caption:
      `Fixed: ${fineY} nodes in y, ε = ${moderate} for Vᵉ; dt in proportion to dx. ` +
      `"next" is the difference from the next finer level. Norm: sup over K.${smoothness(claimed)}`,
    columns: [
      { key: 'nodes', label: 'x-nodes', kind: 'count' },
      { key: 'dx', label: 'dx', kind: 'parameter' },
      { key: 'steps', label: 'steps of Vᵉ', kind: 'count' },
    ],
    rows: x.map((nodes, k) => ({ nodes, dx: values[k].grid.axes[0].spacing, steps: values[k].steps })),
    series,
  });
}

/** Refinement of dy at fixed x-grid; differences of successive levels isolate the y-error. */
export function fastGridTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const levels = fastLevels(setup);
  const { nx } = extremes(setup).coarse;
  const values = levels.map((ny) => solved.value(valueCase(setup.moderate, nx, ny)));
  const effective = levels.map((ny) => solved.effective(effectiveCase(nx, ny, { steps: 'same' })));
  const floor = roundingFloor(values[0], values[0].steps);
  return convergenceTable({
    name: 'grid-y',
    title: 'Refinement in y',
    caption:
      `Fixed: ${nx} nodes in x, ε = ${setup.moderate} for Vᵉ, ${values[0].steps} steps. ` +
      'Errors are differences from the next finer level, which contain the y-error alone. Norm: sup over K.',
    columns: [
      { key: 'nodes', label: 'y-nodes', kind: 'count' },
      { key: 'dy', label: 'dy', kind: 'parameter' },
    ],
    rows: levels.map((nodes, k) => ({ nodes, dy: values[k].grid.axes[1].spacing })),
    series: [
      {
        key: 'value',
        label: 'sup|Vᵉ−Vᵉ next|',
        errors: successive(values, setup.observe),
        size: 'dy',
        claimedOrder: 2,
        floor,
      },
      {
        key: 'effective',
        label: 'sup|v−v next|',
        errors: successive(effective, setup.observeSlow),
        size: 'dy',
        claimedOrder: 2,
        floor,
      },
    ],
  });
}

/** Refinement of dt on a fixed grid. */
export function timeTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { coarse, fineY } = extremes(setup);
  const values = TIME_FACTORS.map((timeFactor) =>
    solved.value(valueCase(setup.moderate, coarse.nx, fineY, { timeFactor })),
  );
  return convergenceTable({
    name: 'time',
    title: 'Refinement in t',
    caption:
      `Fixed: ${coarse.nx} × ${fineY} nodes, ε = ${setup.moderate}. ` +
      'Errors are differences from the run with twice the steps. Norm: sup over K.',
    columns: [
      { key: 'steps', label: 'steps', kind: 'count' },
      { key: 'dt', label: 'dt', kind: 'parameter' },
    ],
    rows: values.map(({ steps }) => ({ steps, dt: setup.problem.horizon / steps })),
    series: [
      {
        key: 'value',
        label: 'sup|Vᵉ−Vᵉ next|',
        errors: successive(values, setup.observe),
        size: 'dt',
        claimedOrder: setup.order.dt,
        floor: roundingFloor(values[0], values[0].steps),
      },
    ],
  });
}
