/** The fields of all members of a sweep as one list, the swept parameters first. */
import { arrayOf } from '../fields.ts';
import type { Field, FieldAxis, Fields } from '../study/field.ts';
import type { Sweep, SweptMember } from './sweep.ts';
import { atEpsilon, epsilonsOf } from './sweep-table.ts';

/**
 * Every field of a study over (parameters, its axes), and the numbers at the centre of K. Where the nodes of an axis
 * differ between members, it counts them and AXIS_nodes(parameters, AXIS) has them. No number where a member has none.
 */
export function sweptFields(sweep: Sweep): Fields {
  const lists = sweep.members.map(({ fields }) => fields);
  const epsilon = { name: 'epsilon', nodes: epsilonsOf(sweep.members), description: 'scale separation' };
  const names = [...new Set(lists.flatMap((list) => list?.variables.map(({ name }) => name) ?? []))];
  const axes = commonAxes(lists, epsilon);
  const taken = [...names, ...axes.flatMap(({ name }) => [name, `${name}_nodes`]), ...Object.keys(CENTRE)];
  const parameters = sweep.swept.map(({ name, values }) => ({
    name: [...taken, ...Object.keys(OVER_EPSILON)].includes(name) ? `parameter_${name}` : name,
    nodes: values,
    description: 'parameter of the sweep',
  }));
  const over = parameters.map(({ name }) => name);
  return {
    axes: [...parameters, ...axes.map((axis) => (sharedBy(lists, axis) ? axis : counted(axis)))],
    variables: [
      ...centreFields(sweep.members, over, epsilon.nodes),
      ...names.map((name) => sweptField(lists, name, { over, axes })),
      ...axes.filter((axis) => !sharedBy(lists, axis)).map((axis) => nodesField(lists, axis, over)),
    ],
  };
}

type List = Fields | null;

/** Every axis with the most nodes it has in a member; all ε of the members. */
function commonAxes(lists: readonly List[], epsilon: FieldAxis): FieldAxis[] {
  const found = new Map<string, FieldAxis>([[epsilon.name, epsilon]]);
  for (const axis of lists.flatMap((list) => list?.axes ?? [])) {
    const known = found.get(axis.name);
    if (known === undefined || (axis.name !== 'epsilon' && axis.nodes.length > known.nodes.length)) {
      found.set(axis.name, axis);
    }
  }
  return [...found.values()];
}

function ownAxis(list: List, name: string): FieldAxis | undefined {
  return list?.axes.find((axis) => axis.name === name);
}

/** Whether the members have these nodes, ε some of them. */
function sharedBy(lists: readonly List[], { name, nodes }: FieldAxis): boolean {
  if (name === 'epsilon') return true;
  return lists.every((list) => ownAxis(list, name)?.nodes.every((node, k) => node === nodes[k]) ?? true);
}

function counted({ name, nodes }: FieldAxis): FieldAxis {
  return { name, nodes: nodes.map((_, k) => k), description: `number of the node, see ${name}_nodes` };
}

function nodesField(lists: readonly List[], { name, nodes, description }: FieldAxis, over: readonly string[]): Field {
  const values = lists.flatMap((list) => nodes.map((_, k) => ownAxis(list, name)?.nodes[k] ?? null));
  return { name: `${name}_nodes`, description, axes: [...over, name], values };
}

function sweptField(
  lists: readonly List[],
  name: string,
  { over, axes }: { readonly over: readonly string[]; readonly axes: readonly FieldAxis[] },
): Field {
  const fields = lists.map((list) => list?.variables.find((field) => field.name === name));
  const first = fields.find((field) => field !== undefined) as Field;
  const along = first.axes.map((wanted) => axes.find((axis) => axis.name === wanted) as FieldAxis);
  const shape = along.map(({ nodes }) => nodes.length);
  const size = shape.reduce((product, nodes) => product * nodes, 1);
  const values = fields.flatMap((field, m): (number | null)[] => {
    if (field === undefined) return new Array<null>(size).fill(null);
    const own = along.map((axis) => ownAxis(lists[m], axis.name)?.nodes ?? []);
    const positions = arrayOf(
      field.values.map((_, k) => k),
      own.map(({ length }) => length),
    );
    return Array.from({ length: size }, (_, k) => {
      const at = indicesOf(k, shape).map((i, a) =>
        along[a].name === 'epsilon' ? own[a].indexOf(along[a].nodes[i]) : i,
      );
      if (at.some((i, a) => i < 0 || i >= own[a].length)) return null;
      return field.values[positions.get(...at)];
    });
  });
  return { ...first, axes: [...over, ...first.axes], values };
}

/** The indices of an entry, the last axis fastest. */
function indicesOf(entry: number, shape: readonly number[]): number[] {
  return shape.map((nodes, a) => {
    const inner = shape.slice(a + 1).reduce((product, length) => product * length, 1);
    return Math.floor(entry / inner) % nodes;
  });
}

const CENTRE: Readonly<Record<string, readonly [string, (member: SweptMember) => number | null]>> = {
  v_centre: ['v at the centre of K', ({ limit }) => limit.value],
  v_centre_bound: ['error bound of v_centre', ({ limit }) => limit.bound],
  H_cell: ['effective Hamiltonian at the first point of the cell problems', ({ hamiltonian }) => hamiltonian.value],
  H_cell_bound: ['error bound of H_cell', ({ hamiltonian }) => hamiltonian.bound],
  overall_order: ['order in epsilon of the whole column', ({ order }) => order.overall],
};
const OVER_EPSILON = {
  V_centre: ['value function at the centre of K', 'value'],
  V_centre_bound: ['error bound of V_centre', 'bound'],
  distance: ['sup|V - v| over K on the same grid and steps', 'distance'],
  order: ['order in epsilon from the one before', 'order'],
} as const;

function centreFields(
  members: readonly SweptMember[],
  over: readonly string[],
  epsilons: readonly number[],
): readonly Field[] {
  const single = Object.entries(CENTRE).map(([name, [description, of]]) => {
    return { name, description, axes: over, values: members.map(of) };
  });
  const perEpsilon = Object.entries(OVER_EPSILON).map(([name, [description, key]]) => ({
    name,
    description,
    axes: [...over, 'epsilon'],
    values: members.flatMap((member) => epsilons.map((epsilon) => atEpsilon(member, epsilon)?.[key] ?? null)),
  }));
  return [...single, ...perEpsilon];
}
