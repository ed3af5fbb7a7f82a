/**
 * Integrals against the invariant measure μ_x ∝ e^{−Φ(x,·)} of the frozen fast process, m = 1, near round-off.
 *
 * Φ is the given potential, or −∫b dy for a drift (on the line every drift is a gradient). Composite Gauss–Legendre on
 * uniform panels; integrands with a kink are split at it, so that nothing is lost where the optimal control switches.
 */
import { bisect, type GaussRule, gaussLegendre } from '../grid/quadrature.ts';
import { controlledRate, extremalControls, minimizer } from './hamiltonian.ts';
import type { Coordinates, Interval, Problem } from './problem.ts';

const RULE = gaussLegendre(8);
const PANELS = 200;

/** μ_x by quadrature: points of [lower, upper] with weights that sum to 1. */
export interface GibbsMeasure {
  readonly x: Coordinates;
  readonly interval: Interval;
  readonly panels: number;
  /** e^{−Φ(x,y)}/∫e^{−Φ(x,·)}. */
  density(y: number): number;
  /** log ∫ e^{−Φ(x,y)} dy: the local entropy F(x) up to the additive constant in Φ. */
  readonly logNormalizer: number;
  /** ∫ g dμ_x for smooth g. */
  mean(g: (y: number) => number): number;
  /** ∫ H(x,·,p) dμ_x, split where the minimising control changes: H̄(x,p). */
  meanHamiltonian(p: Coordinates): number;
}

/** The invariant measure at frozen x, all of whose mass up to rounding lies in `interval`. */
export function gibbsMeasure(problem: Problem, x: Coordinates, interval: Interval): GibbsMeasure {
  const width = (interval.upper - interval.lower) / PANELS;
  const ends = Float64Array.from({ length: PANELS + 1 }, (_, k) => interval.lower + k * width);
  const potential = potentialOnPanels(problem, x, ends);
  const floor = ends.reduce((low, end) => Math.min(low, potential(end)), Infinity);
  const weight = (y: number) => Math.exp(floor - potential(y));
  let total = 0;
  for (let k = 0; k < PANELS; k++) total += panelIntegral(weight, ends[k], ends[k + 1], RULE);
  const density = (y: number) => weight(y) / total;
  const mean = (g: (y: number) => number) => {
    let sum = 0;
    for (let k = 0; k < PANELS; k++) sum += panelIntegral((y) => g(y) * density(y), ends[k], ends[k + 1], RULE);
    return sum;
  };
  return {
    x,
    interval,
    panels: PANELS,
    density,
    logNormalizer: Math.log(total) - floor,
    mean,
    meanHamiltonian: (p) => meanHamiltonian({ problem, x, p }, ends, density),
  };
}

function panelIntegral(g: (y: number) => number, a: number, b: number, rule: GaussRule): number {
  let sum = 0;
  for (let i = 0; i < rule.nodes.length; i++) sum += rule.weights[i] * g(a + (b - a) * rule.nodes[i]);
  return sum * (b - a);
}

/** Φ(x,·): the given one, or −∫b by Gauss–Legendre from the nearest panel end to the left. */
function potentialOnPanels(problem: Problem, x: Coordinates, ends: Float64Array): (y: number) => number {
  const point = new Float64Array(1);
  const given = problem.fastPotential;
  if (given !== undefined) {
    return (y) => {
      point[0] = y;
      return given(x, point);
    };
  }
  const slope = (y: number) => {
    point[0] = y;
    return -problem.fastDrift[0](x, point);
  };
  const atEnds = new Float64Array(ends.length);
  for (let k = 1; k < ends.length; k++) atEnds[k] = atEnds[k - 1] + panelIntegral(slope, ends[k - 1], ends[k], RULE);
  const width = ends[1] - ends[0];
  return (y) => {
    const k = Math.min(Math.max(Math.floor((y - ends[0]) / width), 0), ends.length - 2);
    return atEnds[k] + panelIntegral(slope, ends[k], y, RULE);
  };
}

function meanHamiltonian(
  frozen: { readonly problem: Problem; readonly x: Coordinates; readonly p: Coordinates },
  ends: Float64Array,
  density: (y: number) => number,
): number {
  const { problem, x, p } = frozen;
  const controls = extremalControls(problem);
  const point = new Float64Array(1);
  const rate = (c: number, y: number) => {
    point[0] = y;
    return controlledRate(problem, x, point, p, controls[c]);
  };
  const minimizerAt = (y: number) => {
    point[0] = y;
    return minimizer(problem, controls, { x, y: point, p });
  };
  const integral = (a: number, b: number): number =>
    panelIntegral((y) => -rate(minimizerAt(y), y) * density(y), a, b, RULE);
  let sum = 0;
  let left = minimizerAt(ends[0]);
  for (let k = 0; k + 1 < ends.length; k++) {
    const right = minimizerAt(ends[k + 1]);
    const difference = (y: number) => rate(left, y) - rate(right, y);
    const switches = left !== right && difference(ends[k]) * difference(ends[k + 1]) < 0;
    const kink = switches ? bisect(difference, ends[k], ends[k + 1]) : ends[k + 1];
    sum += integral(ends[k], kink) + (switches ? integral(kink, ends[k + 1]) : 0);
    left = right;
  }
  return sum;
}
