import type { Column, ConvergenceTable } from '../../src/verification/table.ts';
import { type Comparison, type Mean, type MethodResult, rateWarnings } from './comparison.ts';

/** One row per method: where its runs end, the final loss, further measures, runs that diverged. */
export function comparisonTable(comparison: Comparison): ConvergenceTable {
  const { methods, seeds, evaluations, unit, seed } = comparison;
  const [first] = methods;
  const paired = methods.length > 1 && first.measures.length > 0;
  const chooses = methods.some(({ lowestRate }) => lowestRate !== null);
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
      ...(chooses ? [text('lowest', 'at u₀')] : []),
      { key: 'diverged', label: 'diverged', kind: 'count' },
    ],
    rows: methods.map((method) => rowOf(comparison, method)),
    series: [],
    notes: [
      ...rateWarnings(comparison).map((warning) => `${warning}.`),
      ...(chooses ? ['“At u₀” is the share of the steps with (x−y)·p ≠ 0 that take the lower end of U.'] : []),
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
    lowest: method.lowestRate === null ? '' : shownShare(method.lowestRate.share),
    diverged: method.diverged,
  };
}

function percent(share: number): string {
  return String(Math.round(100 * share));
}

/** 12 %; less than one step in a hundred is not 0 %, and not all is not 100 %. */
function shownShare(share: number): string {
  const [least, most] = [0.005, 0.995];
  if (share > 0 && share < least) return `${Number((100 * share).toPrecision(1))} %`;
  return share < 1 && share > most ? 'over 99 %' : `${percent(share)} %`;
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
