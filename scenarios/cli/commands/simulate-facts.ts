/** What `hjb simulate` has found, as facts for the terminal and the document. */
import type { MeanEstimate, TwoScaleEnsemble } from '../../../solvers/index.ts';
import type { Card } from '../../../src/kernel/gpu/gpu.ts';
import { formatValue, MISSING } from '../../report/format-number.ts';
import type { Scenario } from '../../scenario.ts';
import { integrators, type LimitPath, type PathRecord } from '../../study/path-record.ts';
import { boundOf } from '../../study/path-study.ts';
import type { Reference } from '../../study/solved-control.ts';
import { type Fact, unprinted } from '../print/fact-list.ts';
import { shownSeconds, shownThreads, valueWithError } from '../print/layout.ts';
import { finiteOrNull, scalarOrList, shownPoint } from '../print/points.ts';
import { type PathRates, shownRates } from './simulate-faster.ts';

export interface Simulated {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly control: string;
  /** Of the value that the cost is compared with. */
  readonly nodes: string;
  readonly ensemble: TwoScaleEnsemble;
  readonly record: PathRecord;
  readonly limit: LimitPath;
  readonly reference: Reference | null;
  /** What --backend fastest has measured. */
  readonly rates: PathRates | null;
  /** The graphics card that took the paths. */
  readonly card: Card | undefined;
}

interface Shown {
  readonly at: Readonly<Record<string, number>>;
  /** Of the slow variables. */
  readonly names: readonly string[];
  /** Times of the fan in the JSON. */
  readonly fan: number;
  readonly written: readonly string[];
}

export function titleOf(scenario: Scenario, { ensemble }: Simulated, at: Shown['at']): string {
  const place = shownPoint(Object.keys(at), Object.values(at));
  return `${scenario.title}: paths up to T = ${scenario.problem.horizon}, ε = ${ensemble.epsilon}, from ${place}`;
}

/** In the order in which they are printed. */
export function simulationFacts(scenario: Scenario, simulated: Simulated, shown: Shown): Fact[] {
  const { ensemble, control } = simulated;
  const { outcome } = ensemble;
  const { written, fan, names } = shown;
  return [
    ...unprinted({ command: 'simulate', scenario: scenario.name, epsilon: ensemble.epsilon }),
    { key: 'control', json: control, label: 'control', text: control },
    ...unprinted({ at: shown.at }),
    ...runFacts(simulated),
    ...costFacts(simulated),
    ...limitFacts(simulated),
    { label: 'tables', text: shownTables(ensemble) },
    { key: 'fan', json: fan > 1 ? shownFan(simulated.record, names) : null },
    { key: 'outcome', json: outcome, label: 'outcome', text: outcome.status },
    { key: 'written', json: written.length === 0 ? undefined : written, label: 'report', text: written[0] },
  ];
}

/** How the paths were made. */
function runFacts({ ensemble, rates, card }: Simulated): Fact[] {
  const { paths, seed, steps, method, backend, threads, seconds, dt } = ensemble;
  const rate = (paths * steps) / Math.max(seconds, 1e-9);
  const made = `${paths}, seed ${seed}, ${steps} steps of ${integrators[method]}, dt = ${dt.toPrecision(3)}`;
  const workers = card?.name ?? shownThreads(threads);
  return [
    { key: 'paths', json: paths, label: 'paths', text: made },
    ...unprinted({ seed, steps, method, backend, threads }),
    {
      key: 'seconds',
      json: seconds,
      label: 'time',
      text: `${shownSeconds(seconds)}, ${workers}, ${rate.toPrecision(2)} steps/s`,
    },
    { key: 'rates', json: rates ?? undefined, label: 'fastest', text: rates && shownRates(rates) },
    { label: 'ends', text: shownEnds(ensemble) },
  ];
}

/** The mean cost beside the value it is compared with. */
function costFacts(simulated: Simulated): Fact[] {
  const { ensemble, record, reference } = simulated;
  const { cost, timeStep } = record;
  const source = reference?.source ?? null;
  const bias = {
    dt: ensemble.dt,
    weakOrder: ensemble.stateSpace === null ? 2 : null,
    timeStep: timeStep?.mean ?? null,
    timeStepStandardError: timeStep === null ? null : finiteOrNull(timeStep.standardError),
    tableError: ensemble.tableError,
    outside: ensemble.outside,
  };
  return [
    { key: 'meanCost', json: cost.mean, label: 'E cost', text: shownCost(record) },
    ...unprinted({ standardError: finiteOrNull(cost.standardError), band: [cost.lower, cost.upper].map(finiteOrNull) }),
    { key: 'value', json: reference?.value ?? null, label: reference?.source, text: shownReference(simulated) },
    ...unprinted({ valueSource: source, scheme: reference?.scheme ?? null, valueError: reference?.gridError ?? null }),
    { key: 'bias', json: bias, label: 'time step', text: shownTimeStep(record) },
  ];
}

