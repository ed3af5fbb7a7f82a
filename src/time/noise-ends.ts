/**
 * Where second differences along the axes are not monotone: at nodes whose arms would leave the box they are those of
 * an inner node (differencing/second-difference.ts), with weights of both signs. Without noise there they are nothing.
 */
import type { DifferencingKind } from '../differencing/differencing.ts';
import { noiseReach } from '../differencing/second-difference.ts';
import type { Grid } from '../grid/grid.ts';

/** κ per slow axis and fast node, and ν_i at every node, null for noise that may act anywhere. */
export interface NoiseAtEnds {
  readonly reach: readonly Float64Array[];
  readonly rates: readonly Float64Array[] | null;
}

/** Visits the nodes of slow × fast nodes at which noise acts through the differences of an inner node. */
export function forEachNearEnds(
  { reach, rates }: NoiseAtEnds,
  { shape, strides, size }: Grid,
  visit: (node: number) => void,
): void {
  for (let k = 0; k < size * reach[0].length; k++) {
    const row = Math.floor(k / size);
    const isNear = reach.some((along, axis) => {
      if (rates !== null && rates[axis][k] === 0) return false;
      const place = Math.floor(k / strides[axis]) % shape[axis];
      const cells = Math.ceil(along[row]);
      return place < cells || place >= shape[axis] - cells;
    });
    if (isNear) visit(k);
  }
}

/**
 * Whether steps of length dt with these ν_i are not monotone somewhere: the noise acts through differences of an inner
 * node, or they are cut short to half of the box and take more than half of a node.
 */
export function noiseLeaves(
  rates: readonly Float64Array[],
  kind: DifferencingKind,
  slow: Grid,
  { fastNodes, dt, discount }: { readonly fastNodes: number; readonly dt: number; readonly discount: number },
): boolean {
  const along = (out: Float64Array, from: number, axis = 0) => out.set(rates[axis].subarray(from, from + slow.size));
  const foot = dt / Math.max(0.5, 1 - dt * discount);
  const reach = noiseReach({ rates: along }, { kind }, slow, { fastNodes, dt: foot });
  let leaves = reach.some((cells, i) => cells.some((each) => each > 1 && each >= Math.floor((slow.shape[i] - 1) / 2)));
  forEachNearEnds({ reach, rates }, slow, () => {
    leaves = true;
  });
  return leaves;
}
