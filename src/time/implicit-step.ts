/**
 * One step of the fully implicit monotone scheme for the ε-HJB problem,
 *
 *   V⁺ − dt·M V⁺ − (dt/ε) L_h V⁺ = Vⁿ  (+ dt·s(τⁿ⁺¹) with a source s),
 *
 * by policy iteration (Howard 1960; Bokanowski, Maroso, Zidani 2009): improve the control at every node, then solve the
 * linear system of the policy. With a = dt Σ_i|φ_i|/dx_i and V_b the upwind neighbour, row (x,y_j) times ε/dt reads,
 * without noise in x,
 *
 *   (e_j + up_j + down_j) V_j − down_j V_{j−1} − up_j V_{j+1} = e_j (r_j + a (V_b − r_j)/(1 + a)),  e_j = (1 + a) ε/dt,
 *
 * and with it dt·ν_d/2 towards either neighbour in direction d (noise-stencil.ts) beside a: an M-matrix for every dt
 * and ε, so the step is monotone without condition and keeps constants. It is solved by Gauss–Seidel over the lines in
 * y, every line exactly and without subtraction, sweeping x upwards and downwards in turn. As ε → 0 the step tends to
 * implicit-averaged-step.ts on the same grid.
 */
import { applyResolvent, eliminateResolvent, type LineRates, type ResolventFactors } from '../linalg/tridiagonal.ts';
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
  neighboursAlong,
  neighboursOf,
  type Place,
  type Policy,
  type PolicySpace,
  policySpace,
  spreadOf,
} from './policy.ts';
import { decayAt } from './source.ts';

/** One line in y: its solver, and blocks of the fields on its nodes. */
interface Line {
  readonly start: number;
  readonly sides: readonly Neighbours[];
  /** The same, then those along diagonals of noise in x. */
  readonly around: readonly Neighbours[];
  readonly rates: LineRates;
  readonly factors: ResolventFactors;
  readonly extra: Float64Array;
  readonly values: Float64Array;
}

interface Fields {
  readonly space: PolicySpace;
  readonly lines: readonly Line[];
  readonly levels: Levels;
  /** r: old value, costs, source. */
  readonly base: Float64Array;
  /** Per slow axis: signed share of the neighbour ahead (> 0) or behind (< 0) in e_j r_j, a_i/(1 + a). */
  readonly shares: readonly Float64Array[];
  /** Per direction: share of either neighbour by noise in x, dt·ν_d/2 over the weight; none without. */
  readonly spreads: readonly Float64Array[];
  /** 1 + a + Σ_d dt·ν_d. */
  readonly weight: Float64Array;
  readonly policy: Policy;
  /** Right side of the line being solved. */
  readonly right: Float64Array;
  readonly source: Float64Array | null;
}

/** The step for ε > 0, any number of slow axes, one fast axis. `apply` allocates per policy, never per sweep. */
export function implicitStep(problem: Discretisation, epsilon: number, options: ImplicitOptions): ImplicitStep {
  const { dt } = options;
  const { source } = problem;
  const fields = fieldsOf(problem, options);
  const { lanes, nodes, now, old } = { ...fields.space, ...fields.levels };
  const limits = limitsOf(options);
  return {
    bytes: bytesOf(fields.space, fields.policy) + fieldCount(fields) * now.byteLength,
    apply(out, V, tau) {
      for (let q = 0; q < old.length; q++) old[q] = V[(q % nodes) * lanes + Math.floor(q / nodes)];
      now.set(old);
      const sourceFactor = source === null ? 0 : dt * decayAt(source, tau);
      const report = howard(limits, fields.levels, fields.policy, {
        improve: () => improve(fields, sourceFactor),
        solve: (tolerance) => {
          eliminate(fields, { dt, epsilon });
          return relax(fields, tolerance, limits.sweeps);
        },
        largestWeight: () => fields.weight.reduce((a, b) => Math.max(a, b), 1),
      });
      for (let k = 0; k < out.length; k++) out[k] = now[(k % lanes) * nodes + Math.floor(k / lanes)];
      return report;
    },
  };
}

/** Fields on all nodes: two levels, base, weight, shares, source, and the rates and factors of the lines. */
function fieldCount({ shares, spreads, source }: Fields): number {
  return 4 + shares.length + spreads.length + (source === null ? 0 : 1) + 5;
}

function fieldsOf(problem: Discretisation, { dt }: ImplicitOptions): Fields {
  const { lanes, nodes, directions } = problem.fast;
  const [{ up, down }] = directions;
  const field = () => new Float64Array(lanes * nodes);
  const [now, share, killed, extra] = [field(), field(), field(), field()];
  const [upward, downward] = [byLines(up, lanes), byLines(down, lanes)];
  const jumps = problem.slow.noise?.as('stencil').directions ?? [];
  const lines = Array.from({ length: lanes }, (_, s): Line => {
    const start = s * nodes;
    const block = (values: Float64Array) => values.subarray(start, start + nodes);
    const chain = { lanes: 1, nodes };
    const sides = neighboursOf(problem, s, nodes);
    const diagonals = jumps.slice(sides.length).map((cells) => neighboursAlong(cells, sides));
    return {
      start,
      sides,
      around: [...sides, ...diagonals],
      rates: { ...chain, up: block(upward), down: block(downward) },
      factors: { ...chain, share: block(share), killed: block(killed) },
      extra: block(extra),
      values: block(now),
    };
  });
  const space = policySpace(problem, dt);
  return {
    space,
    lines,
    levels: { now, old: field() },
    base: field(),
    shares: problem.grid.axes.map(field),
    spreads: jumps.map(field),
    weight: field(),
    policy: emptyPolicy(space, problem.grid.axes.length),
    right: new Float64Array(nodes),
    source: problem.source === null ? null : byLines(problem.source.values, lanes),
  };
}

