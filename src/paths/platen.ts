/**
 * Steps of dZ = F(t,Z) dt + Σ_j B_j(t,Z) dW_j (Itô) by the explicit scheme of weak order 2 of Platen (Kloeden, Platen
 * 1992, (15.1.3)): with ΔW_j, V_rj of increments.ts, Z⁰ = Z + F dt, Z* = Z⁰ + Σ_j B_j ΔW_j, R^j_± = Z⁰ ± B_j √dt and
 * U^j_± = Z ± B_j √dt,
 *
 *   Z' = Z + dt (F + F(Z*))/2
 *      + ¼ Σ_j [(B_j(R^j_+) + B_j(R^j_-) + 2B_j) ΔW_j + (B_j(R^j_+) − B_j(R^j_-)) (ΔW_j² − dt)/√dt]
 *      + ¼ Σ_{r≠j} [(B_j(U^r_+) + B_j(U^r_-) − 2B_j) ΔW_j + (B_j(U^r_+) − B_j(U^r_-)) (ΔW_j ΔW_r + V_rj)/√dt].
 *
 * Weak order 2 for smooth F and B; strong order 1 where the noise commutes, else 1/2. Constant B make it the stochastic
 * Heun step of heun.ts, of strong order 1.
 */
import { plainHeun } from './heun.ts';
import { type Increments, incrementsOf } from './increments.ts';
import { type EnsembleStart, initialStates, type PathStepper, plainStepper } from './path-stepper.ts';
import type { Diffusion, PathSystem } from './path-system.ts';

/** Steps of any system in plain TypeScript, from its functions themselves: the oracle of all compiled ones. */
export function plainPaths(system: PathSystem, start: EnsembleStart): PathStepper {
  return system.diffusion === undefined ? plainHeun(system, start) : platenPaths(system, system.diffusion, start);
}

function platenPaths(system: PathSystem, diffusion: Diffusion, start: EnsembleStart): PathStepper {
  const states = initialStates(start);
  const increments = incrementsOf(diffusion.streams, start);
  const step = platenStep(system, diffusion, start);
  return plainStepper(states, start.paths, (z, p, k) => {
    increments.draw(p, k);
    step(z, k, increments);
  });
}

/** Moves a state by step k, in place, with what was drawn; does not allocate. */
export function platenStep(
  { drift, dimension: d }: PathSystem,
  diffusion: Diffusion,
  { dt, initial }: Pick<EnsembleStart, 'dt' | 'initial'>,
): (z: Float64Array, index: number, increments: Increments) => void {
  const correct = diffusion.isConstant ? () => {} : corrections(diffusion, d, dt);
  const [here, there, predicted] = [0, 1, 2].map(() => new Float64Array(d));
  const noise = new Float64Array(d * diffusion.streams.length);
  if (diffusion.isConstant) diffusion.at(noise, 0, Float64Array.from(initial));
  return (z, index, increments) => {
    const [t, next] = [index * dt, (index + 1) * dt];
    drift(here, t, z);
    if (!diffusion.isConstant) diffusion.at(noise, t, z);
    for (let i = 0; i < d; i++) predicted[i] = z[i] + dt * here[i] + kick(noise, increments.moved, i);
    drift(there, next, predicted);
    // What follows is added to z, so that the corrections see Z first.
    for (let i = 0; i < d; i++) there[i] = dt * (0.5 * (here[i] + there[i])) + kick(noise, increments.moved, i);
    correct(there, { times: [t, next], z, here, noise }, increments);
    for (let i = 0; i < d; i++) z[i] += there[i];
  };
}

/** Σ_j B_ij ΔW_j. */
function kick(noise: Float64Array, moved: Float64Array, i: number): number {
  let sum = 0;
  for (let j = 0; j < moved.length; j++) sum += noise[i * moved.length + j] * moved[j];
  return sum;
}

/** Where a step starts, with F and B there, and the times of both its ends. */
interface Here {
  readonly times: readonly [number, number];
  readonly z: Float64Array;
  readonly here: Float64Array;
  readonly noise: Float64Array;
}

/** What B that depends on the state adds to Z + dt (F + F(Z*))/2 + BΔW. */
function corrections({ at, streams, isSeen }: Diffusion, d: number, dt: number) {
  const count = streams.length;
  const root = Math.sqrt(dt);
  const point = new Float64Array(d);
  const [plus, minus] = [0, 1].map(() => new Float64Array(d * count));
  /** B at Z ± B_j √dt, from Z⁰ or from Z itself. */
  const around = (j: number, { times, z, here, noise }: Here, share: 0 | 1) => {
    for (const side of [1, -1]) {
      for (let i = 0; i < d; i++) point[i] = z[i] + share * dt * here[i] + side * root * noise[i * count + j];
      at(side === 1 ? plus : minus, times[share], point);
    }
  };
  return (
    out: Float64Array,
    from: Here,
    { moved, areas }: { readonly moved: Float64Array; readonly areas: Float64Array },
  ) => {
    for (let j = 0; j < count; j++) {
      around(j, from, 1);
      const square = (moved[j] * moved[j] - dt) / root;
      for (let i = 0; i < d; i++) {
        const k = i * count + j;
        const change = plus[k] + minus[k] - 2 * from.noise[k];
        out[i] += 0.25 * (change * moved[j] + (plus[k] - minus[k]) * square);
      }
      // Where no coefficient sees what W_j moves, U^j_± changes nothing.
      if (!isSeen[j] || count === 1) continue;
      around(j, from, 0);
      for (let other = 0; other < count; other++) {
        if (other === j) continue;
        const product = (moved[other] * moved[j] + areas[j * count + other]) / root;
        for (let i = 0; i < d; i++) {
          const k = i * count + other;
          const change = plus[k] + minus[k] - 2 * from.noise[k];
          out[i] += 0.25 * (change * moved[other] + (plus[k] - minus[k]) * product);
        }
      }
    }
  };
}
