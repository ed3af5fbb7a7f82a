import { type Against, compareLevels, roundingFloor, tableSeries } from '../../src/verification/refinement.ts';
import { type ConvergenceTable, convergenceTable } from '../../src/verification/table.ts';
import { type Case, effectiveCase, gridLabel, valueCase } from './cases.ts';
import { type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';

/** Steps of the coarsest run are multiplied by these in the dt-table; in the plane, where steps are dear, by fewer. */
function timeFactors({ slow, fast }: StudySetup): readonly number[] {
  return slow.length + fast.length > 2 ? [1, 2, 4] : [1, 2, 4, 8];
}

/**
 * Levels in y: those of the scenario if it names three or more, else the finest halved, itself, doubled twice; in the
 * plane, where doubling takes four times the memory, two are enough and a single one is halved.
 */
export function fastLevels(setup: StudySetup): readonly number[] {
  const inPlane = setup.fast.length === 2;
  if (setup.y.length >= (inPlane ? 2 : 3)) return setup.y;
  const cells = setup.fine.ny - 1;
  if (inPlane) return [Math.ceil(cells / 2) + 1, cells + 1];
  return [Math.ceil(cells / 2), cells, 2 * cells, 4 * cells].map((count) => count + 1);
}

export function gridCases(setup: StudySetup): Case[] {
  const { coarse, fine } = setup;
  return [
    ...setup.x.flatMap((nx) => [effectiveCase(nx, fine.ny), valueCase(setup.moderate, nx, fine.ny)]),
    ...fastLevels(setup).flatMap((ny) => [
      effectiveCase(coarse.nx, ny, { steps: 'same' }),
      valueCase(setup.moderate, coarse.nx, ny),
    ]),
    ...timeFactors(setup).map((timeFactor) => valueCase(setup.moderate, coarse.nx, fine.ny, { timeFactor })),
  ];
}

function inEach(sides: readonly unknown[], letter: string): string {
  return sides.length === 1 ? `in ${letter}` : `per axis of ${letter}`;
}

/** What a claim above 1 rests on; first-order schemes claim theirs at kinks too. */
function smoothness({ order: { together }, limitOrder }: StudySetup): string {
  const order = limitOrder.together;
  if (order === 1) return '';
  const of = together === order ? 'V' : 'v, and order 1 for Vᵉ by line solves along two fast axes,';
  return ` Order ${order} is claimed for ${of} where it is smooth and the y-error small; at kinks 1.`;
}

/** Refinement of dx, and with it of dt. */
export function slowGridTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { problem, observe, observeSlow, x, moderate, fine } = setup;
  const effective = x.map((nx) => solved.effective(effectiveCase(nx, fine.ny)));
  const values = x.map((nx) => solved.value(valueCase(moderate, nx, fine.ny)));
  const tau = problem.horizon;
  const { limit, value } = problem.exact ?? {};
  const last = x.length - 1;
  const levels = values.map(({ grid }) => ({ dx: grid.axes[0].spacing }));
  const againstLimit: Against =
    limit === undefined ? { kind: 'next' } : { kind: 'exact', value: (point) => limit(tau, point) };
  const againstValue: Against =
    value === undefined
      ? { kind: 'next' }
      : { kind: 'exact', value: (point) => value({ tau, epsilon: moderate, ...split(setup, point) }) };
  const refined = { levels, size: 'dx' };
  const series = [
    tableSeries(
      compareLevels(effective, {
        ...refined,
        claimedOrder: setup.limitOrder.together,
        against: againstLimit,
        within: observeSlow,
        floor: roundingFloor(effective[last], effective[last].steps),
      }),
      { key: 'effective', label: limit === undefined ? 'sup|v−v next|' : 'sup|v−v exact|' },
    ),
    tableSeries(
      compareLevels(values, {
        ...refined,
        claimedOrder: setup.order.together,
        against: againstValue,
        within: observe,
        floor: roundingFloor(values[last], values[last].steps),
      }),
      { key: 'value', label: value === undefined ? 'sup|Vᵉ−Vᵉ next|' : 'sup|Vᵉ−Vᵉ exact|' },
    ),
  ];
  return convergenceTable({
    name: 'grid-x',
    title: 'Refinement in x (and t)',
    caption:
      `Fixed: ${fine.ny} nodes ${inEach(setup.fast, 'y')}, ε = ${moderate} for Vᵉ; dt in proportion to dx. ` +
      `"next" is the difference from the next finer level. Norm: sup over K.${smoothness(setup)}`,
    columns: [
      { key: 'nodes', label: 'x-nodes', kind: 'count' },
      { key: 'dx', label: 'dx', kind: 'parameter' },
      { key: 'steps', label: 'steps of Vᵉ', kind: 'count' },
    ],
    rows: x.map((nodes, k) => ({ nodes, ...levels[k], steps: values[k].steps })),
    series,
  });
}

