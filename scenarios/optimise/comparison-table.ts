import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import type { Comparison, Mean, MethodResult } from './comparison.ts';

/** One row per method: where its runs end, the final loss, further measures, runs that diverged. */
export function comparisonTable(comparison: Comparison): ConvergenceTable {
  const { methods, seeds, evaluations, unit, seed } = comparison;
  const [first] = methods;
  const paired = methods.length > 1 && first.measures.length > 0;
  const text = (key: string, label: string): Column => ({ key, label, kind: 'value' });
  return {
    name: 'methods',
    title: 'Where the methods end',
    caption: `${seeds} runs, seed ${seed}, from the same starts, ${evaluations} gradient evaluations each (${unit}).`,
    columns: [
      text('method', 'method'),
      ...first.valleys.map(({ name }) => text(`in ${name}`, name)),
      text('loss', 'final loss'),
      ...first.measures.flatMap(({ label }) => [
        text(label, label),
        ...(paired ? [text(`${label} difference`, "less last row's")] : []),
      ]),
      { key: 'steps', label: 'steps', kind: 'count' },
      { key: 'diverged', label: 'diverged', kind: 'count' },
    ],
    rows: methods.map((method) => rowOf(comparison, method)),
    series: [],
    notes: [
      ...(paired ? [`“Less last row's” is the mean difference run by run: starts and data are shared.`] : []),
      'Means are over the runs that did not diverge, ± one standard error; shares of all runs, with 95 % confidence.',
    ],
  };
}

function rowOf({ evaluations, methods }: Comparison, method: MethodResult): Record<string, string | number> {
  return {
    method: method.title,
    ...Object.fromEntries(
      method.valleys.map(({ name, fraction, lower, upper }) => [
        `in ${name}`,
        `${percent(fraction)} % (${percent(lower)}–${percent(upper)})`,
      ]),
    ),
    loss: shownMean(method.finalLoss),
    ...Object.fromEntries(
      method.measures.flatMap(({ label, ...measure }, k) => [
        [label, shownMean(measure)],
        [`${label} difference`, method === methods[methods.length - 1] ? '' : shownMean(method.differences[k])],
      ]),
    ),
    steps: Math.floor(evaluations / method.evaluationsPerStep),
    diverged: method.diverged,
  };
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}

/** −0.2265 ± 0.0035: the error with two digits, the mean with as many decimals. */
function shownMean({ mean, standardError }: Mean): string {
  if (!Number.isFinite(mean)) return '–';
  if (Number.isNaN(standardError)) return mean.toFixed(4);
  const certain = standardError < ROUNDING;
  const decimals = certain ? 4 : Math.max(0, 1 - Math.floor(Math.log10(standardError)));
  return `${mean.toFixed(decimals)} ± ${certain ? '0' : standardError.toFixed(decimals)}`;
}

/** Spread of equal losses that come from rounding alone. */
const ROUNDING = 1e-12;
