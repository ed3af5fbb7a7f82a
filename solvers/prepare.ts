/**
 * The ε-HJB problem on given nodes, to be solved again for another ε, horizon, number of steps or method: φ, ℓ and b
 * are evaluated once, which takes longer than many a solve.
 */

import { onHeap } from '../src/grid/allocate.ts';
import type { Grid } from '../src/grid/grid.ts';
import { requirePositive } from '../src/input/require.ts';
import { ADDRESSABLE } from '../src/kernel/wasm/memory.ts';
import { allTerms } from '../src/model/general-terms.ts';
import type { Problem } from '../src/model/problem.ts';
import type { MarchRun } from '../src/time/march.ts';
import { methodOf } from '../src/time/schemes.ts';
import { type EpsilonNodes, type EpsilonSolution, epsilonOperators, solvePosed } from './epsilon-hjb.ts';
import { requireGrid, requireMoving } from './marching/dimensions.ts';
import type { MethodOptions } from './marching/plan.ts';
import { requirePlaneRoom } from './marching/plane-room.ts';
import { inSessions } from './marching/used-differences.ts';
import { requireEpsilon, requireMarch } from './requirements.ts';

/** What may differ from solve to solve. */
export interface PreparedOptions extends MethodOptions {
  /** ε > 0. */
  readonly epsilon: number;
  /** T > 0; default: that of the problem. */
  readonly horizon?: number;
}

/** A problem with its coefficients on the nodes. */
export interface PreparedProblem {
  readonly problem: Problem;
  /** Nodes of the values. */
  readonly grid: Grid;
  /** The same as `solveEpsilonHjb` on these nodes, bit for bit, and with the same errors. */
  solve(options: PreparedOptions, run?: MarchRun): Promise<EpsilonSolution>;
}

/** The factors of at most so many resolvents stand in memory beside the other fields, which take half of it. */
const ROOM = ADDRESSABLE / 2 / 2;

/**
 * Evaluates the coefficients of a problem on its nodes, for `solve` to be called any number of times; they stay on the
 * heap, and a solve copies them into its kernel; noise with cross terms is evaluated by the first solve that needs its
 * form. Throws InputError for non-finite coefficients and for a moving frame of a drift that is not affine.
 */
export function prepare(
  problem: Problem,
  axes: Pick<EpsilonNodes, 'slow' | 'fast'>,
  options: Omit<EpsilonNodes, 'slow' | 'fast'> = {},
): PreparedProblem {
  const nodes = { ...axes, ...options };
  requireMarch(problem, nodes, allTerms);
  const ready = epsilonOperators(problem, nodes, { allocate: onHeap, room: ROOM });
  return {
    problem,
    grid: ready.grid,
    async solve(asked, run = {}) {
      const method = methodOf('epsilon', asked);
      requireMarch(problem, { ...nodes, ...asked }, allTerms);
      requireEpsilon(asked.epsilon);
      const { horizon = problem.horizon } = asked;
      requirePositive(horizon, { name: 'the horizon T', use: 'the problem is solved on [0, T]' });
      requireGrid(problem, method, 'the ε-HJB problem');
      if (ready.frame !== null) requireMoving(method);
      const started = run.clock?.() ?? 0;
      return inSessions(run, async (workplace) => {
        const { allocate, free } = workplace.session;
        requirePlaneRoom(problem, method, nodes, free);
        const operators = { ...ready.operators, allocate };
        const limit = { epsilon: asked.epsilon };
        const posed = { ...ready, problem: { ...ready.problem, horizon }, operators, method, limit, started };
        return solvePosed({ ...posed, stepBound: 'own' }, asked, run, workplace);
      });
    },
  };
}
