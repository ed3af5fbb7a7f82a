/** What a study leaves for figures and files: a list of named functions on named axes, the same for every n and m. */
import { type Axis, coordinates } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { arrayOf, packed } from '../fields.ts';

export interface FieldAxis {
  readonly name: string;
  readonly nodes: readonly number[];
  readonly description: string;
}

export interface Field {
  readonly name: string;
  readonly description: string;
  /** Names of axes, the slowest first; none for a number. */
  readonly axes: readonly string[];
  /** The last axis fastest; null where there is no number. */
  readonly values: readonly (number | null)[];
  /** Where other coordinates are held: "y = 0". */
  readonly at?: string;
}

/** Fields, and every axis that one of them stands on. */
export interface Fields {
  readonly axes: readonly FieldAxis[];
  readonly variables: readonly Field[];
}

/** Several lists as one. Throws Error where they mean different things by a name. */
export function joinedFields(lists: readonly Fields[]): Fields {
  const axes = new Map<string, FieldAxis>();
  for (const axis of lists.flatMap((list) => list.axes)) {
    const known = axes.get(axis.name);
    if (known !== undefined && known.nodes.join() !== axis.nodes.join()) throw new Error(`two axes ${axis.name}`);
    axes.set(axis.name, known ?? axis);
  }
  const variables = lists.flatMap((list) => list.variables);
  const names = [...axes.keys(), ...variables.map(({ name }) => name)];
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw new Error(`two fields ${twice}`);
  return { axes: [...axes.values()], variables };
}

/** Makes fields of so many significant digits, far below every discretisation error; null for what is no number. */
export function fieldsTo(digits: number) {
  const rounded = (value: number) => (Number.isFinite(value) ? Number(value.toPrecision(digits)) : null);
  return (
    name: string,
    description: string,
    axes: readonly string[],
    values: ArrayLike<number>,
    more: Pick<Field, 'at'> = {},
  ): Field => ({ name, description, axes, values: Array.from(values, rounded), ...more });
}

/** A uniform axis as one of fields. */
export function fieldAxis(axis: Axis, description: string): FieldAxis {
  return { name: axis.name, description, nodes: Array.from(coordinates(axis), (node) => Number(node.toPrecision(10))) };
}

/** Even nodes between two ends, both included. */
export function spread(name: string, lower: number, upper: number, nodes: number): Axis {
  return { name, lower, upper, nodes, spacing: (upper - lower) / (nodes - 1) };
}

/** A function at the nodes of axes, in the order of a field on the same axes reversed. */
export function mapNodes(axes: readonly Axis[], value: (node: number[]) => number): number[] {
  const values: number[] = [];
  forEachNode(tensorGrid(axes), (_, node) => values.push(value(Array.from(node))));
  return values;
}

/** Points of several coordinates as an axis: their own nodes for one coordinate, else their numbers. */
export function pointAxis(suffix: string, names: readonly string[], points: readonly (readonly number[])[]): Fields {
  const description = `points of the variables ..._${suffix}`;
  if (names.length === 1) {
    const nodes = points.map(([value]) => value);
    return { axes: [{ name: `${names[0]}_${suffix}`, description, nodes }], variables: [] };
  }
  const axis = { name: suffix, description, nodes: points.map((_, k) => k) };
  const variables = names.map((name, i) => ({
    name: `${name}_${suffix}`,
    description: `${name} at these points`,
    axes: [suffix],
    values: points.map((point) => point[i]),
  }));
  return { axes: [axis], variables };
}

/** A field with its axes, cut where an axis is fixed at an index; NaN where it has no number. */
export interface Selected {
  readonly axes: readonly FieldAxis[];
  readonly values: readonly number[];
}

/** Null where there is no such field. */
export function select(fields: Fields, name: string, fixed: Readonly<Record<string, number>> = {}): Selected | null {
  const field = fields.variables.find((variable) => variable.name === name);
  if (field === undefined) return null;
  const axes = field.axes.map((axis) => axisOf(fields, axis));
  const numbers = field.values.map((value) => value ?? Number.NaN);
  const whole = arrayOf(
    numbers,
    axes.map(({ nodes }) => nodes.length),
  );
  const cut = whole.pick(...axes.map((axis) => fixed[axis.name] ?? null));
  return { axes: axes.filter((axis) => fixed[axis.name] === undefined), values: Array.from(packed(cut)) };
}

/** Throws Error where there is no such axis. */
export function axisOf(fields: Fields, name: string): FieldAxis {
  const axis = fields.axes.find((one) => one.name === name);
  if (axis === undefined) throw new Error(`no axis ${name}`);
  return axis;
}

/** Nodes of an axis, none where it is not there. */
export function nodesOf({ axes }: Fields, name: string): readonly number[] {
  return axes.find((axis) => axis.name === name)?.nodes ?? [];
}

/** The numbers of a field as they stand, none where it is not there. */
export function valuesOf(fields: Fields, name: string): readonly number[] {
  return select(fields, name)?.values ?? [];
}
