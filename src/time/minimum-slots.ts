/** The controls of a minimum with their coefficients in numbered slots. */
import type { CandidateRates } from '../control/candidate-rates.ts';
import { eachCoefficient, type QuadraticField } from '../control/quadratic-families.ts';
import type { Minimum } from '../differencing/differencing.ts';

/** Every coefficient as the slot that `add` gives it. */
export function minimumSlots(
  { candidates, canRest, edges, families, formulas }: Omit<CandidateRates, 'isSampled'>,
  add: (field: Float64Array) => number,
): Omit<Minimum, 'speeds'> {
  const slots = (quadratic: QuadraticField) => eachCoefficient(quadratic, add);
  return {
    candidates: candidates.map(({ rates, cost }) => ({
      rates: rates.map(add),
      cost: cost === null ? null : add(cost),
    })),
    canRest,
    edges,
    families: families.map(({ box, rates, cost, noise }) => ({
      box,
      rates: rates.map(slots),
      cost: slots(cost),
      ...(noise !== undefined && { noise: noise.map(slots) }),
    })),
    formulas,
  };
}
