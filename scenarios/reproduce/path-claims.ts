/** Theorem 1: paths of (Sε) at a fixed learning rate tend to entropic gradient descent. */
import { simulateTwoScale } from '../../solvers/index.ts';
import type { Ensemble } from '../../src/paths/ensemble.ts';
import { meanOf } from '../../src/paths/statistics.ts';
import { type Claim, judged, powerBetween, type SeriesPoint } from './claim.ts';
import { fluctuation } from './fluctuation.ts';
import { type ClaimRun, entropicDescent, type Model, upperEnd } from './model.ts';

/** Times at which paths are compared with their limit. */
const RECORDS = 16;
/** A mean is within so many standard errors of the true one, in 99.7 of 100 cases. */
const DEVIATIONS = 3;
/** Σ on the nodes of the cell problems is within this share of the true one. */
const CELLS = 0.001;

interface Distances {
  /** E|X_T−X̂_T|² and E∫|X−X̂|²dt per ε. */
  readonly end: readonly SeriesPoint[];
  readonly whole: readonly SeriesPoint[];
}

export async function pathClaims(model: Model, run: ClaimRun): Promise<Claim[]> {
  const { end, whole } = await distancesOf(model, run);
  return [
    powerRow(model, 'E|X_T − X̂_T|² → 0', 'E|X_T−X̂_T|²', end),
    powerRow(model, 'E∫|X − X̂|²dt → 0', 'E∫|X−X̂|²dt', whole),
    sizeRow(model, end),
  ];
}

async function distancesOf(model: Model, { signal, seed, kernel }: ClaimRun): Promise<Distances> {
  const limit = entropicDescent(model, RECORDS);
  const { slow, fast } = model.axes();
  const [end, whole]: [SeriesPoint[], SeriesPoint[]] = [[], []];
  for (const at of model.epsilons.paths) {
    const ensemble = await simulateTwoScale(
      model.uncontrolled,
      {
        epsilon: at,
        x: model.x,
        y: model.y,
        control: { kind: 'constant', u: upperEnd(model.uncontrolled) },
        paths: model.paths,
        seed,
        slow,
        fast,
        records: RECORDS,
      },
      { signal, threads: kernel.threads },
    );
    const squares = squaresOf(ensemble, limit);
    end.push(pointOf(at, squares[RECORDS]));
    whole.push(pointOf(at, trapezoid(squares, model.problem.horizon)));
  }
  return { end, whole };
}

/** |X−X̂|² of every path, per record. */
function squaresOf({ states, dimension, paths }: Ensemble, limit: readonly (readonly number[])[]): Float64Array[] {
  return states.map((state, k) =>
    Float64Array.from({ length: paths }, (_, p) =>
      limit[k].reduce((sum, value, i) => sum + (state[p * dimension + i] - value) ** 2, 0),
    ),
  );
}

function trapezoid(squares: readonly Float64Array[], horizon: number): Float64Array {
  const dt = horizon / (squares.length - 1);
  return squares[0].map((_, p) =>
    squares.reduce((sum, values, k) => sum + values[p] * (k === 0 || k === squares.length - 1 ? dt / 2 : dt), 0),
  );
}

function pointOf(at: number, samples: Float64Array): SeriesPoint {
  const { mean, standardError } = meanOf(samples);
  return { at, figure: mean, error: DEVIATIONS * standardError };
}

function powerRow(model: Model, statement: string, quantity: string, points: readonly SeriesPoint[]): Claim {
  const [first, last] = [points[0], points[points.length - 1]];
  return judged({
    claim: 'Theorem 1',
    statement,
    model: model.name,
    measured: `order in ε of ${quantity}, ${model.paths} paths`,
    ...powerBetween(first, last),
    // Terms of order ε² are a twentieth at the largest ε; the row of the size extrapolates them away.
    expected: { kind: 'equal', value: 1, tolerance: 0.05 },
    resolution: 0.05,
    series: { parameter: 'ε', quantity, points, order: 1 },
  });
}

/** E|X_T−X̂_T|² ≈ ε tr Σ(T), extrapolated to ε = 0. */
function sizeRow(model: Model, end: readonly SeriesPoint[]): Claim {
  const [larger, smaller] = [end[0], end[end.length - 1]];
  const share = smaller.at / (larger.at - smaller.at);
  const [a, b] = [smaller.figure / smaller.at, larger.figure / larger.at];
  const value = fluctuation(model);
  return judged({
    claim: 'Theorem 1',
    statement: 'E|X_T − X̂_T|² ≈ ε tr Σ, Σ′ = JΣ + ΣJᵀ + A, J = Dφ̄, A = 2∫(φ−φ̄)(−L)⁻¹(φ−φ̄)dμ from cell problems',
    model: model.name,
    measured: 'E|X_T−X̂_T|²/ε, extrapolated to ε = 0',
    figure: a + share * (a - b),
    error: Math.hypot(((1 + share) * smaller.error) / smaller.at, (share * larger.error) / larger.at),
    expected: { kind: 'equal', value, tolerance: CELLS * value },
    resolution: 0.1 * value,
    series: null,
  });
}
