/**
 * Draws of a property in the full lane: all of them, or a quarter where HJB_DRAWS=quarter says so. `.ci/run` does, whose
 * time is short: every run draws others, so that four of them draw as many.
 */
export function manyDraws(count: number): number {
  return process.env.HJB_DRAWS === 'quarter' ? Math.ceil(count / 4) : count;
}
