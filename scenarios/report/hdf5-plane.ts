/**
 * The fields of a study with two slow or two fast variables in fields.h5; axes are slowest first, [x2, x1]:
 *
 *   /value/eps_0/{over_x, over_y}, …    Vᵉ(·,ȳ) and Vᵉ(x̄,·) at τ = T with the attribute epsilon
 *   /effective/{v, exact, terminal}     /feedback/{points, velocities}
 *   /control/0/{u_0, u_1, …}            u* over two coordinates, one data set per ε (0: the limit)
 *   /hamiltonian/0/values, …            /measure/0/density, …
 *   /cell/0/{minus_delta_omega, exit_weight, corrector}, …
 *   /descent/{landscape, METHOD/{ends, losses, way_0, …}}
 */
import type { File, Group } from 'h5wasm';
import { arrayOf, fromRows } from '../fields.ts';
import type { PlaneFields } from '../study/plane-fields.ts';
import { attributes, dataset, field, scale, vector, writeControls } from './hdf5-data.ts';

/** Writes the fields into an open file. */
export function writePlaneFields(file: File, fields: PlaneFields): void {
  const value = file.create_group('value');
  fields.values.forEach(({ epsilon, overX, overY }, k) => {
    const home = value.create_group(`eps_${k}`);
    attributes(home, { epsilon });
    field(home, 'over_x', overX, 'value function at time to go T over x, y at the centre of K');
    field(home, 'over_y', overY, 'value function at time to go T over y, x at the centre of K');
  });
  writeEffective(file.create_group('effective'), fields);
  if (fields.feedback.length > 0) writeFeedback(file.create_group('feedback'), fields);
  writeControls(file, fields.controls);
  const hamiltonian = file.create_group('hamiltonian');
  fields.hamiltonians.forEach(({ x, ...values }, k) => {
    const home = hamiltonian.create_group(String(k));
    point(home, { x });
    field(home, 'values', values, 'effective Hamiltonian over p');
  });
  const measure = file.create_group('measure');
  fields.measures.forEach(({ x, mean, covariance, ...density }, k) => {
    const home = measure.create_group(String(k));
    point(home, { x, mean, covariance: covariance.flat() });
    field(home, 'density', density, 'density of the invariant measure frozen at x');
  });
  writeCells(file.create_group('cell'), fields);
  if (fields.descents !== null) writeDescents(file.create_group('descent'), fields.descents);
}

function writeEffective(group: Group, { effective }: PlaneFields): void {
  const { axes, values, exact, terminal } = effective;
  field(group, 'v', { axes, values }, 'effective value function at time to go T');
  if (exact !== null) field(group, 'exact', { axes, values: exact }, 'exact limit of the value functions');
  field(group, 'terminal', { axes, values: terminal }, 'terminal cost');
}

function writeFeedback(group: Group, { feedback }: PlaneFields): void {
  list(
    group,
    'points',
    feedback.map(({ x }) => x),
    'slow nodes',
  );
  list(
    group,
    'velocities',
    feedback.map(({ velocity }) => velocity),
    'optimal averaged velocity at t = 0',
  );
}

function writeCells(group: Group, { cells }: PlaneFields): void {
  cells.forEach((cell, k) => {
    const home = group.create_group(String(k));
    const { x, p, radius, delta, hamiltonian } = cell;
    point(home, { x, p });
    attributes(home, { radius, delta, effective_hamiltonian: hamiltonian });
    scale(home, 'line', cell.line, 'first fast variable, the other 0');
    vector(home, 'minus_delta_omega', cell.minusDeltaOmega, 'line', 'minus delta times the solution on the ball');
    vector(home, 'exit_weight', cell.exitWeight, 'line', 'expected discount at the exit from the ball');
    field(home, 'corrector', cell.corrector, 'the solution minus its value at 0');
  });
}

function writeDescents(group: Group, { landscape, methods }: NonNullable<PlaneFields['descents']>): void {
  const axes = landscape.axes.map((nodes, a) => ({ name: `x${a + 1}`, nodes }));
  field(group, 'landscape', { axes, values: landscape.values }, 'loss');
  for (const { method, ways, losses } of methods) {
    const home = group.create_group(method);
    list(
      home,
      'ends',
      ways.map((way) => way[way.length - 1]),
      'last points',
    );
    dataset(home, 'losses', arrayOf(losses, [losses.length]));
    ways.forEach((way, k) => {
      list(home, `way_${k}`, way, 'points of the way, start first');
    });
  }
}

/** A list of points, one a row. */
function list(group: Group, name: string, points: readonly (readonly number[])[], longName: string): void {
  attributes(dataset(group, name, fromRows(points)), { long_name: longName });
}

/** Lists of numbers as attributes. */
function point(group: Group, lists: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, values] of Object.entries(lists)) {
    group.create_attribute(name, Float64Array.from(values), [values.length], '<d');
  }
}
