/**
 * Stochastic Heun steps for additive noise (Kloeden, Platen 1992, section 15.1): with the same ΔW in both lines
 *
 *   z* = z + dt F(t,z) + σΔW,    z' = z + dt (F(t,z) + F(t+dt,z*))/2 + σΔW,
 *
 * of weak order 2, and of order 2 without noise. For (Sε) the step must resolve ε: dt ≲ 0.2 ε/κ.
 */
import { normalPair } from '../random/normal.ts';
import { type EnsembleStart, initialStates, type PathStepper, plainStepper } from './path-stepper.ts';
import type { PathSystem } from './path-system.ts';

/** Heun steps in plain TypeScript, from the formulas themselves: any dimension, any control law. */
export function plainHeun(system: PathSystem, start: EnsembleStart): PathStepper {
  const d = system.dimension;
  const { paths, dt, seed, noiseOf } = start;
  const states = initialStates(start);
  const kicks = noiseOf === 'halves' ? sumsOfHalves(system, seed) : kicksOfSteps(system, seed);
  const here = new Float64Array(d);
  const there = new Float64Array(d);
  const predicted = new Float64Array(d);
  const step = (z: Float64Array, index: number, kick: Float64Array) => {
    system.drift(here, index * dt, z);
    for (let i = 0; i < d; i++) predicted[i] = z[i] + dt * here[i] + kick[i];
    system.drift(there, (index + 1) * dt, predicted);
    for (let i = 0; i < d; i++) z[i] = z[i] + dt * (0.5 * (here[i] + there[i])) + kick[i];
  };
  return plainStepper(states, paths, (z, p, k) => step(z, k, kicks(p, k, dt)));
}

/** Kicks σ_i √dt ξ_i of step k of a path. */
type Kicks = (path: number, step: number, dt: number) => Float64Array;

/** Noisy component number c draws from stream c, two steps a pair. */
function kicksOfSteps({ noise, dimension }: PathSystem, seed: number): Kicks {
  const noisy = noisyComponents(noise);
  const kick = new Float64Array(dimension);
  const pairs = noisy.map(() => new Float64Array(2));
  let [lastPath, lastPair] = [-1, -1];
  return (path, step, dt) => {
    const pair = step >>> 1;
    if (path !== lastPath || pair !== lastPair) {
      for (let c = 0; c < noisy.length; c++) normalPair(pairs[c], seed, path, [pair, c]);
      lastPath = path;
      lastPair = pair;
    }
    const root = Math.sqrt(dt);
    for (let c = 0; c < noisy.length; c++) kick[noisy[c]] = noise[noisy[c]] * root * pairs[c][step & 1];
    return kick;
  };
}

/** The sum of the kicks of steps 2k and 2k + 1 half as long. */
function sumsOfHalves({ noise, dimension }: PathSystem, seed: number): Kicks {
  const noisy = noisyComponents(noise);
  const kick = new Float64Array(dimension);
  const pair = new Float64Array(2);
  return (path, step, dt) => {
    const root = Math.sqrt(dt / 2);
    for (let c = 0; c < noisy.length; c++) {
      normalPair(pair, seed, path, [step, c]);
      kick[noisy[c]] = noise[noisy[c]] * root * (pair[0] + pair[1]);
    }
    return kick;
  };
}

function noisyComponents(noise: readonly number[]): number[] {
  return noise.map((_, i) => i).filter((i) => noise[i] !== 0);
}
