/**
 * Consistent: on smooth Φ the truncation error of one step tends to 0 as dx, dy, dt → 0 together. For a step S of order
 * 1 in time it is |(S_dt Φ − Φ)/dt − F(Φ)|, F the right side of the equation. A higher order in time shows only against
 * the evolution of Φ, so there it is the sum of two parts, which bounds it by the triangle inequality:
 *
 *   |F_h(Φ) − F(Φ)|,  F_h(Φ) = lim (S_δ Φ − Φ)/δ,      and      |S_dt Φ − S_{dt/2} S_{dt/2} Φ|/(dt(1 − 2^−p)).
 */
import type { Finding } from './certificate.ts';
import type { FieldMap } from './certificate-operators.ts';
import { ORDER_TOLERANCE, observedOrders } from './order.ts';

/** One level of refinement: a step on its grid, with Φ, F(Φ) and the nodes where both are smooth. */
export interface TruncationLevel {
  readonly dx: number;
  readonly dt: number;
  readonly test: Float64Array;
  /** The nodes of the error norm, with F(Φ) there. */
  readonly nodes: readonly number[];
  readonly expected: readonly number[];
  /** The step at another dt on the same grid. */
  readonly step: (dt: number) => FieldMap;
}

/** Quotients at δ, δ/2, δ/4 are extrapolated to δ = 0; the rest, of order δ³, is below any order claimed. */
const LIMIT = 1 / 4;

/** sup over the nodes of the truncation error of a step of order p in time. */
export async function truncationError(level: TruncationLevel, timeOrder: number): Promise<number> {
  const { dt, test, nodes, expected } = level;
  const quotient = async (delta: number) => {
    const after = await level.step(delta)(test);
    return nodes.map((k) => (after[k] - test[k]) / delta);
  };
  if (timeOrder === 1) return distance(await quotient(dt), expected);
  const [a, b, c] = [await quotient(LIMIT * dt), await quotient((LIMIT * dt) / 2), await quotient((LIMIT * dt) / 4)];
  const space = distance(
    a.map((value, i) => (value - 6 * b[i] + 8 * c[i]) / 3),
    expected,
  );
  const whole = await level.step(dt)(test);
  const half = level.step(dt / 2);
  const twice = await half(await half(test));
  const defect = nodes.reduce((most, k) => Math.max(most, Math.abs(whole[k] - twice[k])), 0);
  return space + defect / (dt * (1 - 2 ** -timeOrder));
}

/** What errors on levels of spacings dx say about the order claimed. */
export function consistency(
  sizes: readonly number[],
  errors: readonly number[],
  claim: { readonly order: number; readonly measured: Readonly<Record<string, number>>; readonly note: string },
): Finding {
  const orders = observedOrders(sizes, errors);
  const order = orders[orders.length - 1] ?? Number.NaN;
  const measured = {
    order,
    'claimed order': claim.order,
    'truncation error': errors[errors.length - 1],
    dx: sizes[sizes.length - 1],
    ...claim.measured,
  };
  if (order >= (1 - ORDER_TOLERANCE) * claim.order) return { status: 'holds', measured, note: claim.note };
  return {
    status: 'fails',
    measured,
    where: null,
    cause: 'the truncation error falls more slowly than claimed, or the levels are too coarse for these coefficients',
    remedy: 'compare with the tables of hjb study; where they agree with this figure, the scheme is not of its order',
  };
}

function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
