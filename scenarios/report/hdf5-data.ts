/** Data sets and attributes as xarray and MATLAB expect them. */
import type { Dataset, Group } from 'h5wasm';
import { arrayOf, type NdArray, packed } from '../fields.ts';
import type { ControlMaps } from '../study/control-maps.ts';
import type { NodeValues } from '../study/plane-fields.ts';

/** An axis as an HDF5 dimension scale. */
export function scale(group: Group, name: string, nodes: readonly number[], longName: string): void {
  const data = dataset(group, name, arrayOf(nodes, [nodes.length]));
  data.make_scale(name);
  attributes(data, { long_name: longName, units: '1' });
}

/** Values along an axis of the group. */
export function vector(group: Group, name: string, values: readonly number[], along: string, longName: string): void {
  attributes(tensor(group, name, arrayOf(values, [values.length]), [along]), { long_name: longName });
}

/** Values along axes of the group. */
export function tensor(group: Group, name: string, values: NdArray, along: readonly string[]): Dataset {
  const data = dataset(group, name, values);
  attachAxes(group, data, along);
  return data;
}

/** Values without axes. */
export function dataset(group: Group, name: string, values: NdArray): Dataset {
  return group.create_dataset({ name, data: packed(values), shape: values.shape });
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

/** A function on nodes; its axes become scales of the group. */
export function field(group: Group, name: string, { axes, values }: NodeValues, longName: string): Dataset {
  for (const axis of axes) if (group.get(axis.name) === null) scale(group, axis.name, axis.nodes, 'coordinate');
  const slowestFirst = [...axes].reverse();
  const shape = slowestFirst.map(({ nodes }) => nodes.length);
  const names = slowestFirst.map((axis) => axis.name);
  const data = tensor(group, name, arrayOf(values, shape), names);
  attributes(data, { long_name: longName });
  return data;
}

/** /control/0/{u_0, u_1, …}: u* over two coordinates, a data set per control and ε (its attribute epsilon, 0 for v). */
export function writeControls(file: Group, { names, sections }: ControlMaps): void {
  if (sections.length === 0) return;
  const group = file.create_group('control');
  sections.forEach(({ held, axes, maps }, s) => {
    const home = group.create_group(String(s));
    if (held !== '') attributes(home, { held });
    maps.forEach(({ epsilon, values }, k) => {
      names.forEach((name, c) => {
        const numbers = { axes, values: values[c].map((value) => value ?? Number.NaN) };
        const data = field(home, `${name}_${k}`, numbers, 'optimal control at time to go T');
        attributes(data, { epsilon });
      });
    });
  });
}
