import { SIZE } from './difference';
import { Family } from './family';
import { Formulas } from './formula-search';

const ROUND_OFF: f64 = 1e-12;

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
  /** Feet: 0 never, 1 beyond a cell, 2 always. */
  feet: i32;
  /** Per axis a 32-bit word: the address of ν_i. */
  viscosities: u32;
  /** Doubles: the time of flight of a foot, the k of noise in columns, then a floor per axis. */
  numbers: u32;
  /** Per candidate 32-bit words: the addresses of its rates, slow axes first, and of its cost (0: none). */
  candidates: u32;
  /** Number of fast axes that V is moved along, and per axis 32-bit words: nodes and stride of its lines. */
  across: i32;
  lines: u32;
  /** Number of edges, and per edge 32-bit words: the candidates at its ends (−1: rest). */
  edges: i32;
  edgeEnds: u32;
  /** Number of families, and per family a 32-bit word: its address. */
  families: i32;
  familyList: u32;
  /** Per candidate and row, rows running fastest, a 32-bit word: 0 without long feet, else where its runs stand. */
  long: u32;
  rows: i32;
  /** Whether runs are listed: 1 along the only axis (reach.ts), 2 along two slow ones (plane-runs.ts), else 0. */
  listed: i32;
  /** Number of families of formulas, and per family a 32-bit word: its address. */
  formulas: i32;
  formulaList: u32;
  /** max Σ_i|r_i| over the controls that are used, as far as differences of families reach; 0: over one cell. */
  speeds: u32;
  /** Doubles (src/differencing/second-difference.ts): κ per direction and row, rows running fastest; 0 without. */
  noiseReaches: u32;
  /** Per direction a 32-bit word: the address of ν_d; 0 where families hold it. The axes come first. */
  noise: u32;
  /** Number of directions along diagonals, and per diagonal a 32-bit word: σ of (σ, 1). */
  diagonals: i32;
  diagonalSides: u32;
  /** Noise in columns (src/differencing/noise-columns.ts): their number, per column and slow axis an address or 0. */
  columns: i32;
  columnList: u32;

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
    return load<f64>(<usize>this.numbers + (<usize>(axis + 2)) * SIZE);
  }

  // @ts-ignore: decorator
  @inline
  foot(): f64 {
    return load<f64>(<usize>this.numbers);
  }

  // @ts-ignore: decorator
  @inline
  arm(): f64 {
    return load<f64>(<usize>this.numbers + SIZE);
  }

  // @ts-ignore: decorator
  @inline
  columnEntry(c: i32, axis: i32): usize {
    return <usize>load<u32>(<usize>this.columnList + (<usize>(c * this.axes + axis)) * 4);
  }

  /** The cells that differences reach over at byte `at` of coefficient fields (src/differencing/wide-difference.ts). */
  // @ts-ignore: decorator
  @inline
  cells(at: usize): i32 {
    if (this.speeds == 0) return 1;
    return max<i32>(1, <i32>ceil(this.foot() * load<f64>(<usize>this.speeds + at) * (1 - ROUND_OFF)));
  }

  /** The cells that second differences reach over in row j in direction d, the slow axes first. */
  // @ts-ignore: decorator
  @inline
  noiseReach(d: i32, j: i32): f64 {
    return load<f64>(<usize>this.noiseReaches + (<usize>(d * this.rows + j)) * SIZE);
  }

  // @ts-ignore: decorator
  @inline
  noiseRate(d: i32): usize {
    return <usize>load<u32>(<usize>this.noise + (<usize>d) * 4);
  }

  // @ts-ignore: decorator
  @inline
  diagonalSide(k: i32): i32 {
    return load<i32>(<usize>this.diagonalSides + (<usize>k) * 4);
  }

  // @ts-ignore: decorator
  @inline
  onLine(): bool {
    return this.listed == 1;
  }

  // @ts-ignore: decorator
  @inline
  onPlane(): bool {
    return this.listed == 2;
  }

  /** An edge from rest to a candidate without cost, in the plane. */
  isRay(e: i32): bool {
    const from = this.edgeEnd(e, 0);
    const to = this.edgeEnd(e, 1);
    return this.onPlane() && (from < 0 || to < 0) && this.cost(from < 0 ? to : from) == 0;
  }

  /** Axes the controls move along. */
  // @ts-ignore: decorator
  @inline
  moved(): i32 {
    return this.axes + this.across;
  }

  // @ts-ignore: decorator
  @inline
  edgeEnd(e: i32, side: i32): i32 {
    return load<i32>(<usize>this.edgeEnds + (<usize>(2 * e + side)) * 4);
  }

  // @ts-ignore: decorator
  @inline
  family(f: i32): Family {
    return changetype<Family>(<usize>load<u32>(<usize>this.familyList + (<usize>f) * 4));
  }

  // @ts-ignore: decorator
  @inline
  formulaFamily(k: i32): Formulas {
    return changetype<Formulas>(<usize>load<u32>(<usize>this.formulaList + (<usize>k) * 4));
  }

  /** Whether candidate c (−1: rest) has a long foot in row j. */
  // @ts-ignore: decorator
  @inline
  isLong(c: i32, j: i32): bool {
    return c >= 0 && this.feet != 0 && this.runs(c, j) != 0;
  }

  /** The runs of candidate c in row j: their number, then four words each: first and last lane, reach, 1 if cut off. */
  // @ts-ignore: decorator
  @inline
  runs(c: i32, j: i32): usize {
    return <usize>load<u32>(<usize>this.long + (<usize>(c * this.rows + j)) * 4);
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
}
