/**
 * Integrals against the invariant measure μ_x ∝ e^{−Φ(x,·)} of the frozen fast process, m = 1, with their errors.
 *
 * Adaptive Gauss–Legendre on panels that begin around the wells of Φ (landscape.ts, fine-scan.ts) and end where Φ, φ or
 * ℓ may jump or kink (model/breaks.ts): narrow wells are bisected towards. Near round-off wherever the error says so.
 */

import { minimumOver, type PointwiseMinimum } from '../control/pointwise-minimum.ts';
import { type Integral, integrate } from '../grid/quadrature.ts';
import { breaksOnLine, driftBreaks, endsOf, slowBreaks, weightBreaks } from '../model/breaks.ts';
import { ellipticReach } from '../model/elliptic.ts';
import { unitNoiseTwin } from '../model/fast-scale.ts';
import type { Coordinates, Interval, Problem } from '../model/problem.ts';
import { fineScan, hiddenPoints } from './fine-scan.ts';
import { splitAtKinks } from './kinks.ts';
import { type Landscape, landscape } from './landscape.ts';
import { tailBeyond } from './power-tails.ts';

/**
 * Points of the scan: of a closure wells a ten-thousandth of the interval wide are found; a fine scan shows narrower
 * ones of a formula. A drift is integrated between points.
 */
const SCAN = { closure: 8001, formula: 1001, drift: 2001 } as const;
const PANELS = 32;
/** Where no more mass than this lies, the error of the minimum over U does not count: |H| and it are of one size. */
const TAIL = 1e-14;
/** Wells and barriers higher above the floor than this carry no mass: e^−60 = 1e-26. */
const HIGH = 60;

/** μ_x on an interval: the density and its integrals. */
export interface GibbsMeasure {
  readonly x: Coordinates;
  readonly interval: Interval;
  /** e^{−Φ(x,y)}/∫e^{−Φ(x,·)}. */
  density(y: number): number;
  /** log ∫ e^{−Φ(x,y)} dy: the local entropy F(x) up to the additive constant in Φ. */
  readonly logNormalizer: number;
  /** Error of log ∫e^−Φ, the mass outside the interval included. */
  readonly logNormalizerError: number;
  /** ∫ g dμ_x; the error holds what the tails outside the interval may add, by their measured decay. */
  integral(g: (y: number) => number): Integral;
  /** The value alone. */
  mean(g: (y: number) => number): number;
  /** ∫ H(x,·,p) dμ_x = H̄(x,p), split where the minimising control changes. */
  hamiltonian(p: Coordinates): MeanHamiltonian;
  /** The value alone. */
  meanHamiltonian(p: Coordinates): number;
}

/** H̄ with its error, and the part of it that the minimisation over U leaves: H̄ may be larger by so much. */
export interface MeanHamiltonian extends Integral {
  readonly controls: number;
}

interface GibbsMeasureOptions {
  /** Equidistant panels to begin with. */
  readonly panels?: number;
  /** Points of the scan for wells. */
  readonly scan?: number;
  /** Relative to ∫|g|dμ. */
  readonly tolerance?: number;
  /** The minimum over U on the line; default: that of the problem. */
  readonly minimum?: PointwiseMinimum;
  /** Where Φ, φ or ℓ may break; default: what the formulas of the problem tell. */
  readonly breaks?: readonly number[];
}

/** The invariant measure at frozen x, all of whose mass up to rounding lies in `interval`. */
export function gibbsMeasure(
  problem: Problem,
  x: Coordinates,
  interval: Interval,
  options: GibbsMeasureOptions = {},
): GibbsMeasure {
  const fine = fineScan(problem, x, interval);
  const usual = SCAN[problem.fast.kind === 'drift' ? 'drift' : fine?.isProved ? 'formula' : 'closure'];
  const { panels = PANELS, scan = usual, tolerance = 1e-14 } = options;
  const land = landscape(problem, x, interval, scan);
  const { potential } = land;
  const hidden = hiddenPoints(fine, interval, land.points[1] - land.points[0]);
  const floor = hidden.reduce((low, y) => Math.min(low, potential(y)), land.floor);
  const weight = (y: number) => Math.exp(floor - potential(y));
  const given = [...hidden, ...(options.breaks ?? breaksWithin(problem, x, interval))];
  const { value: total, error, ends } = integrate(weight, endsAround(land, panels, given), { tolerance });
  const density = (y: number) => weight(y) / total;
  const length = interval.upper - interval.lower;
  const centre = land.points[land.values.indexOf(Math.min(...land.values))];
  const reach = ellipticReach(problem, x);
  const open = [interval.lower, interval.upper].filter((end) => end !== reach.lower && end !== reach.upper);
  const outside = (g: (y: number) => number) =>
    open.reduce((sum, end) => sum + tailBeyond((y) => g(y) * density(y), end, centre), 0);
  const over = (g: (y: number) => number, split: Float64Array): Integral => {
    const found = integrate((y) => g(y) * density(y), split, { tolerance });
    return { value: found.value, error: found.error + Math.abs(found.value) * (error / total) + outside(g) };
  };
  const integral = (g: (y: number) => number) => over(g, ends);
  const hamiltonian = (p: Coordinates): MeanHamiltonian => {
    const { kind, leastAt } = options.minimum ?? minimumOver(problem);
    const leastOn = onLine((y) => leastAt(x, y, p));
    let controls = 0;
    const read = (y: number) => {
      const least = leastOn(y);
      if (least.error > controls && density(y) * length > TAIL) controls = least.error;
      return -least.value;
    };
    const mean = over(read, kind === 'sampled' ? ends : splitAtKinks(leastOn, ends, kind));
    return { value: mean.value, error: mean.error + controls, controls };
  };
  return {
    x,
    interval,
    density,
    logNormalizer: Math.log(total) - floor,
    logNormalizerError: error / total + outside(() => 1),
    integral,
    mean: (g) => integral(g).value,
    hamiltonian,
    meanHamiltonian: (p) => hamiltonian(p).value,
  };
}

/** Where Φ, φ or ℓ may break in the interval; of closures nothing is known. */
function breaksWithin(problem: Problem, x: Coordinates, interval: Interval): number[] {
  const twin = unitNoiseTwin(problem);
  const weights = twin.fast.kind === 'drift' ? driftBreaks(twin, x) : weightBreaks(twin, x);
  return [weights, slowBreaks(problem, x)].flatMap((breaks) => endsOf(breaksOnLine(breaks, interval)));
}

/**
 * Equidistant ends, those around every well and barrier that matters, breaks, and those of cells narrower than the
 * scan: no structure hides between two rules.
 */
function endsAround({ points, values, wells, floor }: Landscape, panels: number, given: readonly number[]) {
  const last = points.length - 1;
  const ends = new Set(given.filter((end) => end > points[0] && end < points[last]));
  for (let k = 0; k <= panels; k++) ends.add(points[Math.round((k * last) / panels)]);
  for (const { index, at, value } of wells) {
    if (value - floor < HIGH) for (const end of [points[index - 1], at, points[index + 1]]) ends.add(end);
  }
  for (let k = 1; k < last; k++) {
    if (values[k] > values[k - 1] && values[k] >= values[k + 1] && values[k] - floor < HIGH) ends.add(points[k]);
  }
  return Float64Array.from(ends).sort();
}

/** A function of points as one of the coordinate. */
function onLine<Value>(g: (point: Float64Array) => Value): (y: number) => Value {
  const point = new Float64Array(1);
  return (y) => {
    point[0] = y;
    return g(point);
  };
}
