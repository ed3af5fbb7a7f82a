import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { Claim, Expected, Figured } from './claim.ts';
import type { Reproduction } from './reproduce.ts';

/** One row per claim and model. */
export function claimsTable({ claims, effort, seed }: Reproduction): ConvergenceTable {
  const text = (key: string, label: string) => ({ key, label, kind: 'value' as const });
  return {
    name: 'claims',
    title: 'Claims of the theory, measured',
    caption: `${tally(claims)} Effort ${effort}, seed ${seed}.`,
    columns: [
      text('claim', 'claim'),
      text('statement', 'statement'),
      text('model', 'model'),
      text('measured', 'measured'),
      text('figure', 'figure'),
      text('expected', 'expected'),
      { key: 'verdict', label: 'verdict', kind: 'verdict' },
    ],
    rows: claims.map((claim) => ({
      claim: claim.claim,
      statement: claim.statement,
      model: claim.model,
      measured: claim.measured,
      figure: shownFigure(claim),
      expected: shownExpected(claim.expected),
      verdict: claim.verdict,
    })),
    series: [],
    notes: [
      'The error bar holds the statistical error (3 standard errors) and the change of the figure from half the ' +
        'nodes or from another ε.',
      'A row agrees where the figure is what is expected within its bar, or lies on the expected side with all of ' +
        'its bar; it is not decided where the bar is too wide to tell.',
    ],
  };
}

/** The entries by key, in the order in which keys first appear. */
export function grouped<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): [string, Entry[]][] {
  const keys = [...new Set(entries.map(keyOf))];
  return keys.map((key) => [key, entries.filter((entry) => keyOf(entry) === key)]);
}

/** 43 of 45 rows agree, 1 differs, 1 not decided. */
export function tally(claims: readonly Claim[]): string {
  const count = (word: Claim['verdict']) => claims.filter(({ verdict }) => verdict === word).length;
  const [differ, open] = [count('differs'), count('not decided')];
  const rest = [...(differ > 0 ? [`${differ} differ`] : []), ...(open > 0 ? [`${open} not decided`] : [])];
  return `${[`${count('agrees')} of ${claims.length} rows agree`, ...rest].join(', ')}.`;
}

/** 0.952 ± 0.042: the error with two digits, the figure with as many decimals. */
export function shownFigure({ figure, error }: Figured): string {
  if (!Number.isFinite(figure)) return '–';
  if (error === 0) return plain(figure, 3);
  const decimals = Math.min(Math.max(0, 1 - Math.floor(Math.log10(error))), 15);
  if (decimals <= 6) return `${figure.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
  if (figure === 0 || Math.abs(figure) >= 1e-3) return `${figure.toFixed(decimals)} ± ${plain(error, 2)}`;
  const digits = Math.max(1, decimals + Math.floor(Math.log10(Math.abs(figure))) + 1);
  return `${plain(figure, digits)} ± ${plain(error, 2)}`;
}

/** 1 ± 0.05, or below 0.01. */
export function shownExpected(expected: Expected): string {
  if (expected.kind !== 'equal') return `${expected.kind} ${expected.value}`;
  const value = Number(expected.value.toPrecision(6));
  return expected.tolerance === 0 ? String(value) : `${value} ± ${Number(expected.tolerance.toPrecision(2))}`;
}

function plain(value: number, digits: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 1e-3 ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
}
