/** Tables of drifts: a node is one f64x2, (φ, b/ε); a path is one f64x2, (x, y). */

/** Bytes of a node and of a path. */
export const NODE: usize = 16;

// @ts-ignore: decorator of AssemblyScript
@inline
export function originOf(axes: usize): v128 {
  return f64x2(load<f64>(axes), load<f64>(axes, 24));
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function scaleOf(axes: usize): v128 {
  return f64x2(load<f64>(axes, 8), load<f64>(axes, 32));
}

/** The last cell along each axis. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function mostOf(axes: usize): v128 {
  return f64x2(load<f64>(axes, 16) - 2, load<f64>(axes, 40) - 2);
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function nodesOf(axes: usize): usize {
  return <usize>load<f64>(axes, 16);
}

/** (φ, b/ε) at a point: linear along each axis, continued linearly outside the table. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function drift(z: v128, table: usize, origin: v128, scale: v128, most: v128, nodes: usize): v128 {
  const position = f64x2.mul(f64x2.sub(z, origin), scale);
  const cell = f64x2.pmin(most, f64x2.pmax(f64x2.splat(0), f64x2.floor(position)));
  const share = f64x2.sub(position, cell);
  const index = i32x4.trunc_sat_f64x2_s_zero(cell);
  const corner = table + (<usize>i32x4.extract_lane(index, 1) * nodes + <usize>i32x4.extract_lane(index, 0)) * NODE;
  return inCell(corner, nodes * NODE, v128.shuffle<f64>(share, share, 0, 0), v128.shuffle<f64>(share, share, 1, 1));
}

/** The pair in a cell, from its lower left corner and the bytes of a row. */
// @ts-ignore: decorator of AssemblyScript
@inline
export function inCell(corner: usize, row: usize, right: v128, up: v128): v128 {
  const across = corner + row;
  const lower = between(v128.load(corner), v128.load(corner, 16), right);
  return between(lower, between(v128.load(across), v128.load(across, 16), right), up);
}

// @ts-ignore: decorator of AssemblyScript
@inline
export function between(a: v128, b: v128, share: v128): v128 {
  return f64x2.add(a, f64x2.mul(share, f64x2.sub(b, a)));
}
