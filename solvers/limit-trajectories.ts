/**
 * The limit systems as ε → 0, ordinary differential equations in x, stochastic ones where there is noise in x:
 *
 *   (S)   dX̂/dt = ∫φ(X̂,y,u(t)) dμ_X̂(y)       for a control without y; deep relaxation: u ∇F(X̂),
 *                                               (controlled) entropic gradient descent, F the local entropy,
 *   (S̄)   dX̂/dt = ∫φ(X̂,y,ν(t,X̂,y)) dμ_X̂(y)   for extended controls ν ∈ L^∞(Rᵐ,U),
 *
 * with s beside them dX̂ = … dt + σ̄(X̂) dW, σ̄σ̄ᵀ = ∫ssᵀ dμ_X̂ (Pavliotis, Stuart 2008, chapter 10). X tends to X̂ in
 * law, and path by path along the same W where s does not see y.
 */

import { noiseSeesControl } from '../src/control/noise-rates.ts';
import { dependsOn } from '../src/formula/tree.ts';
import { fastOperator } from '../src/generator/fast-operator.ts';
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../src/grid/grid.ts';
import { InputError } from '../src/input/input-error.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { requireProblem } from '../src/model/check-problem.ts';
import { allTerms } from '../src/model/general-terms.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import { namesOf, treesIn } from '../src/model/trees.ts';
import { SLOW_STREAM } from '../src/paths/increments.ts';
import type { ControlLaw, Diffusion, PathSystem } from '../src/paths/path-system.ts';
import { cornersOn, windowAt } from '../src/paths/value-slopes.ts';
import { lawOf, type PathControl } from './ensembles/path-control.ts';
import { homogenize } from './homogenize.ts';
import { requireOneByOne } from './marching/dimensions.ts';
import { slowPoints } from './marching/terminal-values.ts';

/**
 * (S) under u(t) for n = m = 1, with μ_x by Gauss–Legendre quadrature on `fast`, an interval that carries it. Throws
 * InputError for more variables.
 */
export function averagedSystem(problem: Problem, u: (t: number) => Coordinates, fast: Interval): PathSystem {
  requireProblem(problem, {
    what: 'the averaged system by quadrature',
    takes: ['fastNoise', 'terminalInY', 'discount'],
  });
  requireOneByOne(problem, 'the averaged system by quadrature');
  return {
    title: 'dX = ∫φ(X,y,u) dμ_X(y) dt',
    dimension: 1,
    noise: [0],
    drift(out, t, z) {
      const x = [z[0]];
      const control = u(t);
      out[0] = gibbsMeasure(problem, x, fast).mean((y) => problem.slowDrift[0](x, [y], control));
    },
  };
}

/**
 * (S̄) under any control of an ensemble, (S) where it does not see y: μ_x is the stationary vector of L_h on the fast
 * nodes, the drift is averaged on the slow nodes that the path comes by and multilinear between them, and so is σ̄σ̄ᵀ
 * with noise in x. Error O(dx² + dy²). Throws InputError for a value function of other variables or
 * without a history, a centred drift of more variables or with a control that is not held; the drift throws it where
 * L_h needs a potential and there is none.
 */
export function effectiveSystem(
  problem: Problem,
  control: PathControl,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
): PathSystem {
  const takes = [...allTerms, 'centredDrift'] as const;
  requireProblem(problem, { what: 'the limit system', takes });
  if (problem.centredDrift !== undefined) return homogenizedSystem(problem, control, axes);
  const [slow, fast] = [tensorGrid(axes.slow), tensorGrid(axes.fast)];
  const points = slowPoints(slow);
  const law = lawOf(problem, control);
  const measureAt = memoized((s: number) => fastOperator(problem, [points[s]], axes.fast).stationary());
  type Moments = readonly ((x: Coordinates, y: Coordinates, u: Coordinates) => number)[];
  const averagesOf = (fields: Moments) => (s: number, t: number) => {
    const sums = fields.map(() => 0);
    const weights = measureAt(s);
    forEachNode(fast, (j, y) => {
      if (weights[j] === 0) return;
      const u = law(t, points[s], y);
      for (let i = 0; i < sums.length; i++) sums[i] += weights[j] * fields[i](points[s], y, u);
    });
    return sums;
  };
  const corners = cornersOn(slow);
  const between = (fields: Moments) => {
    const at = keptWhileConstant(problem, control, averagesOf(fields));
    return (out: Float64Array, t: number, z: Float64Array) => {
      corners.moveTo(z);
      out.fill(0);
      for (let c = 0; c < corners.nodes.length; c++) {
        const means = at(corners.nodes[c], t);
        for (let i = 0; i < means.length; i++) out[i] += corners.weights[c] * means[i];
      }
    };
  };
  const { n } = dimensionsOf(problem);
  const { slowNoise } = problem;
  return {
    title: `dX = ∫φ(X,y,ν(t,X,y)) dμ_X(y) dt${slowNoise === undefined ? '' : ' + σ̄(X) dW'}`,
    dimension: n,
    noise: problem.slowDrift.map(() => 0),
    drift: between(problem.slowDrift),
    ...(slowNoise && {
      diffusion: noiseSeesFast(problem, control)
        ? rootOfMean(n, between(squaresOf(slowNoise)))
        : ownNoise(slowNoise, noiseSeesControl(problem) ? law : () => []),
    }),
  };
}

