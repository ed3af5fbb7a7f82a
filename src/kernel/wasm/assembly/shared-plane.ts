/**
 * Unsplit solves of eight neighbouring lanes that share their factors: an entry of S_j⁻¹ is read once for all. Every
 * lane is summed in the order of src/linalg/plane-elimination.ts.
 */
import { SIZE } from './difference';

/** Lanes solved together, and their bytes: a cache line. */
export const TOGETHER: i32 = 8;
const BLOCK: usize = 64;

/**
 * As `solvePlane`, from the first of the lanes on; neighbours in a row stand `inRow` bytes apart, rows `between`.
 * `scratch` holds the factors of a product, 8·width doubles, and then t_j, 8·width a row.
 */
export function solveTogether(
  out: usize, right: usize, inverses: usize, up: usize, down: usize, scratch: usize, width: i32, rows: i32,
  inRow: usize, between: usize, killing: f64,
): void {
  const length = (<usize>width) * BLOCK;
  const square = (<usize>width) * (<usize>width) * SIZE;
  const t = scratch + length;
  const kill = f64x2.splat(killing);
  memory.fill(t, 0, (<usize>rows) * length);
  for (let j = 0; j < rows; j++) {
    const row = t + (<usize>j) * length;
    for (let k = 0; k < width; k++) {
      const node = (<usize>j) * between + (<usize>k) * inRow;
      const below = row - length + (<usize>k) * BLOCK;
      const factor = scratch + (<usize>k) * BLOCK;
      for (let o: usize = 0; o < BLOCK; o += 16) {
        const killed = f64x2.mul(kill, f64x2.sub(v128.load(right + node + o), v128.load(right + o)));
        const passed = j == 0 ? f64x2.splat(0) : f64x2.mul(v128.load(down + node + o), v128.load(below + o));
        v128.store(factor + o, f64x2.add(killed, passed));
      }
    }
    addProducts(row, inverses + (<usize>j) * square, scratch, width);
  }
  for (let j = rows - 2; j >= 0; j--) {
    const row = t + (<usize>j) * length;
    for (let k = 0; k < width; k++) {
      const node = (<usize>j) * between + (<usize>k) * inRow;
      const above = row + length + (<usize>k) * BLOCK;
      const factor = scratch + (<usize>k) * BLOCK;
      for (let o: usize = 0; o < BLOCK; o += 16) {
        v128.store(factor + o, f64x2.mul(v128.load(up + node + o), v128.load(above + o)));
      }
    }
    addProducts(row, inverses + (<usize>j) * square, scratch, width);
  }
  shift(out, right, t, width, rows, inRow, between);
}

/** out = t + the value at the first node, which is written last: `out` may be `right`. */
function shift(out: usize, right: usize, t: usize, width: i32, rows: i32, inRow: usize, between: usize): void {
  for (let j = rows - 1; j >= 0; j--) {
    for (let k = width - 1; k >= 0; k--) {
      const node = (<usize>j) * between + (<usize>k) * inRow;
      const at = t + (<usize>(j * width + k)) * BLOCK;
      for (let o: usize = 0; o < BLOCK; o += 16) {
        v128.store(out + node + o, f64x2.add(v128.load(right + o), v128.load(at + o)));
      }
    }
  }
}

/** out_k += Σ_l S_{kl} factors_l for eight lanes each, two rows k at a time; column l stands at l·width. */
function addProducts(out: usize, columns: usize, factors: usize, width: i32): void {
  const length = (<usize>width) * SIZE;
  let k = 0;
  for (; k + 2 <= width; k += 2) {
    const at = out + (<usize>k) * BLOCK;
    let a0 = v128.load(at);
    let a1 = v128.load(at, 16);
    let a2 = v128.load(at, 32);
    let a3 = v128.load(at, 48);
    let b0 = v128.load(at, 64);
    let b1 = v128.load(at, 80);
    let b2 = v128.load(at, 96);
    let b3 = v128.load(at, 112);
    let column = columns + (<usize>k) * SIZE;
    const end = factors + (<usize>width) * BLOCK;
    for (let f = factors; f < end; f += BLOCK) {
      const a = v128.load64_splat(column);
      const b = v128.load64_splat(column, 8);
      const f0 = v128.load(f);
      const f1 = v128.load(f, 16);
      const f2 = v128.load(f, 32);
      const f3 = v128.load(f, 48);
      a0 = f64x2.add(a0, f64x2.mul(f0, a));
      a1 = f64x2.add(a1, f64x2.mul(f1, a));
      a2 = f64x2.add(a2, f64x2.mul(f2, a));
      a3 = f64x2.add(a3, f64x2.mul(f3, a));
      b0 = f64x2.add(b0, f64x2.mul(f0, b));
      b1 = f64x2.add(b1, f64x2.mul(f1, b));
      b2 = f64x2.add(b2, f64x2.mul(f2, b));
      b3 = f64x2.add(b3, f64x2.mul(f3, b));
      column += length;
    }
    v128.store(at, a0);
    v128.store(at, a1, 16);
    v128.store(at, a2, 32);
    v128.store(at, a3, 48);
    v128.store(at, b0, 64);
    v128.store(at, b1, 80);
    v128.store(at, b2, 96);
    v128.store(at, b3, 112);
  }
  if (k < width) addProduct(out + (<usize>k) * BLOCK, columns + (<usize>k) * SIZE, factors, width);
}

/** The same for one row. */
function addProduct(out: usize, columns: usize, factors: usize, width: i32): void {
  const length = (<usize>width) * SIZE;
  for (let o: usize = 0; o < BLOCK; o += 16) {
    let sum = v128.load(out + o);
    for (let l = 0; l < width; l++) {
      const entry = v128.load64_splat(columns + (<usize>l) * length);
      sum = f64x2.add(sum, f64x2.mul(v128.load(factors + (<usize>l) * BLOCK + o), entry));
    }
    v128.store(out + o, sum);
  }
}
