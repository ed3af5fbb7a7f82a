/** Data sets and attributes as xarray and MATLAB expect them. */
import type { Dataset, Group } from 'h5wasm';

/** An axis as an HDF5 dimension scale. */
export function scale(group: Group, name: string, nodes: readonly number[], longName: string): void {
  const data = dataset(group, name, nodes, [nodes.length]);
  data.make_scale(name);
  attributes(data, { long_name: longName, units: '1' });
}

/** Values along an axis of the group. */
export function vector(group: Group, name: string, values: readonly number[], along: string, longName: string): void {
  const data = dataset(group, name, values, [values.length]);
  attachAxes(group, data, [along]);
  attributes(data, { long_name: longName });
}

/** Rows along two axes of the group. */
export function matrix(
  group: Group,
  name: string,
  rows: readonly (readonly number[])[],
  along: readonly string[],
): Dataset {
  const data = dataset(group, name, rows.flat(), [rows.length, rows[0]?.length ?? 0]);
  attachAxes(group, data, along);
  return data;
}

/** Values of a shape, with their axes, slowest first. */
export function tensor(
  group: Group,
  name: string,
  values: readonly number[],
  axes: readonly { readonly name: string; readonly nodes: readonly number[] }[],
): Dataset {
  const data = dataset(
    group,
    name,
    values,
    axes.map(({ nodes }) => nodes.length),
  );
  attachAxes(
    group,
    data,
    axes.map((axis) => axis.name),
  );
  return data;
}

function dataset(group: Group, name: string, values: readonly number[], shape: number[]): Dataset {
  return group.create_dataset({ name, data: Float64Array.from(values, (value) => value ?? Number.NaN), shape });
}

function attachAxes(group: Group, data: Dataset, along: readonly string[]): void {
  along.forEach((name, k) => {
    data.attach_scale(k, `${group.path}/${name}`);
    data.set_dimension_label(k, name);
  });
  data.create_attribute('dims', [...along]);
  attributes(data, { units: '1' });
}

/** Attributes, numbers as 64-bit. */
export function attributes(target: Dataset | Group, entries: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value === 'string') target.create_attribute(name, value);
    else target.create_attribute(name, value, [], '<d');
  }
}
