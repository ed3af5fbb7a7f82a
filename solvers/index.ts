/** The public API: one mathematical problem per solver, and the records that pose it. */

export {
  type Budget,
  type BudgetPart,
  type BudgetPlan,
  errorBudget,
  type PartEstimate,
} from '../src/convergence/budget.ts';
export {
  type Certificate,
  certified,
  type Finding,
  failuresOf,
  type Measured,
  shownWhere,
  type Where,
} from '../src/convergence/certificate.ts';
export type { Enclosure } from '../src/convergence/enclosure.ts';
export { type Box, differenceNorms, errorNorms, type Norm, type Norms } from '../src/convergence/norms.ts';
export {
  compareLevels,
  type Level,
  type RefinementData,
  type RefinementPlan,
  refine,
  refinementTable,
} from '../src/convergence/refinement.ts';
export { type Axis, coordinates, uniformAxis } from '../src/grid/axis.ts';
export { type Grid, tensorGrid } from '../src/grid/grid.ts';
export { type GridFunction, ndarrayView, sample } from '../src/grid/grid-function.ts';
export { type GpuMode, gpuKernel, singlePrecisionBound } from '../src/kernel/gpu.ts';
export type { Kernel } from '../src/kernel/kernel.ts';
export { type ThreadedOptions, threadedKernel } from '../src/kernel/threaded.ts';
export { type DeepRelaxationOptimiserOptions, deepRelaxation } from '../src/optimiser/deep-relaxation.ts';
export { type EntropySgdOptions, entropySgd } from '../src/optimiser/entropy-sgd.ts';
export { gradientDescent } from '../src/optimiser/gradient-descent.ts';
export type { LearningRate } from '../src/optimiser/learning-rate.ts';
export { type Minibatches, type Objective, objectiveOf } from '../src/optimiser/objective.ts';
export type { Optimiser, OptimiserName } from '../src/optimiser/optimiser.ts';
export {
  type StochasticGradientDescentOptions,
  stochasticGradientDescent,
} from '../src/optimiser/stochastic-gradient-descent.ts';
export type { Ensemble, PathOutcome, PathRun } from '../src/paths/ensemble.ts';
export {
  type ControlLaw,
  gradientDescentSystem,
  langevinSystem,
  type PathSystem,
  twoScaleSystem,
} from '../src/paths/path-system.ts';
export { ensembleMean, type Fan, fanOf, type MeanEstimate, meanOf } from '../src/paths/statistics.ts';
export { deepRelaxationProblem } from '../src/problem/deep-relaxation.ts';
export { withKnownSolutions } from '../src/problem/exact.ts';
export { fastBox } from '../src/problem/fast-box.ts';
export { InputError } from '../src/problem/input-error.ts';
export { type MovingFrame, movingFrame } from '../src/problem/moving-frame.ts';
export type { ControlSet, Coordinates, DeepRelaxation, Exact, Interval, Problem } from '../src/problem/problem.ts';
export { type RandomStream, randomStream } from '../src/random/random-stream.ts';
export type { Outcome, Run } from '../src/time/march.ts';
export { allSchemes, type Scheme, type SchemeName, type TimeMethod, type TimeName } from '../src/time/schemes.ts';
export { type CellBounds, encloseByCell, encloseOrExplain } from './cell-enclosure.ts';
export { certify } from './certificate.ts';
export type { CertificateOptions } from './certificate-options.ts';
export type { ControlledMean } from './controlled-means.ts';
export { type LearningCurve, type Optimised, type OptimiseOptions, optimise } from './deep-relaxation.ts';
export { type DeltaCellOptions, type DeltaCellSolution, solveDeltaCell, solveOnBall } from './delta-cell.ts';
export { discreteEnclosure, type EnclosedRun } from './discrete-enclosure.ts';
export {
  type EffectiveHamiltonian,
  type EffectiveHamiltonianOptions,
  effectiveHamiltonian,
  type HamiltonianMethod,
  hamiltonianMethods,
} from './effective-hamiltonian.ts';
export { type EffectiveHjbOptions, type EffectiveSolution, solveEffectiveHjb } from './effective-hjb.ts';
export {
  type EffectiveVelocities,
  type EffectiveVelocity,
  type EffectiveVelocityOptions,
  effectiveVelocities,
  extendedControl,
  unitDirections,
} from './effective-velocity.ts';
export { type EntropicGradient, type EntropicGradientOptions, entropicGradient } from './entropic-gradient.ts';
export { type EpsilonHjbOptions, type EpsilonSolution, solveEpsilonHjb } from './epsilon-hjb.ts';
export { type ErgodicCellOptions, type ErgodicCellSolution, solveErgodicCell } from './ergodic-cell.ts';
export { type CellPathsOptions, type ExitTimes, exitStep, simulateDeltaCell, simulateExitTimes } from './exit-paths.ts';
export { evenAxes, supportBox } from './fast-support.ts';
export { type FilterReport, LARGEST_SMOOTH_FRACTION } from './filter-report.ts';
export { type InvariantMeasure, invariantMeasure, stationaryMeasure } from './invariant-measure.ts';
export { averagedSystem, effectiveSystem } from './limit-trajectories.ts';
export type { PathControl, ValueHistory } from './path-control.ts';
export { costOf, meanCost, meanSquareDistance, timeStepError } from './path-costs.ts';
export { estimateEpsilonHjb, type SolveEstimate } from './solve-estimate.ts';
export type { Snapshot } from './solve-with-method.ts';
export {
  type PathMethod,
  type SystemOptions,
  simulateSystem,
  simulateTwoScale,
  type TwoScaleEnsemble,
  type TwoScaleOptions,
} from './trajectories.ts';
