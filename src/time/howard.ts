/**
 * Policy iteration (Howard 1960) for a monotone implicit step: improve, solve, until the policy stays or the value
 * moves by round-off only. For exact solves the values fall from policy to policy (Bokanowski, Maroso, Zidani
 * 2009); with infinitely many controls in closed form this is Newton's method.
 */
import type { Levels, Policy } from './policy.ts';

export interface ImplicitOptions {
  readonly dt: number;
  /** Most policies per step and most sweeps per policy. */
  readonly policies?: number;
  readonly sweeps?: number;
}

/** How one step was solved. */
export interface PolicyReport {
  readonly policies: number;
  readonly sweeps: number;
  /** Bound of the distance to the solution of the last policy, relative to max|V|. */
  readonly residual: number;
  /** Largest change of the value by the last policy, relative to max|V|; 0 if it was the policy before. */
  readonly update: number;
  /** Whether both are at round-off. */
  readonly settled: boolean;
}

/** A step of an implicit scheme. */
export interface ImplicitStep {
  /** Writes V⁺ for V, `tau` the time to go after the step; it matters to a source only. `out` may be V. */
  apply(out: Float64Array, V: Float64Array, tau: number): PolicyReport;
  /** Bytes of its fields. */
  readonly bytes: number;
}

/** What a scheme lends to policy iteration. */
export interface PolicySystem {
  /** Takes the best control at every node; whether any changed. */
  improve(): boolean;
  /** Solves the linear system of the policy to a residual of tolerance·max|V|. */
  solve(tolerance: number): { readonly sweeps: number; readonly residual: number };
  /** 1 + max dt Σ|φ_i|/dx_i of the policy. */
  largestWeight(): number;
}

export interface Limits {
  readonly policies: number;
  readonly sweeps: number;
}

/** Both are far above what is needed: measured 27 policies and 220 sweeps a policy at dt Σ|φ_i|/dx_i = 500. */
export function limitsOf({ policies = 100, sweeps = 20_000 }: ImplicitOptions): Limits {
  return { policies, sweeps };
}

/** Aim of the linear solves, relative to max|V|. */
const TOLERANCE = 1e-13;
/** A residual cannot be evaluated better than to this many roundings of its largest term. */
const ROUNDINGS = 4;
/** Two solutions of one system, each within the tolerance, differ by at most twice that. */
const UPDATE = 2;

/**
 * Solves one step by policy iteration from the value in `now`, which it overwrites together with the policy. A linear
 * solve that stalls, or a policy count at its limit, is reported as not settled.
 */
export function howard(limits: Limits, { now }: Levels, policy: Policy, system: PolicySystem): PolicyReport {
  const before = new Float64Array(now.length);
  let [policies, sweeps, residual, update, tolerance] = [0, 0, 0, 0, TOLERANCE];
  policy.cost.fill(Infinity);
  while (policies < limits.policies && system.improve()) {
    before.set(now);
    tolerance = Math.max(TOLERANCE, ROUNDINGS * Number.EPSILON * system.largestWeight());
    const solved = system.solve(tolerance);
    policies++;
    sweeps += solved.sweeps;
    const scale = now.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    residual = solved.residual / scale;
    update = now.reduce((most, value, k) => Math.max(most, Math.abs(value - before[k])), 0) / scale;
    if (!(residual <= tolerance)) return { policies, sweeps, residual, update, settled: false };
    if (policies > 1 && update <= UPDATE * tolerance) return { policies, sweeps, residual, update, settled: true };
  }
  const settled = policies < limits.policies;
  return { policies, sweeps, residual, update: settled ? 0 : update, settled };
}
