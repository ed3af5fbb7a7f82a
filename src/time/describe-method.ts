import { type ClaimedOrder, claimedOrder, type Method, type Monotone, monotoneOf } from './schemes.ts';

const claims: Record<Monotone, string> = {
  always: 'monotone for every step',
  'under-cfl': 'monotone',
  filtered: 'filtered against a monotone step',
  never: 'not monotone',
};

/** A method in words: "upwind in x (monotone, order 1)" and "IMEX Euler in t (order 1)". */
export function describeMethod(
  method: Pick<Method, 'scheme' | 'time'>,
  order: ClaimedOrder = claimedOrder(method),
): { inX: string; inT: string } {
  const { scheme, time } = method;
  return {
    inX: `${scheme.label} in x (${claims[monotoneOf(method)]}, order ${order.dx})`,
    inT: `${time.label} in t (order ${order.dt})`,
  };
}
