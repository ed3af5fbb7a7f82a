import type { Ball } from './ball.ts';
import { type GridFunction, sample } from './grid-function.ts';

/**
 * The value at a point of the ball of a function given on the nodes inside (values on the cube) and constant on the
 * sphere: tensor-product cubics where their nodes all lie inside, else a parabola along the ray through the point, two
 * such values and the sphere. Error O(h³) near the sphere, O(h⁴) inside. Throws RangeError outside the ball.
 */
export function sampleInBall(
  { grid, radius, spacing, dimension }: Ball,
  values: Float64Array,
  onSphere: number,
  point: ArrayLike<number>,
): number {
  const y = Array.from({ length: dimension }, (_, a) => point[a] ?? 0);
  const distance = Math.hypot(...y);
  if (!(distance <= radius * (1 + 1e-12))) {
    throw new RangeError(`the point (${y.join(', ')}) lies outside the ball of radius ${radius}`);
  }
  const field: GridFunction = { grid, values };
  const inner = (at: readonly number[]) => sample(field, at, new Array(dimension).fill(3));
  const reach = radius - 2 * spacing * Math.sqrt(dimension);
  if (distance <= reach) return inner(y);
  if (reach <= 0) return sample(field, y, new Array(dimension).fill(1));
  const alongRay = (r: number) => inner(y.map((value) => (value / distance) * r));
  const radii = [reach, Math.max(reach - 2 * spacing, reach / 2), radius];
  const found = [alongRay(radii[0]), alongRay(radii[1]), onSphere];
  return radii.reduce((sum, r, k) => {
    const weight = radii.reduce((w, other, l) => (l === k ? w : (w * (distance - other)) / (r - other)), 1);
    return sum + weight * found[k];
  }, 0);
}
