import type { Feet, RowSweep } from './differencing.ts';
import type { AxisAt } from './feet.ts';

/** What every control meets at a node. */
export interface Seen {
  readonly sweep: RowSweep;
  readonly V: Float64Array;
  readonly node: number;
  readonly axes: readonly AxisAt[];
  readonly feet: Feet;
  /** Slow axes come first. */
  readonly slowAxes: number;
  /** The difference along axis i for a rate of this sign. */
  difference(i: number, forward: boolean): number;
  /** Whether every control leaves over the end of axis i on this side, seen from that end: uncontrolled outflow. */
  leaves(i: number, side: number): boolean;
}
