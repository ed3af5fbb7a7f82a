/** A method and what it took, in words; null for what there is nothing to say of. */
import type { FilterReport, GridFunction, MovingFrame } from '../../../solvers/index.ts';
import type { MethodDiagnostics } from '../../../solvers/workbench.ts';
import type { FastScheme } from '../../../src/generator/fast-generator.ts';
import { axisNames } from '../../../src/model/trees.ts';
import { describeMethod } from '../../../src/time/describe-method.ts';
import type { IterationCounts } from '../../../src/time/implicit-howard.ts';
import { type ClaimedOrder, type Method, type Monotone, monotoneOf } from '../../../src/time/schemes.ts';
import type { Sharp } from '../../study/sharp-value.ts';
import { fastSchemes } from '../flags/method.ts';
import { shownBytes, shownSeconds } from './layout.ts';

/** The method in x, y and t in one line. */
export function shownMethod(method: Method, fastScheme: FastScheme, order?: ClaimedOrder): string {
  const { inX, inT } = describeMethod(method, order);
  return `${inX}, ${fastSchemes[fastScheme]} in y (order ${fastScheme === 'upwind' ? 1 : 2}), ${inT}`;
}

const reasons: Record<Monotone, string> = {
  always: 'errors of feet and interpolation in balance',
  'under-cfl': 'the fewest within the bound of the scheme on dt',
  filtered: 'feet longer than a cell only in tails of probability 1e-6',
  never: 'feet longer than a cell only in tails of probability 1e-6',
};

export function shownSteps({ steps, feet }: MethodDiagnostics, asked: number | undefined, method: Method): string {
  const isAveraged = method.time.steps.kind === 'policy' || method.scheme.differencing.usualStep !== undefined;
  const followed = method.time.stableStep === undefined && isAveraged;
  const isInTails = feet !== null && feet.probability > 0 && feet.probability <= 1e-6;
  const usual = isInTails ? reasons.never : 'one cell a step where the process lives';
  const reason = followed ? usual : reasons[monotoneOf(method)];
  return `${steps} (${asked === undefined ? reason : 'given'})`;
}

/** What policy iteration took; null for the other methods. */
export function shownIterations(iterations: IterationCounts | null): string | null {
  if (iterations === null) return null;
  const { meanPolicies, meanSweeps } = iterations;
  return `${meanPolicies.toFixed(1)} policies and ${meanSweeps.toFixed(1)} sweeps per step`;
}

/** Feet longer than a cell; null where there are none. */
export function shownFeet(feet: MethodDiagnostics['feet']): string | null {
  if (feet === null || feet.probability === 0) return null;
  const [cells, share] = [feet.longest, feet.probability].map((value) => Number(value.toPrecision(2)));
  return `up to ${cells} cells, of more than one with probability ≤ ${share}`;
}

/** The filtered value beside a monotone one. */
export function shownSharp(sharp: Sharp<MethodDiagnostics & GridFunction> & { readonly method: Method }): string {
  if (sharp.kind === 'left out') return `left out: ${sharp.reason}`;
  const { steps, seconds, bytes, filter, outcome } = sharp.solution;
  const took = `${steps} steps of ${sharp.method.time.label}, ${shownSeconds(seconds)}, ${shownMemory(bytes)}`;
  return `${outcome.status === 'diverged' ? 'diverged: ' : ''}${took}, ${shownFilter(filter)}`;
}

/** How often a solve was repeated; null for the usual single one. */
export function shownRepeats(repeats: number): string | null {
  const times = repeats === 1 ? 'once' : `${repeats} times`;
  return repeats === 0 ? null : `${times}, since V was steeper than the steps were made for`;
}

/** How the resolvents of several fast variables were taken; null for a single one. */
export function shownFastSolve(fastSolve: MethodDiagnostics['fastSolve'], m: number): string | null {
  if (fastSolve === null || m === 1) return null;
  if (fastSolve.kind === 'planes') return 'one solve for all fast variables';
  const { subSweeps } = fastSolve;
  const repeated = subSweeps === 1 ? '' : `, ${subSweeps} times a step for the correlation of the fast variables`;
  return `lines along every axis in turn${repeated}`;
}

/** What a filter did; null without a filter. */
export function shownFilter(filter: FilterReport | null): string | null {
  if (filter === null) return null;
  const { constant, fraction, smoothFraction } = filter;
  const percent = (part: number) => `${Number((100 * part).toPrecision(2))} %`;
  const fell =
    fraction > 0
      ? `fell back in ${percent(fraction)} of the updates, ${percent(smoothFraction)} away from kinks`
      : 'never fell back';
  return `C = ${Number(constant.toPrecision(3))}, ${fell}`;
}

/** The memory of the fields of a solve. */
export function shownMemory(bytes: number): string {
  return `${shownBytes(bytes)} of fields`;
}

/** The frame; null where it is fixed. */
export function shownFrame(frame: MovingFrame | null): string | null {
  if (frame === null) return null;
  const names = axisNames('x', frame.slope[0].length);
  const rows = frame.slope.map((row) =>
    row.map((value, i) => `${Number(value.toPrecision(4))} ${names[i]}`).join(' + '),
  );
  const isCentred = frame
    .toFrame(new Array(names.length).fill(0), new Array(rows.length).fill(0))
    .every((z) => z === 0);
  const means = `(${rows.join(', ')})${isCentred ? '' : ' + const'}`.replaceAll('+ -', '− ').replaceAll('-', '−');
  return `z = y − m(x), m(x) = ${means}: all x share one generator in z`;
}
