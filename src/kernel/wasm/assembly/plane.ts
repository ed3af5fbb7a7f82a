/** Unsplit solves on planes of y-nodes, lane by lane: the formulas of src/linalg/plane-elimination.ts. */
import { SIZE } from './difference';
import { solveTogether, TOGETHER } from './shared-plane';

/**
 * out = (I − κL)⁻¹ right, killing = 1/κ; `scratch` holds 8·width·(rows + 1) doubles; `out` may be `right`. Nodes of a
 * row stand `inRow` nodes apart, rows `between`; the factors of two lanes `factorPitch` bytes, 0
 * where all lanes share them: eight of them are solved together then.
 */
export function solvePlane(
  out: usize, right: usize, inverses: usize, up: usize, down: usize, scratch: usize, lanes: i32, width: i32, rows: i32,
  inRow: i32, between: i32, factorPitch: usize, first: i32, last: i32, killing: f64,
): void {
  const pitch = (<usize>lanes) * SIZE;
  const length = (<usize>width) * SIZE;
  const square = (<usize>width) * length;
  const t = scratch + length;
  let lane = first;
  if (factorPitch == 0) {
    for (; lane + TOGETHER <= last; lane += TOGETHER) {
      const o = (<usize>lane) * SIZE;
      solveTogether(
        out + o, right + o, inverses, up + o, down + o, scratch, width, rows, (<usize>inRow) * pitch,
        (<usize>between) * pitch, killing,
      );
    }
  }
  for (; lane < last; lane++) {
    const o = (<usize>lane) * SIZE;
    const base = load<f64>(right + o);
    const block = inverses + (<usize>lane) * factorPitch;
    memory.fill(t, 0, (<usize>rows) * length);
    for (let j = 0; j < rows; j++) {
      const row = t + (<usize>j) * length;
      for (let k = 0; k < width; k++) {
        const node = o + (<usize>(j * between + k * inRow)) * pitch;
        const below = j == 0 ? 0 : load<f64>(down + node) * load<f64>(row - length + (<usize>k) * SIZE);
        store<f64>(scratch + (<usize>k) * SIZE, killing * (load<f64>(right + node) - base) + below);
      }
      addProduct(row, block + (<usize>j) * square, scratch, width);
    }
    for (let j = rows - 2; j >= 0; j--) {
      const row = t + (<usize>j) * length;
      for (let k = 0; k < width; k++) {
        const node = o + (<usize>(j * between + k * inRow)) * pitch;
        store<f64>(scratch + (<usize>k) * SIZE, load<f64>(up + node) * load<f64>(row + length + (<usize>k) * SIZE));
      }
      addProduct(row, block + (<usize>j) * square, scratch, width);
    }
    for (let j = 0; j < rows; j++) {
      const row = t + (<usize>j) * length;
      for (let k = 0; k < width; k++) {
        store<f64>(out + o + (<usize>(j * between + k * inRow)) * pitch, base + load<f64>(row + (<usize>k) * SIZE));
      }
    }
  }
}

/** out += Σ_l column_l factors_l, four columns at a time. */
function addProduct(out: usize, columns: usize, factors: usize, width: i32): void {
  const length = (<usize>width) * SIZE;
  let l = 0;
  for (; l + 4 <= width; l += 4) {
    const f = factors + (<usize>l) * SIZE;
    const column = columns + (<usize>l) * length;
    addFour(out, column, length, load<f64>(f), load<f64>(f, 8), load<f64>(f, 16), load<f64>(f, 24));
  }
  for (; l < width; l++) {
    const factor = load<f64>(factors + (<usize>l) * SIZE);
    const column = columns + (<usize>l) * length;
    for (let o: usize = 0; o < length; o += SIZE) {
      store<f64>(out + o, load<f64>(out + o) + load<f64>(column + o) * factor);
    }
  }
}

function addFour(out: usize, a: usize, length: usize, fa: f64, fb: f64, fc: f64, fd: f64): void {
  const b = a + length;
  const c = b + length;
  const d = c + length;
  const wa = f64x2.splat(fa);
  const wb = f64x2.splat(fb);
  const wc = f64x2.splat(fc);
  const wd = f64x2.splat(fd);
  let o: usize = 0;
  for (; o + 16 <= length; o += 16) {
    let sum = f64x2.add(v128.load(out + o), f64x2.mul(v128.load(a + o), wa));
    sum = f64x2.add(sum, f64x2.mul(v128.load(b + o), wb));
    sum = f64x2.add(sum, f64x2.mul(v128.load(c + o), wc));
    v128.store(out + o, f64x2.add(sum, f64x2.mul(v128.load(d + o), wd)));
  }
  for (; o < length; o += SIZE) {
    let sum = load<f64>(out + o) + load<f64>(a + o) * fa;
    sum += load<f64>(b + o) * fb;
    sum += load<f64>(c + o) * fc;
    store<f64>(out + o, sum + load<f64>(d + o) * fd);
  }
}
