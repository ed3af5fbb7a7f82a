/**
 * The hot loops in AssemblyScript, f64x2 SIMD (two doubles an instruction). Every function works on lanes [first, last)
 * of its fields, so that threads own blocks of lanes; no sum crosses lanes, so no result depends on their number.
 *
 * Pointers are byte addresses of doubles; entry j of lane i stands at (j·lanes + i)·8. Arithmetic is done in the order
 * of src/kernel/plain/plain.ts, so both agree to the last bit wherever neither fuses.
 */
export { handOver, imexClose, imexPass } from './imex';
export { solve } from './lines';
export { combine, filter, generator } from './node-wise';
export { solvePlane } from './plane';
export { average, sweep } from './sweep';

const SIZE: usize = 8;

/** 1 if every entry on lanes [first, last) of the first `nodes` rows is finite. */
export function finite(field: usize, lanes: i32, nodes: i32, first: i32, last: i32): i32 {
  for (let j = 0; j < nodes; j++) {
    for (let i = first; i < last; i++) {
      const value = load<f64>(field + (<usize>(j * lanes + i)) * SIZE);
      if (value - value != 0) return 0;
    }
  }
  return 1;
}
