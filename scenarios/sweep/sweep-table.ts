import type { Cell, Column, ConvergenceTable } from '../../src/verification/table.ts';
import type { SweptParameter } from '../scenario.ts';
import type { AtEpsilon, SweptMember } from './sweep.ts';

/** All ε of the members, decreasing; a member may have its own. */
export function epsilonsOf(members: readonly SweptMember[]): readonly number[] {
  const all = members.flatMap(({ epsilon }) => epsilon.map((at) => at.epsilon));
  return [...new Set(all)].sort((a, b) => b - a);
}

/** What a member has at this ε. */
export function atEpsilon({ epsilon }: SweptMember, wanted: number): AtEpsilon | undefined {
  return epsilon.find((at) => at.epsilon === wanted);
}

/** Keys of the table's own columns, which a parameter may have as its name. */
const OWN_KEYS =
  /^(limit|limitBound|order|orderVerdict|hamiltonian|hamiltonianBound|verdict|(value|bound|distance|order)_.*)$/;

/** The key of a swept parameter in the table. */
export function parameterKey(name: string): string {
  return OWN_KEYS.test(name) ? `parameter_${name}` : name;
}

/** A row for every member: values at the centre of K, distances from v, the order in ε, H̄, the verdict. */
export function sweepTable(swept: readonly SweptParameter[], members: readonly SweptMember[]): ConvergenceTable {
  const epsilons = epsilonsOf(members);
  const perEpsilon = (make: (epsilon: number) => readonly Column[]) => epsilons.flatMap(make);
  return {
    name: 'sweep',
    title: `Sweep over ${swept.map(({ name }) => name).join(' and ')}`,
    caption:
      'V and v at the centre of K with the error bounds of each study; sup|Vᵉ−v| over K on the same grid and steps; ' +
      'order: that in ε of the whole column; H̄ at the first point of the cell problems, its bound by the narrowest ' +
      'enclosure. A member that diverged or was not solved has no numbers.',
    columns: [
      ...swept.map(({ name }): Column => ({ key: parameterKey(name), label: name, kind: 'parameter' })),
      { key: 'limit', label: 'v', kind: 'value' },
      { key: 'limitBound', label: 'bound', kind: 'error' },
      ...perEpsilon((epsilon) => [
        { key: `value_${epsilon}`, label: `Vᵉ, ε = ${epsilon}`, kind: 'value' },
        { key: `bound_${epsilon}`, label: 'bound', kind: 'error' },
      ]),
      ...perEpsilon((epsilon) => [{ key: `distance_${epsilon}`, label: `sup|Vᵉ−v|, ε = ${epsilon}`, kind: 'error' }]),
      { key: 'order', label: 'order', kind: 'order' },
      { key: 'orderVerdict', label: 'verdict of the order', kind: 'verdict' },
      { key: 'hamiltonian', label: 'H̄', kind: 'value' },
      { key: 'hamiltonianBound', label: 'bound', kind: 'error' },
      { key: 'verdict', label: 'verdict', kind: 'verdict' },
    ],
    details: perEpsilon((epsilon) => [{ key: `order_${epsilon}`, label: `order at ε = ${epsilon}`, kind: 'order' }]),
    rows: members.map((member) => rowOf(member, epsilons)),
    series: [],
    notes: members.filter(({ advice }) => advice !== null).map(({ folder, advice }) => `${folder}: ${advice}`),
  };
}

function rowOf(member: SweptMember, epsilons: readonly number[]): Record<string, Cell> {
  const { values, limit, order, hamiltonian, verdict } = member;
  const perEpsilon = epsilons.flatMap((epsilon): [string, Cell][] => {
    const at = atEpsilon(member, epsilon);
    return [
      [`value_${epsilon}`, at?.value ?? null],
      [`bound_${epsilon}`, at?.bound ?? null],
      [`distance_${epsilon}`, at?.distance ?? null],
      [`order_${epsilon}`, at?.order ?? null],
    ];
  });
  return {
    ...Object.fromEntries(perEpsilon),
    limit: limit.value,
    limitBound: limit.bound,
    order: order.overall,
    orderVerdict: order.found,
    hamiltonian: hamiltonian.value,
    hamiltonianBound: hamiltonian.bound,
    verdict,
    ...Object.fromEntries(Object.entries(values).map(([name, value]) => [parameterKey(name), value])),
  };
}
