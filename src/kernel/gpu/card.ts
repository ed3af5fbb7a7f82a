import type { GPU as Gpu } from 'gpu.js';

/** How gpu.js reaches the card: WebGPU, or WebGL 2 of a page. */
export type GpuMode = 'webgpu' | 'webgl2';

/** A graphics card that gpu.js drives. */
export interface Card {
  readonly gpu: Gpu;
  readonly mode: GpuMode;
  /** What runs, as `backend` says it. */
  readonly name: string;
  /** Largest array in bytes. */
  readonly largest: number;
  /** Whether the driver computes on the processor in place of a card. */
  readonly software: boolean;
  /** Gives the device back; the card cannot be used afterwards. */
  release(): void;
}
