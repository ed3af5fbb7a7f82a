import { SIZE } from './difference';

/** A sweep as words in memory, written by src/kernel/wasm/calls.ts. Addresses of doubles unless said. */
// @ts-ignore: decorator
@unmanaged
export class Sweep {
  kind: i32;
  /** Nodes that a stencil reaches. */
  margin: i32;
  axes: i32;
  extent0: i32;
  extent1: i32;
  /** Number of candidates. */
  count: i32;
  /** 1 if a control can rest. */
  rest: i32;
  /** 1 if every node between the extreme feet is a foot. */
  between: i32;
  /** Per axis a 32-bit word: the address of ν_i. */
  viscosities: u32;
  /** A double per axis. */
  floors: u32;
  /** Per candidate 32-bit words: the addresses of its rates, slow axes first, and of its cost (0: none). */
  candidates: u32;
  /** Number of fast axes that V is moved along, and per axis 32-bit words: nodes and stride of its lines. */
  across: i32;
  lines: u32;

  // @ts-ignore: decorator
  @inline
  extent(axis: i32): i32 {
    return axis == 0 ? this.extent0 : this.extent1;
  }

  // @ts-ignore: decorator
  @inline
  rate(c: i32, axis: i32): usize {
    return <usize>load<u32>(<usize>this.candidates + (<usize>(c * (this.axes + this.across + 1) + axis)) * 4);
  }

  // @ts-ignore: decorator
  @inline
  cost(c: i32): usize {
    return this.rate(c, this.axes + this.across);
  }

  // @ts-ignore: decorator
  @inline
  floor(axis: i32): f64 {
    return load<f64>(<usize>this.floors + (<usize>axis) * SIZE);
  }

  // @ts-ignore: decorator
  @inline
  viscosity(axis: i32): usize {
    return <usize>load<u32>(<usize>this.viscosities + (<usize>axis) * 4);
  }

  /** Nodes of the lines of fast axis a. */
  // @ts-ignore: decorator
  @inline
  lineNodes(a: i32): i32 {
    return load<i32>(<usize>this.lines + (<usize>a) * 8);
  }

  /** Fast nodes between neighbours along fast axis a. */
  // @ts-ignore: decorator
  @inline
  lineStride(a: i32): i32 {
    return load<i32>(<usize>this.lines + (<usize>a) * 8 + 4);
  }

  /** Where row j stands on fast axis a. */
  // @ts-ignore: decorator
  @inline
  place(a: i32, j: i32): i32 {
    return (j / this.lineStride(a)) % this.lineNodes(a);
  }

  /** target = min(target, V_t − V_s) over the nodes t between the extreme feet of lane s; one slow axis. */
  visitBetween(target: usize, v: usize, row: usize, first: i32, last: i32, dt: f64): void {
    for (let s = first; s < last; s++) {
      const o = (<usize>s) * SIZE;
      let left: f64 = this.rest != 0 ? <f64>s : Infinity;
      let right: f64 = this.rest != 0 ? <f64>s : -Infinity;
      for (let c = 0; c < this.count; c++) {
        const foot = <f64>s + dt * load<f64>(this.rate(c, 0) + row + o);
        left = min(left, foot);
        right = max(right, foot);
      }
      // Feet may lie anywhere: clamped before they become whole numbers.
      const begin = <i32>max<f64>(ceil(left), 0);
      const end = <i32>min<f64>(floor(right), <f64>(this.extent0 - 1));
      let least = load<f64>(target + o);
      const here = load<f64>(v + o);
      for (let t = begin; t <= end; t++) least = min(least, load<f64>(v + (<usize>t) * SIZE) - here);
      store<f64>(target + o, least);
    }
  }
}
