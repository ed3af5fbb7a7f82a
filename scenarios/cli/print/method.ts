/** A method and what it took, as words and as rows of facts. */
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

/** What policy iteration took, one row of facts; none for the other methods. */
export function shownIterations(iterations: IterationCounts | null): [string, string][] {
  if (iterations === null) return [];
  const { meanPolicies, meanSweeps } = iterations;
  return [['policy iteration', `${meanPolicies.toFixed(1)} policies and ${meanSweeps.toFixed(1)} sweeps per step`]];
}

/** Feet longer than a cell, one row of facts; none where there are none. */
export function shownFeet(feet: MethodDiagnostics['feet']): [string, string][] {
  if (feet === null || feet.probability === 0) return [];
  const [cells, share] = [feet.longest, feet.probability].map((value) => Number(value.toPrecision(2)));
  return [['long feet', `up to ${cells} cells, of more than one with probability ≤ ${share}`]];
}

/** The filtered value beside a monotone one, one row of facts; none where it is not asked for. */
export function shownSharp(
  sharp: (Sharp<MethodDiagnostics & GridFunction> & { readonly method: Method }) | null,
): [string, string][] {
  if (sharp === null) return [];
  const { scheme, time } = sharp.method;
  if (sharp.kind === 'left out') return [[scheme.name, `left out: ${sharp.reason}`]];
  const { steps, seconds, bytes, filter, outcome } = sharp.solution;
  const [, fell] = shownFilter(filter)[0] ?? [];
  const took = `${steps} steps of ${time.label}, ${shownSeconds(seconds)}, ${shownMemory(bytes)}`;
  return [[scheme.name, `${outcome.status === 'diverged' ? 'diverged: ' : ''}${took}, ${fell}`]];
}

/** How often a solve was repeated, one row of facts; none for the usual single one. */
export function shownRepeats(repeats: number): [string, string][] {
  const times = repeats === 1 ? 'once' : `${repeats} times`;
  return repeats === 0 ? [] : [['repeated', `${times}, since V was steeper than the steps were made for`]];
}

/** How the resolvents of several fast variables were taken, one row of facts; none for a single one. */
export function shownFastSolve(fastSolve: MethodDiagnostics['fastSolve'], m: number): [string, string][] {
  if (fastSolve === null || m === 1) return [];
  if (fastSolve.kind === 'planes') return [['in y', 'one solve for all fast variables']];
  const { subSweeps } = fastSolve;
  const repeated = subSweeps === 1 ? '' : `, ${subSweeps} times a step for the correlation of the fast variables`;
  return [['in y', `lines along every axis in turn${repeated}`]];
}

/** What a filter did, one row of facts; none without a filter. */
export function shownFilter(filter: FilterReport | null): [string, string][] {
  if (filter === null) return [];
  const { constant, fraction, smoothFraction } = filter;
  const percent = (part: number) => `${Number((100 * part).toPrecision(2))} %`;
  const fell =
    fraction > 0
      ? `fell back in ${percent(fraction)} of the updates, ${percent(smoothFraction)} away from kinks`
      : 'never fell back';
  return [['filter', `C = ${Number(constant.toPrecision(3))}, ${fell}`]];
}

/** The memory of the fields of a solve. */
export function shownMemory(bytes: number): string {
  return `${shownBytes(bytes)} of fields`;
}

/** The frame, one row of facts; none where it is fixed. */
export function shownFrame(frame: MovingFrame | null): [string, string][] {
  if (frame === null) return [];
  const names = axisNames('x', frame.slope[0].length);
  const rows = frame.slope.map((row) =>
    row.map((value, i) => `${Number(value.toPrecision(4))} ${names[i]}`).join(' + '),
  );
  const isCentred = frame
    .toFrame(new Array(names.length).fill(0), new Array(rows.length).fill(0))
    .every((z) => z === 0);
  const means = `(${rows.join(', ')})${isCentred ? '' : ' + const'}`.replaceAll('+ -', '− ').replaceAll('-', '−');
  return [['frame', `z = y − m(x), m(x) = ${means}: all x share one generator in z`]];
}
