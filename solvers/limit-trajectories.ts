/**
 * The limit systems as ε → 0, ordinary differential equations in x:
 *
 *   (S)   dX̂/dt = ∫φ(X̂,y,u(t)) dμ_X̂(y)       for a control without y; deep relaxation: u ∇F(X̂),
 *                                               (controlled) entropic gradient descent, F the local entropy,
 *   (S̄)   dX̂/dt = ∫φ(X̂,y,ν(t,X̂,y)) dμ_X̂(y)   for extended controls ν ∈ L^∞(Rᵐ,U).
 */

import { fastOperator } from '../src/generator/fast-operator.ts';
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../src/grid/grid.ts';
import { gibbsMeasure } from '../src/measure/gibbs-measure.ts';
import { type Coordinates, dimensionsOf, type Interval, type Problem } from '../src/model/problem.ts';
import type { PathSystem } from '../src/paths/path-system.ts';
import { cornersOn, windowAt } from '../src/paths/value-slopes.ts';
import { lawOf, type PathControl } from './ensembles/path-control.ts';
import { requireOneByOne } from './marching/dimensions.ts';
import { slowPoints } from './marching/terminal-values.ts';

/**
 * (S) under u(t) for n = m = 1, with μ_x by Gauss–Legendre quadrature on `fast`, an interval that carries it. Throws
 * InputError for more variables.
 */
export function averagedSystem(problem: Problem, u: (t: number) => Coordinates, fast: Interval): PathSystem {
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
 * nodes, the drift is averaged on the slow nodes that the path comes by and multilinear between them. Error
 * O(dx² + dy²). Throws InputError for a value function of other variables or without a history; the drift throws it
 * where L_h needs a potential and there is none.
 */
export function effectiveSystem(
  problem: Problem,
  control: PathControl,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
): PathSystem {
  const [slow, fast] = [tensorGrid(axes.slow), tensorGrid(axes.fast)];
  const points = slowPoints(slow);
  const law = lawOf(problem, control);
  const measureAt = memoized((s: number) => fastOperator(problem, [points[s]], axes.fast).stationary());
  const averaged = (s: number, t: number): readonly number[] => {
    const sums = problem.slowDrift.map(() => 0);
    const weights = measureAt(s);
    forEachNode(fast, (j, y) => {
      if (weights[j] === 0) return;
      const u = law(t, points[s], y);
      for (let i = 0; i < sums.length; i++) sums[i] += weights[j] * problem.slowDrift[i](points[s], y, u);
    });
    return sums;
  };
  const driftAt = keptWhileConstant(problem, control, averaged);
  const corners = cornersOn(slow);
  return {
    title: 'dX = ∫φ(X,y,ν(t,X,y)) dμ_X(y) dt',
    dimension: dimensionsOf(problem).n,
    noise: problem.slowDrift.map(() => 0),
    drift(out, t, z) {
      corners.moveTo(z);
      out.fill(0);
      for (let c = 0; c < corners.nodes.length; c++) {
        const drift = driftAt(corners.nodes[c], t);
        for (let i = 0; i < drift.length; i++) out[i] += corners.weights[c] * drift[i];
      }
    },
  };
}

/** Averages of a control that is constant in time, or in windows of it, are computed once. */
function keptWhileConstant(
  { horizon }: Problem,
  control: PathControl,
  averaged: (s: number, t: number) => readonly number[],
): (s: number, t: number) => readonly number[] {
  if (control.kind !== 'constant' && control.kind !== 'argmin') return averaged;
  const windows = control.kind === 'argmin' ? control.value.history.length : 1;
  const kept = memoized((key: number) => {
    const window = key % windows;
    return averaged((key - window) / windows, (window * horizon) / windows);
  });
  return (s, t) => kept(s * windows + windowAt(horizon, windows, t));
}

function memoized<T>(compute: (key: number) => T): (key: number) => T {
  const known = new Map<number, T>();
  return (key) => {
    const found = known.get(key) ?? compute(key);
    known.set(key, found);
    return found;
  };
}
