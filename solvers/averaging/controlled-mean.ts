/** What a control does on average. */
import type { Coordinates } from '../../src/model/problem.ts';

/** φ and ℓ under a control, averaged with μ_x. */
export interface ControlledMean {
  /** φ̄, n components. */
  readonly velocity: readonly number[];
  /** ℓ̄, 0 without a running cost. */
  readonly cost: number;
}

/** The means under a constant control. */
export type ConstantMean = ControlledMean & { readonly control: readonly number[] };

/** −(φ̄·p + ℓ̄). */
export function gainOf({ velocity, cost }: ControlledMean, p: Coordinates): number {
  return -velocity.reduce((sum, v, i) => sum + v * p[i], cost);
}

/** The constant that serves p best. */
export function bestOf(constants: readonly ConstantMean[], p: Coordinates): ConstantMean {
  return constants.reduce((best, each) => (gainOf(each, p) > gainOf(best, p) ? each : best));
}
