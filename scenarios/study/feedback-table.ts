import type { Cell, Column, ConvergenceTable } from '../../src/verification/table.ts';
import { effectiveCase, gridLabel, valueCase } from './cases.ts';
import { type StudySetup, split } from './setup.ts';
import type { Solved } from './solved.ts';
import { hasChoice, solvedFeedback } from './solved-feedback.ts';
import { valuePoints } from './value-tables.ts';

/** Parts of the sides of K in y. */
const FAST_PARTS = [0, 0.5, 1];

/** u* at points of K for the largest, a moderate and the smallest ε and in the limit; null where there is no choice. */
export function feedbackTable(setup: StudySetup, solved: Solved): ConvergenceTable | null {
  const { problem, epsilon, moderate, fine } = setup;
  if (!hasChoice(problem)) return null;
  const { nx, ny } = fine;
  const { names } = problem.controls;
  const exact = problem.exact?.feedback;
  const shown = [...new Set([epsilon[0], moderate, epsilon[epsilon.length - 1]])];
  const solutions = [
    ...shown.map((value) => [value, solved.value(valueCase(value, nx, ny))] as const),
    ['limit', solved.effective(effectiveCase(nx, ny))] as const,
  ];
  const points = feedbackPoints(setup);
  const rows = solutions.flatMap<Record<string, Cell>>(([value, solution]) => {
    const feedback = solvedFeedback(problem, solution);
    return points.map((point) => {
      const { x, y } = split(setup, point);
      const known = value === 'limit' ? undefined : exact?.({ tau: problem.horizon, epsilon: value, x, y });
      const place = Object.fromEntries(setup.names.map((name, a) => [name, point[a]]));
      return { epsilon: value, ...place, ...cellsOf(names, feedback(x, y), known) };
    });
  });
  return {
    name: 'feedback',
    title: 'The optimal control u*(x, y)',
    caption:
      `${gridLabel(setup, nx, ny)} nodes, τ = T: the control that attains the minimum of H at DₓV, by central ` +
      'differences of the computed value; at a switch and at a kink of V it depends on the grid.',
    columns: [
      { key: 'epsilon', label: 'ε', kind: 'parameter' },
      ...setup.names.map((name): Column => ({ key: name, label: name, kind: 'parameter' })),
      ...names.flatMap((name) => columnsOf(name, exact !== undefined)),
    ],
    rows,
    series: [],
    notes: rows.some((row) => names.some((name) => row[`control_${name}`] === null))
      ? ['Where no control is shown |DₓV| is below a thousandth of its largest value: the grid would choose.']
      : [],
  };
}

function columnsOf(name: string, isKnown: boolean): Column[] {
  const found: Column = { key: `control_${name}`, label: `${name}*`, kind: 'value' };
  const known: Column[] = [
    { key: `exact_${name}`, label: `exact ${name}*`, kind: 'value' },
    { key: `error_${name}`, label: `|${name}*−exact|`, kind: 'error' },
  ];
  return isKnown ? [found, ...known] : [found];
}

function cellsOf(
  names: readonly string[],
  found: readonly number[] | null,
  known: readonly number[] | undefined,
): Record<string, Cell> {
  return Object.fromEntries(
    names.flatMap((name, c) => {
      const [control, exact] = [found?.[c] ?? null, known?.[c] ?? null];
      const error = control === null || exact === null ? null : Math.abs(control - exact);
      return [
        [`control_${name}`, control],
        [`exact_${name}`, exact],
        [`error_${name}`, error],
      ];
    }),
  );
}

/** The points x of the values but the first, often one of symmetry, each with the ends and the middle of K in y. */
function feedbackPoints(setup: StudySetup): number[][] {
  const n = setup.slow.length;
  const [lower, upper] = [setup.observe.lower.slice(n), setup.observe.upper.slice(n)];
  return valuePoints(setup)
    .slice(1)
    .flatMap((point) =>
      FAST_PARTS.map((part) => [
        ...point.slice(0, n),
        ...lower.map((low, k) => Number((low + part * (upper[k] - low)).toPrecision(12))),
      ]),
    );
}
