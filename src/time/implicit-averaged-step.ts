/**
 * One step of the fully implicit averaged scheme for the effective equation,
 *
 *   v⁺ − dt Σ_j π_j(x) (M v⁺)(x, y_j) = vⁿ  (+ dt Σ_j π_j s(x, y_j)),
 *
 * by policy iteration. The minimum stands inside the average, so a policy chooses a control at every (x, y_j) and
 * adds up to jump rates of a birth–death chain on the x-nodes, to which noise in x adds ν/2 towards either neighbour: a
 * tridiagonal M-matrix, solved directly. Monotone without condition; the ε → 0 limit of implicit-step.ts on the same
 * grid.
 */

import { InputError } from '../input/input-error.ts';
import { applyResolvent, eliminateResolvent, type ResolventFactors } from '../linalg/tridiagonal.ts';
import type { Discretisation } from './field-slots.ts';
import { howard, type ImplicitOptions, type ImplicitStep, limitsOf } from './howard.ts';
import {
  byLines,
  bytesOf,
  emptyPolicy,
  fixedIncrement,
  improveAt,
  type Levels,
  type Neighbours,
  neighboursOf,
  type Place,
  type Policy,
  type PolicySpace,
  policySpace,
  spreadOf,
} from './policy.ts';
import { averageSource, decayAt, type SampledSource } from './source.ts';

interface Fields {
  readonly space: PolicySpace;
  readonly sides: readonly (readonly Neighbours[])[];
  /** π, lines contiguous. */
  readonly measure: Float64Array;
  readonly levels: Levels;
  readonly base: Float64Array;
  /** dt Σ_j π_j (φ⁺/dx + ν/2) and dt Σ_j π_j (φ⁻/dx + ν/2) of the policy. */
  readonly up: Float64Array;
  readonly down: Float64Array;
  readonly factors: ResolventFactors;
  readonly policy: Policy;
  readonly source: Float64Array | null;
}

/**
 * The step for one slow axis. `measure` is π on slow × fast nodes.
 * Throws InputError for two slow axes.
 */
export function implicitAveragedStep(
  problem: Discretisation,
  measure: Float64Array,
  options: ImplicitOptions,
): ImplicitStep {
  requireOneSlowAxis(problem);
  const { dt } = options;
  const source = averageSource(problem.source, measure, problem.grid.size);
  const fields = fieldsOf(problem, measure, { dt, source });
  const { up, down, factors, base } = fields;
  const { now, old } = fields.levels;
  const rates = { lanes: 1, nodes: now.length, up, down };
  return {
    bytes: bytesOf(fields.space, fields.policy) + fields.measure.byteLength + 7 * now.byteLength,
    apply(out, V, tau) {
      old.set(V);
      now.set(V);
      const sourceFactor = source === null ? 0 : dt * decayAt(source, tau);
      const report = howard(limitsOf(options), fields.levels, fields.policy, {
        improve: () => improve(fields, sourceFactor),
        solve: () => {
          eliminateResolvent(rates, 1, { into: factors });
          applyResolvent(now, factors, base);
          return { sweeps: 1, residual: 0 };
        },
        largestWeight: () => up.reduce((most, rate, s) => Math.max(most, 1 + rate + down[s]), 1),
      });
      out.set(now);
      return report;
    },
  };
}

function requireOneSlowAxis({ grid }: Discretisation): void {
  if (grid.axes.length === 1) return;
  throw new InputError(
    `the implicit scheme of the effective equation has one slow axis, not ${grid.axes.length}`,
    'its policies are solved as tridiagonal systems in x',
    'use --time imex',
  );
}

function fieldsOf(
  problem: Discretisation,
  measure: Float64Array,
  { dt, source }: { readonly dt: number; readonly source: SampledSource | null },
): Fields {
  const { lanes } = problem.fast;
  const field = () => new Float64Array(lanes);
  const space = policySpace(problem, dt);
  return {
    space,
    sides: Array.from({ length: lanes }, (_, s) => neighboursOf(problem, s, 1)),
    measure: byLines(measure, lanes),
    levels: { now: field(), old: field() },
    base: field(),
    up: field(),
    down: field(),
    factors: { lanes: 1, nodes: lanes, share: field(), killed: field() },
    policy: emptyPolicy(space, problem.grid.axes.length),
    source: source?.values ?? null,
  };
}

/** Takes the best control at every (x, y_j) and averages the rates and costs; whether any changed. */
function improve(fields: Fields, sourceFactor: number): boolean {
  const { space, sides, measure, levels, base, up, down, policy, source } = fields;
  const { nodes, lanes } = space;
  const [moves] = policy.moves;
  const spread = spreadOf(space, policy).at(0);
  const place: Place = { q: 0, at: 0 };
  let changed = false;
  for (let s = 0; s < lanes; s++) {
    const [side] = sides[s];
    place.at = s;
    up[s] = 0;
    down[s] = 0;
    base[s] = levels.old[s] + (source === null ? 0 : sourceFactor * source[s]);
    for (let q = s * nodes; q < (s + 1) * nodes; q++) {
      place.q = q;
      if (improveAt(space, policy, place, sides[s], levels)) changed = true;
      const move = moves[q];
      if (move > 0 && !side.isLast) up[s] += measure[q] * move;
      else if (move < 0 && !side.isFirst) down[s] -= measure[q] * move;
      if (spread !== undefined && !side.isFirst && !side.isLast) {
        up[s] += measure[q] * spread[q];
        down[s] += measure[q] * spread[q];
      }
      base[s] += measure[q] * fixedIncrement(policy, place, sides[s], levels.old);
    }
  }
  return changed;
}
