/** Launches of path kernels on a graphics card: states to the card and back, once for many steps. */
import type { IKernelRunShortcut } from 'gpu.js';
import { InputError } from '../../input/input-error.ts';
import type { Card } from './card.ts';
import { gpuSources } from './kernel-sources.ts';
import type { PathConstants } from './path-kernels.ts';

export interface PathKernel {
  /** Moves the states (x, y) of all paths, with the noise of a seed of 32 bits. */
  move(states: readonly [Float32Array, Float32Array], tables: Float32Array, seed: number): Promise<void>;
  destroy(): void;
}

/** What gpu.js knows of a kernel that ran, beyond what it declares. */
type Launch = IKernelRunShortcut & { readonly kernel: { readonly constructor: { readonly mode: string } } };

/** A kernel of src/kernel/gpu/path-kernels.ts for so many paths. Throws InputError for a card without WebGPU. */
export function pathKernel(
  { gpu, mode }: Card,
  name: 'heunOnCard' | 'ornsteinUhlenbeckOnCard',
  paths: number,
  constants: PathConstants,
): PathKernel {
  if (mode !== 'webgpu') throw noSeeds();
  const launch = gpu.createKernel(gpuSources[name], {
    output: [paths],
    precision: 'single',
    constants,
  }) as unknown as Launch;
  return {
    async move([xs, ys], tables, seed) {
      launch.setRandomSeed(seed);
      const moved = (await launch(xs, ys, tables)) as unknown as Float32Array[];
      const ran = launch.kernel.constructor.mode;
      if (ran !== 'webgpu') throw notOnCard(ran);
      for (let p = 0; p < moved.length; p++) {
        xs[p] = moved[p][0];
        ys[p] = moved[p][1];
      }
    },
    destroy: () => launch.destroy(),
  };
}

function noSeeds(): InputError {
  return new InputError(
    'WebGL has no random numbers that a seed determines',
    'gpu.js seeds its streams with WebGPU alone',
    'use a browser with WebGPU, or the WebAssembly kernel',
  );
}

function notOnCard(ran: string): InputError {
  return new InputError(
    `gpu.js ran the paths in its mode ${ran} instead of webgpu`,
    'the graphics card could not take them, and what runs on the processor is no result of a card',
    'use the WebAssembly kernel',
  );
}
