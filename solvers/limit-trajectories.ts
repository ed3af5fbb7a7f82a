/**
 * The limit systems as ε → 0, ordinary differential equations for n = m = 1:
 *
 *   (S)   dX̂/dt = ∫φ(X̂,y,u(t)) dμ_X̂(y)       for a control without y; deep relaxation: u ∇F(X̂),
 *                                               (controlled) entropic gradient descent, F the local entropy,
 *   (S̄)   dX̂/dt = ∫φ(X̂,y,ν(t,X̂,y)) dμ_X̂(y)   for extended controls ν ∈ L^∞(Rᵐ,U).
 */
import type { Axis } from '../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../src/grid/grid.ts';
import { fastGenerator } from '../src/operator/fast-generator.ts';
import { argminLaw, type SlopeTables, windowAt } from '../src/paths/closed-loop.ts';
import type { PathSystem } from '../src/paths/path-system.ts';
import { gibbsMeasure } from '../src/problem/gibbs-measure.ts';
import type { Coordinates, Interval, Problem } from '../src/problem/problem.ts';
import { requireOneByOne } from './dimensions.ts';
import { type PathControl, slopesOf } from './path-control.ts';
import { slowPoints } from './terminal-values.ts';

/** (S) under u(t), with μ_x by Gauss–Legendre quadrature on `fast`, an interval that carries it. */
export function averagedSystem(problem: Problem, u: (t: number) => Coordinates, fast: Interval): PathSystem {
  requireOneByOne(problem, 'the averaged system');
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
 * (S̄) under the feedback of a value function: μ_x is the stationary vector of L_h on the nodes, the drift is averaged
 * on slow nodes and linear between them. Error O(dx² + dy²).
 */
export function effectiveSystem(
  problem: Problem,
  control: Extract<PathControl, { kind: 'argmin' }>,
  axes: { readonly slow: Axis; readonly fast: Axis },
): PathSystem {
  const slopes = slopesOf(problem, control);
  const drifts = averagedDrifts(problem, slopes, axes);
  const { lower, spacing, nodes } = axes.slow;
  return {
    title: 'dX = ∫φ(X,y,ν(t,X,y)) dμ_X(y) dt',
    dimension: 1,
    noise: [0],
    drift(out, t, z) {
      const drift = drifts[windowAt(slopes, t)];
      const position = (z[0] - lower) / spacing;
      const i = Math.min(Math.max(Math.floor(position), 0), nodes - 2);
      out[0] = drift[i] + (position - i) * (drift[i + 1] - drift[i]);
    },
  };
}

/** Σ_j π_j(x_i) φ(x_i,y_j,ν(t,x_i,y_j)) on the slow nodes, for each window. */
function averagedDrifts(problem: Problem, slopes: SlopeTables, { slow, fast }: { slow: Axis; fast: Axis }) {
  const grid = tensorGrid([slow, fast]);
  const weights = fastGenerator(problem, slowPoints(tensorGrid([slow])), fast).stationary();
  const law = argminLaw(problem, slopes);
  return slopes.windows.map((_, window) => {
    const t = (window * slopes.horizon) / slopes.windows.length;
    const averaged = new Float64Array(slow.nodes);
    const [x, y] = [new Float64Array(1), new Float64Array(1)];
    forEachNode(grid, (k, point) => {
      x[0] = point[0];
      y[0] = point[1];
      averaged[k % slow.nodes] += weights[k] * problem.slowDrift[0](x, y, law(t, x, y));
    });
    return averaged;
  });
}
