/**
 * Draws of a property in the full lane: all of them, or a tenth where HJB_DRAWS=tenth says so. `.ci/run` does, whose
 * time is short: every run draws others, so that ten of them draw as many.
 */
export function manyDraws(count: number): number {
  return process.env.HJB_DRAWS === 'tenth' ? Math.ceil(count / 10) : count;
}
