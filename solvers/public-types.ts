/** The types that signatures of the public face name and that no call begins with: options, parts, kernels. */

export type { Verdict as AssumptionVerdict } from '../src/assumptions/assumption.ts';
export type { AssumptionBox } from '../src/assumptions/fields.ts';
export type { Bounds } from '../src/assumptions/matrix-bounds.ts';
export type { Edge } from '../src/control/candidate-controls.ts';
export type { Candidate, CandidateRates } from '../src/control/candidate-rates.ts';
export type { FormulaFamily } from '../src/control/formula-families.ts';
export type { FormulaPieces } from '../src/control/formula-pieces.ts';
export type { NoiseColumns } from '../src/control/noise-rates.ts';
export type { Family as QuadraticFamily, QuadraticField } from '../src/control/quadratic-families.ts';
export type { Range as DifferenceRange } from '../src/control/ranges.ts';
export type { LongFeet, SlowHamiltonian } from '../src/control/slow-hamiltonian.ts';
export type { CrossTerms, SlowNoise, SlowNoiseForms } from '../src/control/slow-noise.ts';
export type { UsedRates } from '../src/control/used-rates.ts';
export type { WrittenFormulas } from '../src/control/written-formulas.ts';
export type {
  CandidateSlots,
  Claims,
  ColumnSlots,
  Differencing,
  DifferencingKind,
  FastLines,
  Feet,
  Minimum,
  Monotone as MonotoneClaim,
  NoiseSlots,
  RowStart,
  RowSweep,
  Sweep,
} from '../src/differencing/differencing.ts';
export type { Known as KnownFormula, PointNames, WrittenFormula } from '../src/formula/formula.ts';
export type { Compiled, Point as ProgramPoint, Program } from '../src/formula/program.ts';
export type { Tree } from '../src/formula/tree.ts';
export type { FastDirection } from '../src/generator/fast-directions.ts';
export type { FastScheme } from '../src/generator/fast-generator.ts';
export type { FastOperator } from '../src/generator/fast-operator-parts.ts';
export type { FastSolve } from '../src/generator/splitting.ts';
export type { Subject } from '../src/input/input-error.ts';
export type { Card } from '../src/kernel/gpu/card.ts';
export type { GpuKernel } from '../src/kernel/gpu/gpu.ts';
export type {
  Breakdown,
  Interrupted,
  LoadedProgram,
  Phase,
  RateSlots,
  Session,
  StepProgram,
  Term,
} from '../src/kernel/kernel.ts';
export type { Matrix } from '../src/linalg/small-matrix.ts';
export type { KnownLaw } from '../src/measure/known-law.ts';
export type { DeepRelaxationOptions } from '../src/model/deep-relaxation-problem.ts';
export type { Hessian } from '../src/model/hessian.ts';
export type { ControlBox, ControlledField, FastField, Field, Source } from '../src/model/problem.ts';
export type { LangevinOptions } from '../src/optimiser/langevin.ts';
export type { OptimiserState } from '../src/optimiser/optimiser.ts';
export type { NoiseOf } from '../src/paths/path-stepper.ts';
export type { Drift } from '../src/paths/path-system.ts';
export type { Seed } from '../src/random/normal.ts';
export type { PolicyTotals } from '../src/time/checkpoint.ts';
export type { Equation, Move, Sourced, TimeStep } from '../src/time/equation.ts';
export type { IterationCounts } from '../src/time/implicit-howard.ts';
export type { Phased } from '../src/time/runge-kutta.ts';
export type { ClaimedOrder, EquationName, Monotone } from '../src/time/schemes.ts';
export type { BudgetSum, Known as KnownValues, PartOf } from '../src/verification/budget.ts';
export type { LevelEstimate, SeriesVerdict, Verdict } from '../src/verification/order.ts';
export type { Against, Comparison, NormSeries } from '../src/verification/refinement.ts';
export type { Cell, Column, ColumnKind, ConvergenceTable, ErrorSeries, Refinement } from '../src/verification/table.ts';
export type { BallSolution } from './delta-cell.ts';
export type { EpsilonNodes } from './epsilon-hjb.ts';
export type { CellPaths, FrozenPathsOptions } from './exit-paths.ts';
export type { MethodDiagnostics } from './marching/method-diagnostics.ts';
export type { MethodOptions } from './marching/plan.ts';
export type { Frozen as FrozenCell, Solved as SolvedCell } from './verification/cell-enclosure.ts';
export type { Enclosing } from './verification/discrete-enclosure.ts';
