/** −δω and the exit weight by paths, beside what the cell solver found (`hjb cell --paths`). */
import { exitStep, type MeanEstimate, simulateDeltaCell } from '../../../solvers/index.ts';
import { InputError } from '../../../src/input/input-error.ts';
import type { Coordinates, Problem } from '../../../src/model/problem.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Given } from '../flags/command.ts';
import { wholeNumber } from '../flags/values.ts';
import { columns, preciseValue } from '../print/layout.ts';

export const cellPathFlags = {
  paths: { value: 'N', description: 'also estimate both by N paths of the frozen fast process' },
  seed: { value: 'K', description: 'seed of the paths (default 1)' },
} as const;

/** A point with what the solver found there. */
interface Solved {
  readonly x: readonly number[];
  /** Absent where an integrand replaces H(x,·,p). */
  readonly p?: readonly number[];
  readonly y: readonly number[];
  readonly minusDeltaOmega: number;
  readonly exitWeight: number;
}

interface Ball {
  readonly radius: number;
  readonly delta: number;
  readonly integrand: ((y: Coordinates) => number) | undefined;
}

type Mean = Pick<MeanEstimate, 'mean' | 'standardError'>;

interface MonteCarlo {
  readonly paths: number;
  readonly seed: number;
  readonly dt: number;
  readonly minusDeltaOmega: Mean;
  readonly exitWeight: Mean;
  /** Both are within 3 standard errors and the bias of the step of the solver's figures; null for one path. */
  readonly agrees: boolean | null;
}

const DEVIATIONS = 3;
/** The bias is below 0.25 dt in relaxation times (test/solvers/exit-paths.test.ts), and dt at most 0.02 of one. */
const STEP_BIAS = 0.005;

/** The estimates at every point; null without --paths. */
export function cellPaths(given: Given, problem: Problem, found: readonly Solved[], ball: Ball): MonteCarlo[] | null {
  const paths = wholeNumber(given, 'paths', 1);
  const seed = wholeNumber(given, 'seed', 0);
  if (paths === undefined) {
    if (seed === undefined) return null;
    throw new ScenarioError(
      '--seed',
      '--seed is given',
      'only paths have a seed',
      'give --paths N too, or leave it out',
    );
  }
  return found.map((point) => located(() => estimateAt(problem, point, ball, { paths, seed: seed ?? 1 })));
}

function estimateAt(
  problem: Problem,
  { x, p, y, minusDeltaOmega, exitWeight }: Solved,
  ball: Ball,
  draws: { readonly paths: number; readonly seed: number },
): MonteCarlo {
  const dt = exitStep(problem, x, ball.radius);
  const estimate = simulateDeltaCell(problem, { ...ball, ...draws, x, p: p ?? x.map(() => 0), y, dt });
  // A weight below 3/N is met by none of N paths in one of 20 cases.
  const unseen = 3 / draws.paths;
  return {
    ...draws,
    dt,
    minusDeltaOmega: meanOnly(estimate.minusDeltaOmega),
    exitWeight: meanOnly(estimate.exitWeight),
    agrees:
      draws.paths === 1
        ? null
        : agree(estimate.minusDeltaOmega, minusDeltaOmega, 0) && agree(estimate.exitWeight, exitWeight, unseen),
  };
}

function meanOnly({ mean, standardError }: MeanEstimate): Mean {
  return { mean, standardError };
}

function agree({ mean, standardError }: Mean, value: number, unseen: number): boolean {
  return Math.abs(mean - value) <= DEVIATIONS * standardError + STEP_BIAS * Math.abs(value) + unseen;
}

/** Paths that cannot be taken are the fault of --paths. */
function located<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ScenarioError('--paths', error.fact, error.cause, error.remedy);
  }
}

/** The field of a point in the JSON. */
export function cellPathsJson(estimates: readonly MonteCarlo[] | null, k: number) {
  return estimates === null ? {} : { monteCarlo: estimates[k] };
}

/** The table under the values. */
export function shownCellPaths(estimates: readonly MonteCarlo[] | null, points: readonly string[]): string {
  if (estimates === null) return '';
  const [{ paths, seed }] = estimates;
  const shown = ({ mean, standardError }: Mean) => [
    preciseValue(mean),
    Number.isFinite(standardError) ? standardError.toPrecision(2) : '–',
  ];
  const rows = estimates.map(({ dt, minusDeltaOmega, exitWeight, agrees }, k) => [
    points[k],
    dt.toPrecision(2),
    ...shown(minusDeltaOmega),
    ...shown(exitWeight),
    agrees === null ? 'not decided' : agrees ? 'agrees' : 'differs',
  ]);
  const labels = ['at', 'dt', '−δω(y)', '± (1 s.e.)', 'exit weight', '± (1 s.e.)', 'verdict'];
  return `\n  by ${paths} paths, seed ${seed}\n\n${columns(labels, rows)}`;
}

/** A sentence per point at which paths and solver disagree. */
export function cellPathsWarnings(
  estimates: readonly MonteCarlo[] | null,
  found: readonly Solved[],
  points: readonly string[],
): string[] {
  return (estimates ?? []).flatMap(({ agrees, minusDeltaOmega, exitWeight }, k) => {
    if (agrees !== false) return [];
    const beside = ({ mean, standardError }: Mean, value: number) =>
      `${mean.toPrecision(4)} ± ${standardError.toPrecision(2)} beside ${value.toPrecision(4)}`;
    const omega = beside(minusDeltaOmega, found[k].minusDeltaOmega);
    const weight = beside(exitWeight, found[k].exitWeight);
    return [
      `at ${points[k]} paths and solver disagree: −δω ${omega}, exit weight ${weight}; take more --nodes, or another ` +
        '--seed to rule chance out',
    ];
  });
}