/** Nodes in y of the finest of three grids, at every slow node that paths come by. */
const CENTRED_NODES = 201;

/** dX = F(X) dt + σ̄(X) dW of homogenize.ts on the slow nodes, multilinear between them, n = m = 1 and u held. */
function homogenizedSystem(
  problem: Problem,
  control: PathControl,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
): PathSystem {
  requireOneByOne(problem, 'the limit system with a centred drift');
  if (control.kind !== 'constant') {
    throw new InputError(
      `the control of the limit system is of the kind ${control.kind}`,
      'the effective coefficients of a centred drift are those of a control that is held',
      'take a constant control',
      'centredDrift',
    );
  }
  const slow = tensorGrid(axes.slow);
  const points = slowPoints(slow);
  const coefficients = memoized((s: number) => {
    const { drift, diffusion } = homogenize(problem, { x: points[s], u: control.u, nodes: CENTRED_NODES });
    return [drift[0].value, diffusion[0][0].value];
  });
  const corners = cornersOn(slow);
  const between = (k: 0 | 1) => (out: Float64Array, _t: number, z: Float64Array) => {
    corners.moveTo(z);
    out[0] = 0;
    for (let c = 0; c < corners.nodes.length; c++) out[0] += corners.weights[c] * coefficients(corners.nodes[c])[k];
  };
  return {
    title: 'dX = F(X) dt + σ̄(X) dW',
    dimension: 1,
    noise: [0],
    drift: between(0),
    diffusion: rootOfMean(1, between(1)),
  };
}

/** Whether the noise of the limit is that of y: s sees y, by itself or by a control that may, or a drift is centred. */
export function noiseSeesFast(problem: Problem, control: PathControl): boolean {
  if (problem.centredDrift !== undefined) return true;
  const names = namesOf(problem);
  const trees = treesIn((problem.slowNoise ?? []).flat(), names);
  const seesControl = noiseSeesControl(problem) && control.kind !== 'constant' && control.kind !== 'open-loop';
  return seesControl || trees === null || names[1].some((name) => trees.some((tree) => dependsOn(tree, name)));
}

type SlowNoise = NonNullable<Problem['slowNoise']>;

/** s itself, with the Brownian motions that the two-scale system has. */
function ownNoise(slowNoise: SlowNoise, law: ControlLaw): Diffusion {
  const streams = slowNoise[0].map((_, j) => SLOW_STREAM + j);
  const nowhere: Coordinates = [];
  return {
    streams,
    isConstant: false,
    isSeen: streams.map(() => true),
    at(out, t, z) {
      const u = law(t, z, nowhere);
      slowNoise.forEach((row, i) => {
        for (let j = 0; j < row.length; j++) out[i * row.length + j] = row[j](z, nowhere, u);
      });
    },
  };
}

/** The entries of ssᵀ on and below the diagonal, row after row. */
function squaresOf(slowNoise: SlowNoise) {
  return slowNoise.flatMap((row, i) =>
    slowNoise
      .slice(0, i + 1)
      .map(
        (other) => (x: Coordinates, y: Coordinates, u: Coordinates) =>
          row.reduce((sum, s, j) => sum + s(x, y, u) * other[j](x, y, u), 0),
      ),
  );
}

/** The lower triangle σ̄ with σ̄σ̄ᵀ = A for n ≤ 2; 0 where A is. */
function rootOfMean(n: number, meanAt: (out: Float64Array, t: number, z: Float64Array) => void): Diffusion {
  const squares = new Float64Array((n * (n + 1)) / 2);
  const streams = Array.from({ length: n }, (_, j) => SLOW_STREAM + j);
  return {
    streams,
    isConstant: false,
    isSeen: streams.map(() => true),
    at(out, t, z) {
      meanAt(squares, t, z);
      out.fill(0);
      out[0] = Math.sqrt(Math.max(0, squares[0]));
      if (n === 1) return;
      out[2] = out[0] === 0 ? 0 : squares[1] / out[0];
      out[3] = Math.sqrt(Math.max(0, squares[2] - out[2] ** 2));
    },
  };
}

/** Averages of a control that is constant in time, or in windows of it, are computed once. */
function keptWhileConstant(
  problem: Problem,
  control: PathControl,
  averaged: (s: number, t: number) => readonly number[],
): (s: number, t: number) => readonly number[] {
  if (control.kind !== 'constant' && control.kind !== 'argmin') {
    // Without noise there is one path, which comes by once.
    return problem.slowNoise === undefined ? averaged : memoizedInTime(averaged);
  }
  const { horizon } = problem;
  const windows = control.kind === 'argmin' ? control.value.history.length : 1;
  const kept = memoized((key: number) => {
    const window = key % windows;
    return averaged((key - window) / windows, (window * horizon) / windows);
  });
  return (s, t) => kept(s * windows + windowAt(horizon, windows, t));
}

/** Paths come by the same nodes at the same times. */
function memoizedInTime(averaged: (s: number, t: number) => readonly number[]) {
  const at = memoized((t: number) => memoized((s: number) => averaged(s, t)));
  return (s: number, t: number) => at(t)(s);
}

function memoized<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const found = known.get(key) ?? compute(key);
    known.set(key, found);
    return found;
  };
}
