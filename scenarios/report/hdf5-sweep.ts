/**
 * fields.h5 of a sweep: the fields of all members as one array each, the swept parameters first.
 *
 *   /centre/{gamma, epsilon, V, V_bound, distance, order, v, v_bound, hamiltonian, hamiltonian_bound}
 *   /effective/{gamma, x, v, exact}     v at τ = T, shape [gamma, x]
 *   /value/{gamma, epsilon, x, V}       Vᵉ at τ = T with y in the centre of K, shape [gamma, epsilon, x]
 *   /hamiltonian/0/{gamma, p, x, values}
 *
 * Axes are dimension scales as in the file of a study. Where the nodes differ between members, an axis counts them and
 * its coordinates stand in a data set `x_nodes` over the parameters and itself. NaN where a member has no number.
 */
import type { File, Group } from 'h5wasm';
import { arrayOf } from '../fields.ts';
import type { NodeValues } from '../study/plane-fields.ts';
import type { Sweep, SweptMember } from '../sweep/sweep.ts';
import { atEpsilon, epsilonsOf } from '../sweep/sweep-table.ts';
import { attributes, scale, tensor } from './hdf5-data.ts';

/** Fills the file of a sweep. */
export function writeSweepFields(file: File, sweep: Sweep): void {
  const { members } = sweep;
  const epsilons = epsilonsOf(members);
  writeCentre(file.create_group('centre'), sweep, epsilons);
  const effective = file.create_group('effective');
  writeField(effective, sweep, {
    name: 'v',
    longName: 'effective value function at time to go T',
    of: ({ fields }) => fields?.limit ?? null,
  });
  if (members.some(({ fields }) => fields !== null && fields.exact !== null)) {
    writeField(effective, sweep, {
      name: 'exact',
      longName: 'exact limit of the value functions',
      of: ({ fields }) => (fields === null || fields.exact === null ? null : { ...fields.limit, values: fields.exact }),
    });
  }
  writeField(file.create_group('value'), sweep, {
    name: 'V',
    longName: 'value function at time to go T, y in the centre of K',
    of: ({ fields }) => (fields === null ? null : stacked(fields.values, epsilons)),
  });
  const most = Math.max(0, ...members.map(({ fields }) => fields?.hamiltonians.length ?? 0));
  const hamiltonians = file.create_group('hamiltonian');
  for (let k = 0; k < most; k++) {
    writeField(hamiltonians.create_group(String(k)), sweep, {
      name: 'values',
      longName: 'effective Hamiltonian',
      of: ({ fields }) => fields?.hamiltonians[k] ?? null,
    });
  }
}

/** The parameters as scales of a group; their names, which no axis has. */
function writeParameters(group: Group, { swept }: Sweep, taken: readonly string[]): string[] {
  return swept.map(({ name, values }) => {
    const own = taken.includes(name) ? `parameter_${name}` : name;
    if (group.get(own) === null) scale(group, own, values, 'parameter of the sweep');
    return own;
  });
}

type Numbers = (member: SweptMember) => number | null | undefined;

/** Names of the data sets at the centre of K. */
const CENTRE: Readonly<Record<string, readonly [string, Numbers]>> = {
  v: ['v at the centre of K', ({ limit }) => limit.value],
  v_bound: ['error bound of v', ({ limit }) => limit.bound],
  hamiltonian: ['H at the first point of the cell problems', ({ hamiltonian }) => hamiltonian.value],
  hamiltonian_bound: ['error bound of H', ({ hamiltonian }) => hamiltonian.bound],
  overall_order: ['order in epsilon of the whole column', ({ order }) => order.overall],
};
const OVER_EPSILON = {
  V: ['value function at the centre of K', 'value'],
  V_bound: ['error bound of V', 'bound'],
  distance: ['sup|V - v| over K on the same grid and steps', 'distance'],
  order: ['order in epsilon from the one before', 'order'],
} as const;

function writeCentre(group: Group, sweep: Sweep, epsilons: readonly number[]): void {
  const { members, swept } = sweep;
  const names = writeParameters(group, sweep, ['epsilon', ...Object.keys(CENTRE), ...Object.keys(OVER_EPSILON)]);
  const shape = swept.map(({ values }) => values.length);
  for (const [name, [longName, of]] of Object.entries(CENTRE)) {
    const numbers = members.map((member) => of(member) ?? Number.NaN);
    attributes(tensor(group, name, arrayOf(numbers, shape), names), { long_name: longName });
  }
  if (epsilons.length === 0) return;
  scale(group, 'epsilon', epsilons, 'scale separation');
  for (const [name, [longName, key]] of Object.entries(OVER_EPSILON)) {
    const numbers = members.flatMap((member) =>
      epsilons.map((epsilon) => atEpsilon(member, epsilon)?.[key] ?? Number.NaN),
    );
    const data = tensor(group, name, arrayOf(numbers, [...shape, epsilons.length]), [...names, 'epsilon']);
    attributes(data, { long_name: longName });
  }
}

/** A function of every member as one array; its axes, the slowest first, follow the parameters. */
function writeField(
  group: Group,
  sweep: Sweep,
  {
    name,
    longName,
    of,
  }: { readonly name: string; readonly longName: string; readonly of: (m: SweptMember) => NodeValues | null },
): void {
  const parts = sweep.members.map(of);
  const first = parts.find((part) => part !== null);
  if (first === undefined) return;
  const axes = [...first.axes].reverse();
  const parameters = writeParameters(group, sweep, [
    name,
    ...axes.flatMap((axis) => [axis.name, `${axis.name}_nodes`]),
  ]);
  const outer = sweep.swept.map(({ values }) => values.length);
  for (const [a, { name: axis, nodes }] of axes.entries()) {
    if (group.get(axis) !== null) continue;
    const own = parts.map((part) => part?.axes[part.axes.length - 1 - a].nodes ?? null);
    const shared = own.every((each) => each === null || each.every((node, i) => node === nodes[i]));
    scale(group, axis, shared ? nodes : nodes.map((_, i) => i), shared ? 'coordinate' : 'number of the node');
    if (shared) continue;
    const numbers = own.flatMap((each) => each ?? missing(nodes.length));
    const data = tensor(group, `${axis}_nodes`, arrayOf(numbers, [...outer, nodes.length]), [...parameters, axis]);
    attributes(data, { long_name: 'coordinate' });
  }
  const inner = axes.map(({ nodes }) => nodes.length);
  const numbers = Float64Array.from(parts.flatMap((part) => part?.values ?? missing(first.values.length)));
  const along = [...parameters, ...axes.map((axis) => axis.name)];
  const data = tensor(group, name, arrayOf(numbers, [...outer, ...inner]), along);
  attributes(data, { long_name: longName });
}

/** Functions for several ε with ε as the slowest axis; NaN for those a member does not have. */
function stacked(
  fields: readonly ({ readonly epsilon: number } & NodeValues)[],
  epsilons: readonly number[],
): NodeValues | null {
  const [first] = fields;
  if (first === undefined) return null;
  const values = epsilons.flatMap(
    (wanted) => fields.find(({ epsilon }) => epsilon === wanted)?.values ?? missing(first.values.length),
  );
  return { axes: [...first.axes, { name: 'epsilon', nodes: epsilons }], values };
}

function missing(count: number): number[] {
  return new Array<number>(count).fill(Number.NaN);
}
