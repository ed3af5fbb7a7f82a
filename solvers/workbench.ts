/** What scenarios/ needs of the solvers beside the public face: their diagnostics, doubts and parts. */

export { LARGEST_EXIT_WEIGHT, LARGEST_PECLET } from './delta-cell.ts';
export { poseEffectiveHjb } from './effective-hjb.ts';
export { lawOf } from './ensembles/path-control.ts';
export { refuseCounts } from './ensembles/path-counts.ts';
export { poseEpsilonHjb } from './epsilon-hjb.ts';
export { onNodes } from './ergodic-cell.ts';
export type { MethodDiagnostics } from './marching/method-diagnostics.ts';
export { posedStep } from './marching/plan.ts';
export { refuseEffectiveSolve, refuseEpsilonSolve } from './marching/refuse-solve.ts';
export { estimateEffectiveSteps, estimateEpsilonSteps } from './marching/solve-estimate.ts';
export { undershootBetween } from './marching/undershoot-advice.ts';
export { stepsOfHeun } from './trajectories.ts';
export { largestTail } from './verification/certificate-domain.ts';
export { notEnclosed } from './verification/discrete-enclosure.ts';
export { describeSpacing, type SpacingFacts, spacingFacts } from './verification/fast-spacing.ts';
export { isCutAlone } from './verification/measure-on-grid.ts';
export { minimisationError } from './verification/minimisation-error.ts';
export { valueRange } from './verification/value-range.ts';
