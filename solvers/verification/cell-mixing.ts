/** Where a ball is large enough and −δω(0) is still no good H̄: the discount is too large for the time to mix. */
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { type DeltaCellSolution, LARGEST_EXIT_WEIGHT } from '../delta-cell.ts';

/** The width of the bounds of H̄, relative to ∫|h| dμ, from which on they are called wide. */
const WIDE = 0.1;

/** What bounds of H̄ say of −δω(0), `size` being ∫|h| dμ; nothing where the ball is too small, which is the trap. */
export function mixingWarnings(
  problem: Problem,
  { delta, minusDeltaOmega, exitWeightAt }: Pick<DeltaCellSolution, 'delta' | 'minusDeltaOmega' | 'exitWeightAt'>,
  { lower, upper, size }: { readonly lower: number; readonly upper: number; readonly size: number },
): string[] {
  const origin = new Array(dimensionsOf(problem).m).fill(0);
  if (exitWeightAt(origin) > LARGEST_EXIT_WEIGHT) return [];
  const value = minusDeltaOmega(origin);
  const shown = (number: number) => String(Number(number.toPrecision(4)));
  const bounds = `[${shown(lower)}, ${shown(upper)}]`;
  const remedy = 'take a smaller δ, and a larger radius with it, δ = n^−(4+α)';
  if (value < lower || value > upper)
    return [`−δω(0) = ${shown(value)} lies outside the bounds ${bounds} of H̄: ${remedy}.`];
  if (!(upper - lower > WIDE * size)) return [];
  return [
    `with δ = ${shown(delta)} the fast process is discounted before it mixes, so that H̄ is only known to lie in ` +
      `${bounds}: ${remedy}.`,
  ];
}