/** Takes the best control at every node for the present value; whether any changed. */
function improve(fields: Fields, sourceFactor: number): boolean {
  const { space, lines, levels, base, shares, spreads, weight, policy, source } = fields;
  const noise = spreadOf(space, policy);
  const place: Place = { q: 0, at: 0 };
  let changed = false;
  for (const { start, sides, around } of lines) {
    for (let q = start; q < start + space.nodes; q++) {
      place.q = q;
      place.at = q;
      if (!improveAt(space, policy, place, sides, levels)) continue;
      changed = true;
      weight[q] = 1;
      for (let i = 0; i < sides.length; i++) {
        const move = policy.moves[i][q];
        const leaves = (move > 0 && sides[i].isLast) || (move < 0 && sides[i].isFirst);
        shares[i][q] = leaves ? 0 : move;
        weight[q] += Math.abs(shares[i][q]);
      }
      for (let i = 0; i < spreads.length; i++) {
        spreads[i][q] = around[i].isFirst || around[i].isLast ? 0 : noise[i][q];
        weight[q] += 2 * spreads[i][q];
      }
      for (const share of shares) share[q] /= weight[q];
      for (const share of spreads) share[q] /= weight[q];
      base[q] = levels.old[q] + fixedIncrement(policy, place, sides, levels.old);
      if (source !== null) base[q] += sourceFactor * source[q];
    }
  }
  return changed;
}

/** Eliminates every line for the present policy: killing e = (1 + a + Σ_d dt·ν_d) ε/dt. */
function eliminate({ lines, weight }: Fields, { dt, epsilon }: { dt: number; epsilon: number }): void {
  const killing = epsilon / dt;
  for (const { start, rates, factors, extra } of lines) {
    for (let j = 0; j < extra.length; j++) extra[j] = killing * (weight[start + j] - 1);
    eliminateResolvent(rates, killing, { extra, into: factors });
  }
}

/**
 * Sweeps until the residual, in units of V, is at most `tolerance`·max|V|. The inverse of the system has norm at most
 * 1, so the residual bounds the error. Every line is solved exactly, so what a line lacks is what its neighbours moved
 * after it.
 */
function relax(fields: Fields, tolerance: number, limit: number): { sweeps: number; residual: number } {
  const { lines, levels } = fields;
  let residual = Infinity;
  let sweeps = 0;
  for (; sweeps < limit; sweeps++) {
    const upwards = sweeps % 2 === 0;
    residual = 0;
    for (let count = 0; count < lines.length; count++) {
      const line = lines[upwards ? count : lines.length - 1 - count];
      residual = Math.max(residual, solveLine(fields, line, upwards ? -1 : 1));
    }
    if (!(residual > tolerance * largest(levels.now))) return { sweeps: sweeps + 1, residual };
  }
  return { sweeps, residual };
}

/** Solves one line; the residual this leaves on its neighbours solved before, on the side `solved` (−1 or 1) of it. */
function solveLine(fields: Fields, { start, sides, around, factors, values }: Line, solved: -1 | 1): number {
  const { levels, base, shares, spreads, weight, right } = fields;
  const { now } = levels;
  for (let j = 0; j < right.length; j++) {
    const q = start + j;
    let average = base[q];
    for (let i = 0; i < shares.length; i++) {
      const share = shares[i][q];
      const { stride } = sides[i];
      if (share > 0) average += share * (now[q + stride] - base[q]);
      else if (share < 0) average -= share * (now[q - stride] - base[q]);
    }
    for (let i = 0; i < spreads.length; i++) {
      const share = spreads[i][q];
      const { stride } = around[i];
      if (share > 0) average += share * (now[q + stride] - base[q] + (now[q - stride] - base[q]));
    }
    right[j] = average;
  }
  applyResolvent(right, factors, right);
  let residual = 0;
  for (let i = 0; i < around.length; i++) {
    if (solved === -1 ? around[i].isFirst : around[i].isLast) continue;
    for (let j = 0; j < right.length; j++) {
      const q = start + j + solved * around[i].stride;
      const drifting = i < shares.length ? Math.max(0, -solved * shares[i][q]) : 0;
      const towards = (spreads.length === 0 ? drifting : drifting + spreads[i][q]) * weight[q];
      if (towards > 0) residual = Math.max(residual, towards * Math.abs(right[j] - values[j]));
    }
  }
  values.set(right);
  return residual;
}

function largest(field: Float64Array): number {
  let most = 0;
  for (let k = 0; k < field.length; k++) most = Math.max(most, Math.abs(field[k]));
  return most;
}
