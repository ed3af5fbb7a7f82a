/** What the truncation of the domain costs: the change on K when one side of the box grows by 25 %. */
import { supremumDifference } from '../../src/verification/norms.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { type Case, effectiveCase, gridLabel, valueCase } from './cases.ts';
import type { BoxName, StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';

/** Both boxes in turn. */
export const WIDER = ['wide-x', 'wide-y'] as const satisfies readonly BoxName[];

export function domainCases(setup: StudySetup): Case[] {
  const { nx, ny } = setup.coarse;
  return WIDER.flatMap((box) => [
    valueCase(setup.moderate, nx, ny, { box }),
    valueCase(setup.moderate, nx, ny, { stepsOf: box }),
    effectiveCase(nx, ny, { box }),
    effectiveCase(nx, ny, { stepsOf: box }),
  ]);
}

/** Vᵉ at the ε of the grid tables and v, each on the standard box and on a wider one, at equal spacing and steps. */
export function widerSolutions(setup: StudySetup, solved: Solved, box: (typeof WIDER)[number]) {
  const { nx, ny } = setup.coarse;
  const on = { standard: { stepsOf: box }, wide: { box } } as const;
  return {
    value: [on.standard, on.wide].map((choice) => solved.value(valueCase(setup.moderate, nx, ny, choice))),
    limit: [on.standard, on.wide].map((choice) => solved.effective(effectiveCase(nx, ny, choice))),
  };
}

/** sup over K of the change of Vᵉ and of v when a box grows by 25 %, on the coarsest level. */
export function domainChanges(
  setup: StudySetup,
  solved: Solved,
  box: (typeof WIDER)[number],
): { readonly value: number; readonly effective: number } {
  const { value, limit } = widerSolutions(setup, solved, box);
  return {
    value: supremumDifference(value[0], value[1], setup.observe),
    effective: supremumDifference(limit[0], limit[1], setup.observeSlow),
  };
}

/** What the truncation of the domain costs: change on K when one side of the box grows by 25 %. */
export function domainTable(setup: StudySetup, solved: Solved): ConvergenceTable {
  const { nx, ny } = setup.coarse;
  const rows = WIDER.map((box) => ({
    box: box === 'wide-x' ? 'x-box +25 %' : 'y-box +25 %',
    ...domainChanges(setup, solved, box),
    steps: solved.value(valueCase(setup.moderate, nx, ny, { box })).steps,
  }));
  return {
    name: 'domain',
    title: 'Truncation of the domain',
    caption:
      `${gridLabel(setup, nx, ny)} nodes, ε = ${setup.moderate}; change on K when the box grows ` +
      'at equal spacing and equal steps.',
    columns: [
      { key: 'box', label: 'box', kind: 'parameter' },
      { key: 'value', label: 'sup|change of Vᵉ|', kind: 'error' },
      { key: 'effective', label: 'sup|change of v|', kind: 'error' },
      { key: 'steps', label: 'steps', kind: 'count' },
    ],
    rows,
    series: [],
    notes: [],
  };
}
