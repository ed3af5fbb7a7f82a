import type { GPU as Gpu } from 'gpu.js';

export type GpuMode = 'webgpu' | 'webgl2';

/** A graphics card that gpu.js drives. */
export interface Card {
  readonly gpu: Gpu;
  readonly mode: GpuMode;
  /** What runs, as `backend` says it. */
  readonly name: string;
  /** Largest array in bytes. */
  readonly largest: number;
  readonly software: boolean;
  release(): void;
}
