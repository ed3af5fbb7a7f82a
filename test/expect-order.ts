import { expect } from 'vitest';
import { observedOrders } from '../src/verification/order.ts';

/** Asserts that the mean observed order over consecutive rows is `expected` ± `within`. */
export function expectOrder(
  errors: readonly number[],
  sizes: readonly number[],
  claim: { readonly expected: number; readonly within: number },
): void {
  const orders = observedOrders(sizes, errors).slice(1) as number[];
  const mean = orders.reduce((sum, order) => sum + order, 0) / orders.length;
  expect(mean, `observed orders ${orders.map((o) => o?.toFixed(3))}`).toBeGreaterThan(claim.expected - claim.within);
  expect(mean, `observed orders ${orders.map((o) => o?.toFixed(3))}`).toBeLessThan(claim.expected + claim.within);
}
