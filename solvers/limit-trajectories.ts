/**
 * The limit systems as ε → 0, ordinary differential equations in x:
 *
 *   (S)   dX̂/dt = ∫φ(X̂,y,u(t)) dμ_X̂(y)       for a control without y; deep relaxation: u ∇F(X̂),
 *                                               (controlled) entropic gradient descent, F the local entropy,
 *   (S̄)   dX̂/dt = ∫φ(X̂,y,ν(t,X̂,y)) dμ_X̂(y)   for extended controls ν ∈ L^∞(Rᵐ,U).
 */
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../src/grid/grid.ts';
import { fastOperator } from '../src/operator/fast-operator.ts';
import type { ControlLaw, PathSystem } from '../src/paths/path-system.ts';
import { argminLaw, multilinear, windowAt } from '../src/paths/value-slopes.ts';
import { gibbsMeasure } from '../src/problem/gibbs-measure.ts';
import { InputError } from '../src/problem/input-error.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import { requireOneByOne } from './dimensions.ts';
import { type PathControl, slopesOf } from './path-control.ts';
import { slowPoints } from './terminal-values.ts';

/** (S) under u(t) for n = m = 1, with μ_x by Gauss–Legendre quadrature on `fast`, an interval that carries it. */
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
 * (S̄) under the feedback of a value function, or (S) under a constant control, n, m ≤ 2: μ_x is the stationary vector
 * of L_h on the nodes, the drift is averaged on slow nodes and multilinear between them. Error O(dx² + dy²).
 */
export function effectiveSystem(
  problem: Problem,
  control: Extract<PathControl, { kind: 'argmin' | 'constant' }>,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
): PathSystem {
  const { slowDimension: n, fastDimension: m, horizon } = problem;
  if (n > 2 || m > 2) {
    throw new InputError(
      `the effective system is averaged on grids for n, m ≤ 2, and ${problem.name} has n = ${n}, m = ${m}`,
      'grids in more variables do not fit into memory',
      'use a model with fewer variables',
      'domain',
    );
  }
  const slopes = control.kind === 'argmin' ? slopesOf(problem, control) : null;
  const law = slopes === null ? () => (control.kind === 'constant' ? control.u : []) : argminLaw(problem, slopes);
  const windows = slopes?.windows.length ?? 1;
  const drifts = averagedDrifts(problem, law, windows, axes);
  const read = multilinear(tensorGrid(axes.slow));
  return {
    title: 'dX = ∫φ(X,y,ν(t,X,y)) dμ_X(y) dt',
    dimension: n,
    noise: new Array(n).fill(0),
    drift: (out, t, z) => read(out, drifts[windowAt(horizon, windows, t)], z),
  };
}

/** Σ_j π_j(x_s) φ_i(x_s,y_j,ν(t,x_s,y_j)) on the slow nodes, for each window and slow axis. */
function averagedDrifts(
  problem: Problem,
  law: ControlLaw,
  windows: number,
  axes: { readonly slow: readonly Axis[]; readonly fast: readonly Axis[] },
): Float64Array[][] {
  const [slow, fast] = [tensorGrid(axes.slow), tensorGrid(axes.fast)];
  const points = slowPoints(slow);
  const weights = fastOperator(problem, points, axes.fast).stationary();
  return Array.from({ length: windows }, (_, window) => {
    const t = (window * problem.horizon) / windows;
    const averaged = problem.slowDrift.map(() => new Float64Array(slow.size));
    forEachNode(fast, (j, y) => {
      points.forEach((x, s) => {
        const u = law(t, x, y);
        const weight = weights[j * slow.size + s];
        for (let i = 0; i < averaged.length; i++) averaged[i][s] += weight * problem.slowDrift[i](x, y, u);
      });
    });
    return averaged;
  });
}