/** Refinement of dy at fixed x-grid; differences of successive levels isolate the y-error. */
export function fastGridTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const levels = fastLevels(setup);
  const { nx } = setup.coarse;
  const values = levels.map((ny) => solved.value(valueCase(setup.moderate, nx, ny)));
  const effective = levels.map((ny) => solved.effective(effectiveCase(nx, ny, { steps: 'same' })));
  const refined = {
    levels: values.map(({ grid }) => ({ dy: grid.axes[setup.slow.length].spacing })),
    size: 'dy',
    claimedOrder: 2,
    against: { kind: 'next' },
    floor: roundingFloor(values[0], values[0].steps),
  } as const;
  return convergenceTable({
    name: 'grid-y',
    title: 'Refinement in y',
    caption:
      `Fixed: ${nx} nodes ${inEach(setup.slow, 'x')}, ε = ${setup.moderate} for Vᵉ, ${values[0].steps} steps. ` +
      'Errors are differences from the next finer level, which contain the y-error alone. Norm: sup over K.',
    columns: [
      { key: 'nodes', label: 'y-nodes', kind: 'count' },
      { key: 'dy', label: 'dy', kind: 'parameter' },
    ],
    rows: levels.map((nodes, k) => ({ nodes, ...refined.levels[k] })),
    series: [
      tableSeries(compareLevels(values, { ...refined, within: setup.observe }), {
        key: 'value',
        label: 'sup|Vᵉ−Vᵉ next|',
      }),
      tableSeries(compareLevels(effective, { ...refined, within: setup.observeSlow }), {
        key: 'effective',
        label: 'sup|v−v next|',
      }),
    ],
  });
}

/** Refinement of dt on a fixed grid. */
export function timeTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { coarse, fine } = setup;
  const values = timeFactors(setup).map((timeFactor) =>
    solved.value(valueCase(setup.moderate, coarse.nx, fine.ny, { timeFactor })),
  );
  const levels = values.map(({ steps }) => ({ dt: setup.problem.horizon / steps }));
  const compared = compareLevels(values, {
    levels,
    size: 'dt',
    claimedOrder: setup.order.dt,
    against: { kind: 'next' },
    within: setup.observe,
    floor: roundingFloor(values[0], values[0].steps),
  });
  return convergenceTable({
    name: 'time',
    title: 'Refinement in t',
    caption:
      `Fixed: ${gridLabel(setup, coarse.nx, fine.ny)} nodes, ε = ${setup.moderate}. ` +
      'Errors are differences from the run with twice the steps. Norm: sup over K.',
    columns: [
      { key: 'steps', label: 'steps', kind: 'count' },
      { key: 'dt', label: 'dt', kind: 'parameter' },
    ],
    rows: values.map(({ steps }, k) => ({ steps, ...levels[k] })),
    series: [tableSeries(compared, { key: 'value', label: 'sup|Vᵉ−Vᵉ next|' })],
  });
}
