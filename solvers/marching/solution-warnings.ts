/** What is doubtful about a value on a grid, in sentences: fact – cause – remedy. */
import type { GridFunction } from '../../src/grid/grid-function.ts';
import { stepsFor } from '../../src/time/march.ts';
import { filterAdvice } from './filter-report.ts';
import type { MethodDiagnostics } from './method-diagnostics.ts';
import { undershootAdvice } from './undershoot-advice.ts';

type Found = GridFunction & Omit<MethodDiagnostics, 'warnings'>;

/** The doubts about the nodes, steps above the bound, a V too steep for its steps, the filter, values below all f. */
export function solutionWarnings(horizon: number, solution: Found): string[] {
  return [
    ...solution.doubts,
    ...stepWarnings(horizon, solution),
    ...steepWarnings(solution),
    ...filterAdvice(solution.filter),
    ...undershootAdvice(solution),
  ];
}

function stepWarnings(horizon: number, { steps, stableStep }: Found): string[] {
  const fewest = stepsFor(horizon, stableStep);
  if (steps >= fewest) return [];
  const dt = horizon / steps;
  return [
    `the time step ${Number(dt.toPrecision(4))} exceeds the monotone bound ${Number(stableStep.toPrecision(4))} – ` +
      `with ${steps} steps the values may oscillate or overflow – take ${fewest} steps or more`,
  ];
}

function steepWarnings({ exceeded, repeats }: Found): string[] {
  if (exceeded === null) return [];
  return [
    `after ${repeats} repeats V is still steeper than its steps were made for – controls that move fast at the ` +
      'steepest places were not counted, and the values may oscillate – give more steps, or U finite ends',
  ];
}
