/**
 * Where second differences between nodes are not monotone: at nodes whose arms would leave the box they are those of
 * an inner node (differencing/second-difference.ts), with weights of both signs. Without noise there they are nothing.
 */
import type { SlowNoise } from '../control/slow-noise.ts';
import type { DifferencingKind } from '../differencing/differencing.ts';
import { noiseReach } from '../differencing/second-difference.ts';
import type { Grid } from '../grid/grid.ts';

/** κ per direction and fast node, and ν_d at every node, null for noise that may act anywhere. */
export interface NoiseAtEnds {
  readonly directions: SlowNoise['directions'];
  readonly reach: readonly Float64Array[];
  readonly rates: readonly Float64Array[] | null;
}

/** Visits the nodes of slow × fast nodes at which noise acts through the differences of an inner node. */
export function forEachNearEnds(
  { directions, reach, rates }: NoiseAtEnds,
  { shape, strides, size }: Grid,
  visit: (node: number) => void,
): void {
  for (let k = 0; k < size * reach[0].length; k++) {
    const row = Math.floor(k / size);
    const isNear = reach.some((along, d) => {
      if (rates !== null && rates[d][k] === 0) return false;
      const cells = Math.ceil(along[row]);
      return directions[d].some((step, axis) => {
        const place = Math.floor(k / strides[axis]) % shape[axis];
        return step !== 0 && (place < cells || place >= shape[axis] - cells);
      });
    });
    if (isNear) visit(k);
  }
}

/**
 * Whether steps of length dt with these ν_d are not monotone somewhere: the noise acts through differences of an inner
 * node, or they are cut short to half of the box and take more than half of a node.
 */
export function noiseLeaves(
  { directions, rates, steady }: SlowNoise,
  kind: DifferencingKind,
  slow: Grid,
  { fastNodes, dt, discount }: { readonly fastNodes: number; readonly dt: number; readonly discount: number },
): boolean {
  const foot = dt / Math.max(0.5, 1 - dt * discount);
  const reach = noiseReach({ directions, rates }, { kind }, slow, { fastNodes, dt: foot });
  let leaves = reach.some((cells, d) => {
    const room = Math.min(...slow.shape.filter((_, i) => directions[d][i] !== 0).map((nodes) => (nodes - 1) / 2));
    return cells.some((each) => each > 1 && each >= Math.floor(room));
  });
  forEachNearEnds({ directions, reach, rates: steady }, slow, () => {
    leaves = true;
  });
  return leaves;
}
