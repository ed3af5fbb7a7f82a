/** The public API: one mathematical problem per solver, and the records that pose it. */

export { type Assumption, doubtsAbout } from '../src/assumptions/assumption.ts';
export { checkAssumptions } from '../src/assumptions/assumptions.ts';
export { hamiltonianAt } from '../src/control/hamiltonian.ts';
export { withKnownSolutions } from '../src/exact/known-solutions.ts';
export { formula } from '../src/formula/expression.ts';
export type { Formula } from '../src/formula/formula.ts';
export { type Axis, coordinates, uniformAxis } from '../src/grid/axis.ts';
export { type Grid, tensorGrid } from '../src/grid/grid.ts';
export { type GridFunction, type NamedPoint, sample } from '../src/grid/grid-function.ts';
export { InputError } from '../src/input/input-error.ts';
export type { Watch } from '../src/input/watch.ts';
export { type GpuMode, gpuKernel, singlePrecisionBound } from '../src/kernel/gpu/gpu.ts';
export type { Kernel } from '../src/kernel/kernel.ts';
export { type ThreadedOptions, threadedKernel } from '../src/kernel/wasm/threaded.ts';
export { fastBox } from '../src/measure/fast-box.ts';
export { deepRelaxationProblem } from '../src/model/deep-relaxation-problem.ts';
export { fromPotential } from '../src/model/fast-diffusion.ts';
export { type MovingFrame, movingFrame } from '../src/model/moving-frame.ts';
export {
  type ControlSet,
  type Coordinates,
  type DeepRelaxation,
  dimensionsOf,
  type Exact,
  type FastProcess,
  type Interval,
  type Problem,
} from '../src/model/problem.ts';
export { declareAffine } from '../src/model/structure.ts';
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
  type Diffusion,
  gradientDescentSystem,
  langevinSystem,
  type PathSystem,
  twoScaleSystem,
} from '../src/paths/path-system.ts';
export { ensembleMean, type Fan, fanOf, type MeanEstimate, meanOf } from '../src/paths/statistics.ts';
export { type RandomStream, randomStream } from '../src/random/random-stream.ts';
export type { Checkpoint, MarchState, Snapshot } from '../src/time/checkpoint.ts';
export type { MarchRun, Outcome, Run } from '../src/time/march.ts';
export { allSchemes, type Scheme, type SchemeName } from '../src/time/schemes.ts';
export type { TimeMethod, TimeName } from '../src/time/time-methods.ts';
export {
  type Budget,
  type BudgetPart,
  type BudgetPlan,
  errorBudget,
  type PartEstimate,
} from '../src/verification/budget.ts';
export {
  type Certificate,
  certified,
  type Finding,
  failuresOf,
  type Measured,
  shownWhere,
  type Where,
} from '../src/verification/certificate.ts';
export type { Enclosure } from '../src/verification/enclosure.ts';
export { type Box, differenceNorms, errorNorms, type Norm, type Norms } from '../src/verification/norms.ts';
export {
  compareLevels,
  type Level,
  type RefinementData,
  type RefinementPlan,
  refine,
  refinementTable,
} from '../src/verification/refinement.ts';
export { convergenceTable } from '../src/verification/table.ts';
export type { ControlledMean } from './averaging/controlled-mean.ts';
export { evenAxes, supportBox } from './averaging/fast-support.ts';
export { certify } from './certificate.ts';
export { type DeltaCellOptions, type DeltaCellSolution, solveDeltaCell, solveOnBall } from './delta-cell.ts';
export { type LearningCurve, type Optimised, type OptimiseOptions, optimise } from './descent.ts';
export { effectiveHamiltonian } from './effective-hamiltonian.ts';
export { type EffectiveHjbOptions, type EffectiveSolution, solveEffectiveHjb } from './effective-hjb.ts';
export {
  type EffectiveVelocities,
  type EffectiveVelocity,
  type EffectiveVelocityOptions,
  effectiveVelocities,
  extendedControl,
  unitDirections,
} from './effective-velocity.ts';
export type { PathControl, ValueHistory } from './ensembles/path-control.ts';
export { costOf, meanCost, meanDifferences, meanSquareDistance, timeStepError } from './ensembles/path-costs.ts';
export type { PathMethod, TwoScaleOptions } from './ensembles/path-options.ts';
export { type EntropicGradient, type EntropicGradientOptions, entropicGradient } from './entropic-gradient.ts';
export { type EpsilonHjbOptions, type EpsilonSolution, solveEpsilonHjb } from './epsilon-hjb.ts';
export { type ErgodicCellOptions, type ErgodicCellSolution, solveErgodicCell } from './ergodic-cell.ts';
export { type CellPathsOptions, type ExitTimes, exitStep, simulateDeltaCell, simulateExitTimes } from './exit-paths.ts';
export { feedback } from './feedback.ts';
export {
  type EffectiveHamiltonian,
  type EffectiveHamiltonianOptions,
  type HamiltonianMethod,
  hamiltonianMethods,
} from './hamiltonian-routes.ts';
export {
  effectiveHamiltonianTable,
  type HamiltonianTable,
  type HamiltonianTableOptions,
} from './hamiltonian-table.ts';
export { type EffectiveCoefficients, type Estimated, type HomogenizeOptions, homogenize } from './homogenize.ts';
export { type InvariantMeasure, invariantMeasure, stationaryMeasure } from './invariant-measure.ts';
export { averagedSystem, effectiveSystem, noiseSeesFast } from './limit-trajectories.ts';
export { type FilterReport, LARGEST_SMOOTH_FRACTION } from './marching/filter-report.ts';
export { estimateEpsilonHjb, type SolveEstimate } from './marching/solve-estimate.ts';
export { type PreparedOptions, type PreparedProblem, prepare } from './prepare.ts';
export type * from './public-types.ts';
export { fastBoxOf, type Solved, type SolvedValue, type SolveOptions, solve } from './solve.ts';
export {
  type SystemEnsemble,
  type SystemOptions,
  simulateSystem,
  simulateTwoScale,
  type TwoScaleEnsemble,
} from './trajectories.ts';
export { type CellBounds, encloseByCell, encloseOrExplain } from './verification/cell-enclosure.ts';
export type { CertificateOptions } from './verification/certificate-options.ts';
export { discreteEnclosure, type EnclosedRun } from './verification/discrete-enclosure.ts';
export { type Well, wells } from './wells.ts';
