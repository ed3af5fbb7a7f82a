/** A uniform axis: `nodes` points from lower to upper, both included, at distance `spacing`. */
export interface Axis {
  readonly name: string;
  readonly lower: number;
  readonly upper: number;
  readonly nodes: number;
  readonly spacing: number;
}

/** The uniform axis on [lower, upper]. Throws RangeError for fewer than 3 nodes, and if it is empty or reversed. */
export function uniformAxis(name: string, lower: number, upper: number, nodes: number): Axis {
  if (!(lower < upper)) throw new RangeError(`axis ${name}: [${lower}, ${upper}] is empty or reversed`);
  if (!Number.isInteger(nodes) || nodes < 3)
    throw new RangeError(`axis ${name}: ${nodes} nodes, at least 3 are needed`);
  return { name, lower, upper, nodes, spacing: (upper - lower) / (nodes - 1) };
}

/** The coordinate of node i; the last node is `upper` itself, free of round-off. */
export function coordinate(axis: Axis, i: number): number {
  return i === axis.nodes - 1 ? axis.upper : axis.lower + i * axis.spacing;
}

/** All coordinates of an axis, from lower to upper. */
export function coordinates(axis: Axis): Float64Array {
  return Float64Array.from({ length: axis.nodes }, (_, i) => coordinate(axis, i));
}
