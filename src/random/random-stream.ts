import { normalPair, type Seed, uniform } from './normal.ts';

/** A stream of random numbers; the order of its calls determines every value. */
export interface RandomStream {
  /** Uniform in (0, 1], of 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** A whole number 0 … count − 1. */
  index(count: number): number;
}

/**
 * The draws of path `path` of the generator with this seed, one after the other (Salmon et al. 2011): streams of
 * different paths, a whole number below 2³², are independent, and nothing depends on who draws first.
 */
export function randomStream(seed: Seed, path: number): RandomStream {
  const pair = new Float64Array(2);
  let drawn = 0;
  let spare = false;
  const next = (stream: number): readonly [number, number] => [drawn++, stream];
  const one = () => uniform(seed, path, next(UNIFORMS));
  return {
    uniform: one,
    normal: () => {
      if (!spare) normalPair(pair, seed, path, next(NORMALS));
      spare = !spare;
      return spare ? pair[0] : pair[1];
    },
    index: (count) => Math.min(count - 1, Math.floor(count * one())),
  };
}

const NORMALS = 0;
const UNIFORMS = 1;
