/**
 * Steps of paths as gpu.js kernels, in single precision; one thread a path, many steps a launch. gpu.js translates
 * their source text (gpu-sources.ts, made from this file): they close over nothing. Math.random becomes the PCG stream
 * of the thread, which starts at the seed of the launch.
 */
import type { IKernelFunctionThis } from 'gpu.js';

/** Numbers of a kernel, and axes: lower end, nodes per length and nodes, of x and of y, per table; then its offset. */
export interface PathConstants {
  readonly [name: string]: number | Float32Array;
  readonly steps: number;
  readonly dt: number;
  readonly noise: number;
  /** 1, or 3 where the smaller φ·p of two tables is taken, p from the third. */
  readonly sources: number;
  readonly axes: Float32Array;
  readonly decay: number;
  readonly lag: number;
  readonly spread: number;
  readonly sumOfFirst: number;
  readonly sumOfSecond: number;
}

/** Stochastic Heun steps; the formulas of src/paths/heun.ts on tables, src/paths/drift-table.ts. */
export function heunOnCard(
  this: IKernelFunctionThis<PathConstants>,
  xs: number[],
  ys: number[],
  tables: number[],
): [number, number] {
  let x = xs[this.thread.x];
  let y = ys[this.thread.x];
  for (let step = 0; step < this.constants.steps; step++) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const kick = this.constants.noise * radius * Math.cos(6.283185307179586 * Math.random());
    let atX = x;
    let atY = y;
    let sumX = 0;
    let sumY = 0;
    for (let stage = 0; stage < 2; stage++) {
      let phi = 0;
      let b = 0;
      let otherPhi = 0;
      let otherB = 0;
      let slope = 0;
      for (let source = 0; source < this.constants.sources; source++) {
        const a = 7 * source;
        const px = (atX - this.constants.axes[a]) * this.constants.axes[a + 1];
        const py = (atY - this.constants.axes[a + 3]) * this.constants.axes[a + 4];
        const nodes = this.constants.axes[a + 2];
        const i = Math.max(0, Math.min(Math.floor(px), nodes - 2));
        const j = Math.max(0, Math.min(Math.floor(py), this.constants.axes[a + 5] - 2));
        const corner = this.constants.axes[a + 6] + 2 * (j * nodes + i);
        const across = corner + 2 * nodes;
        const lower0 = tables[corner] + (px - i) * (tables[corner + 2] - tables[corner]);
        const upper0 = tables[across] + (px - i) * (tables[across + 2] - tables[across]);
        const lower1 = tables[corner + 1] + (px - i) * (tables[corner + 3] - tables[corner + 1]);
        const upper1 = tables[across + 1] + (px - i) * (tables[across + 3] - tables[across + 1]);
        const first = lower0 + (py - j) * (upper0 - lower0);
        const second = lower1 + (py - j) * (upper1 - lower1);
        if (source === 0) {
          phi = first;
          b = second;
        }
        if (source === 1) {
          otherPhi = first;
          otherB = second;
        }
        if (source === 2) slope = first;
      }
      if (this.constants.sources === 3 && otherPhi * slope < phi * slope) {
        phi = otherPhi;
        b = otherB;
      }
      sumX += 0.5 * phi;
      sumY += 0.5 * b;
      atX = x + this.constants.dt * phi;
      atY = y + this.constants.dt * b + kick;
    }
    x += this.constants.dt * sumX;
    y += this.constants.dt * sumY + kick;
  }
  return [x, y];
}

/** Exact Ornstein–Uhlenbeck steps in y; the formulas of src/paths/ornstein-uhlenbeck.ts. */
export function ornsteinUhlenbeckOnCard(
  this: IKernelFunctionThis<PathConstants>,
  xs: number[],
  ys: number[],
  tables: number[],
): [number, number] {
  let x = xs[this.thread.x];
  let y = ys[this.thread.x];
  const row = 2 * this.constants.axes[2];
  for (let step = 0; step < this.constants.steps; step++) {
    const radius = Math.sqrt(-2 * Math.log(1 - Math.random()));
    const angle = 6.283185307179586 * Math.random();
    const first = radius * Math.cos(angle);
    const noise = this.constants.sumOfFirst * first + this.constants.sumOfSecond * radius * Math.sin(angle);
    let at = x;
    let moved = 0;
    let middle = 0;
    for (let stage = 0; stage < 2; stage++) {
      const position = (at - this.constants.axes[0]) * this.constants.axes[1];
      const i = Math.max(0, Math.min(Math.floor(position), this.constants.axes[2] - 2));
      const share = position - i;
      const corner = 2 * i;
      const across = corner + row;
      const phi = tables[corner] + share * (tables[corner + 2] - tables[corner]);
      const mean = tables[corner + 1] + share * (tables[corner + 3] - tables[corner + 1]);
      const slope = tables[across] + share * (tables[across + 2] - tables[across]);
      const integral = this.constants.dt * mean + this.constants.lag * (y - mean) + noise;
      const motion = this.constants.dt * phi + slope * integral;
      moved += 0.5 * motion;
      middle += 0.5 * mean;
      at = x + motion;
    }
    x += moved;
    y = middle + this.constants.decay * (y - middle) + this.constants.spread * first;
  }
  return [x, y];
}
