/** Where values V = inf E f(X_T) can be at all: in the range of f, if there is no ℓ. */
import { treeIn } from '../../src/formula/formula.ts';
import { enclosure } from '../../src/formula/interval.ts';
import type { Problem } from '../../src/model/problem.ts';
import { namesOf } from '../../src/model/trees.ts';
import type { ValueRange } from '../../src/verification/order.ts';

const ANY: ValueRange = { lower: Number.NEGATIVE_INFINITY, upper: Infinity };

/**
 * An interval that holds f on the whole space, and so Vᵉ, v and every monotone approximation of them for ℓ = 0; from
 * the formula of f in outward-rounded arithmetic, all numbers for a closure and with a running cost.
 */
export function valueRange({ terminalCost, runningCost, source, discount, ...problem }: Problem): ValueRange {
  const [ofX, ofY] = namesOf({ terminalCost, ...problem });
  const tree = treeIn(terminalCost, ofX, ofY);
  if (tree === undefined || runningCost !== undefined || source !== undefined || discount !== undefined) return ANY;
  const everywhere = [Number.NEGATIVE_INFINITY, Infinity] as const;
  const { lower, upper } = enclosure(tree, Object.fromEntries([...ofX, ...ofY].map((name) => [name, everywhere])));
  // No number where the formula has no value, which bounds nothing.
  return lower <= upper ? { lower, upper } : ANY;
}
