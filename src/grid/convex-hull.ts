/** Convex hulls of points of the line and of the plane. */

type Point = readonly number[];

/**
 * Corners of the convex hull: [smallest, largest] on the line, counterclockwise in the plane (Andrew 1979). Points on
 * an edge, and corners twice, are left out; a single point is its own hull.
 */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || (a[1] ?? 0) - (b[1] ?? 0));
  const distinct = sorted.filter((point, k) => k === 0 || point.some((value, i) => value !== sorted[k - 1][i]));
  if (distinct.length < 3) return distinct;
  if (distinct[0].length === 1) return [distinct[0], distinct[distinct.length - 1]];
  return [...chain(distinct), ...chain(distinct.toReversed())];
}

/** The corners that turn left, from the first point to the last, without the last. */
function chain(points: readonly Point[]): Point[] {
  const corners: Point[] = [];
  for (const point of points) {
    while (corners.length > 1 && turn(corners[corners.length - 2], corners[corners.length - 1], point) <= 0) {
      corners.pop();
    }
    corners.push(point);
  }
  return corners.slice(0, -1);
}

/** Twice the signed area of a triangle. */
function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