/** The distance from the limit, where it tends to 0; else the difference of the means. */
function limitFacts({ ensemble, record, limit }: Simulated): Fact[] {
  const { comparison, distance, meanDifference } = record;
  const general = comparison === 'path' ? [] : unprinted({ limitComparison: comparison });
  if (distance === null) return [...general, ...meanFacts(meanDifference, limit)];
  const { mean, standardError } = distance;
  return [
    ...general,
    { key: 'meanSquareError', json: mean, label: 'E|X_T−X̂_T|²', text: shownDistance(record, distance) },
    { key: 'meanSquareStandardError', json: finiteOrNull(standardError) },
    { label: '… / ε', text: shownFinite(mean / ensemble.epsilon, 4) },
    { key: 'limit', json: scalarOrList(limit.states[limit.states.length - 1]) },
  ];
}

function shownDistance({ comparison }: PathRecord, { mean, standardError }: MeanEstimate): string {
  return `${valueWithError(mean, standardError)}${comparison === 'same noise' ? ', along the same W' : ''}`;
}

function meanFacts(differences: PathRecord['meanDifference'], { states }: LimitPath): Fact[] {
  if (differences === null) return [];
  const all = <T>(values: readonly T[]) => (values.length === 1 ? values[0] : values);
  const shown = differences.map(({ mean, standardError }) => valueWithError(mean, standardError)).join(', ');
  return [
    { key: 'meanDifference', json: all(differences.map(({ mean }) => mean)), label: 'E X_T−E X̂_T', text: shown },
    ...unprinted({
      meanDifferenceStandardError: all(differences.map(({ standardError }) => finiteOrNull(standardError))),
      limit: scalarOrList(states[states.length - 1]),
    }),
  ];
}

/** The value that the cost is compared with, and by how many standard errors they differ where they should not. */
function shownReference({ reference, record, nodes }: Simulated): string | null {
  if (reference === null) return null;
  const { value, gridError, isCost } = reference;
  const { mean, standardError } = record.cost;
  const shown =
    gridError === 0
      ? valueWithError(value, standardError * 1e-2, 'plain')
      : `${formatValue(value)} ± ${gridError.toPrecision(2)} (grid: ${nodes})`;
  const beyond = standardError < Infinity ? Math.max(0, Math.abs(mean - value) - gridError) / standardError : NaN;
  const none = record.paths === 1 ? 'one path tells nothing' : 'without a standard error of E cost this tells nothing';
  const far = Number.isFinite(beyond) ? `E cost is ${beyond.toPrecision(2)} standard errors away` : none;
  return `${shown}; ${isCost ? far : 'reached as ε → 0'}`;
}

function shownCost({ paths, cost }: PathRecord): string {
  const shown = valueWithError(cost.mean, cost.standardError);
  return paths > 1 ? `${shown} (standard error)` : `${shown}, of one path: no mean, and no standard error`;
}

function shownTimeStep({ paths, timeStep }: PathRecord): string {
  if (paths === 1) return 'not known from one path';
  if (timeStep === null) return 'weak order 2, its error is not measured on a card';
  return `±${shownFinite(boundOf(timeStep), 2)} in E cost, along the same noise with steps twice as long`;
}

/** Where r vanishes. */
function shownEnds({ stateSpace }: TwoScaleEnsemble): string | null {
  if (stateSpace === null) return null;
  const ends = stateSpace.flatMap(({ lower, upper }) => [lower, upper].filter(Number.isFinite));
  const at = ends.map((end) => Number(end.toPrecision(6))).join(', ');
  return `r = 0 at y = ${at}: coefficients beyond are those there (full truncation), of no known order in dt`;
}

/** What diverged paths leave is no number. */
function shownFinite(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toPrecision(digits) : MISSING;
}

function shownTables({ tableError: { slowDrift, fastDrift } }: TwoScaleEnsemble): string | null {
  if (slowDrift === 0 && fastDrift === 0) return null;
  return `φ ± ${slowDrift.toPrecision(1)}, b ± ${fastDrift.toPrecision(1)}`;
}

/** Quantiles of every slow variable by its name. */
function shownFan({ times, fans }: PathRecord, names: readonly string[]) {
  const quantiles = Object.fromEntries(names.map((name, i) => [name, fans[i].values]));
  const all = <T>(values: readonly T[]) => (values.length === 1 ? values[0] : values);
  const mean = all(fans.map((fan) => fan.mean));
  const standardError = all(fans.map((fan) => fan.standardError));
  return { times, levels: fans[0].levels, ...quantiles, mean, standardError };
}
