import { type Fields, nodesOf, type Selected, select } from '../study/field.ts';
import type { StudyFields } from '../study/study-fields.ts';

/** Vᵉ and v at τ = T, as far as they are there. */
export interface Values {
  readonly epsilons: readonly number[];
  /** Over (y,x) where n = m = 1, else over x with y held. */
  readonly values: readonly Selected[];
  readonly limit: Selected;
  /** Where y is held; nothing where it is shown. */
  readonly at: string;
}

/** Null where there are none. */
export function valuesIn(fields: StudyFields): Values | null {
  const epsilons = nodesOf(fields, 'epsilon');
  const tau = nodesOf(fields, 'tau').length - 1;
  const limit = select(fields, 'v', { tau });
  const whole = epsilons.map((_, epsilon) => select(fields, 'V', { epsilon }));
  const overX = epsilons.map((_, epsilon) => select(fields, 'V_over_x', { epsilon, tau }));
  const isWhole = whole.length > 0 && !whole.includes(null);
  const values = isWhole ? whole.map((field) => aroundK(field as Selected, fields.fixed)) : overX;
  if (limit === null || values.length === 0 || values.includes(null)) return null;
  return { epsilons, values: values as Selected[], limit, at: isWhole ? '' : heldIn(fields, 'V_over_x') };
}

/** The y of K and half its width on both sides: farther out Vᵉ is steep where the process hardly comes. */
function aroundK({ axes: [y, x], values }: Selected, { K_lower, K_upper }: StudyFields['fixed']): Selected {
  const [lower, upper] = [K_lower[1], K_upper[1]];
  const reach = (upper - lower) / 2;
  const first = y.nodes.findIndex((node) => node >= lower - reach);
  const nodes = y.nodes.slice(first).filter((node) => node <= upper + reach);
  const cut = values.slice(first * x.nodes.length, (first + nodes.length) * x.nodes.length);
  return { axes: [{ ...y, nodes }, x], values: cut };
}

/** Where the other coordinates of a field are held. */
export function heldIn({ variables }: Fields, name: string): string {
  return variables.find((field) => field.name === name)?.at ?? '';
}
