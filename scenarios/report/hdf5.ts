/**
 * fields.h5: the fields of a study for h5py, xarray and MATLAB.
 *
 *   /value/{x, y, eps_0, eps_1, …}   Vᵉ at τ = T, shape [y, x], one data set per ε (its attribute epsilon)
 *   /effective/{x, v, exact, terminal}
 *   /control/0/{x, y, u_0, u_1, …}   u*, shape [y, x], one data set per ε (0: the limit)
 *   /hamiltonian/{x, p, values}      shape [p, x]
 *   /measure/x_0/{y, density}, …     /cell/0/{y, minus_delta_omega, exit_weight}, …
 *
 * Axes are HDF5 dimension scales; every data set names its axes in `dims`, what it is in `long_name`, `units` are "1".
 */
import type { File, Group } from 'h5wasm';
import { fromRows } from '../fields.ts';
import type { Study } from '../study/study.ts';
import type { StudyFields } from '../study/study-fields.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { attributes, scale, tensor, vector, writeControls } from './hdf5-data.ts';
import { writePlaneFields } from './hdf5-plane.ts';

/** Writes the fields atomically; the same study gives the same bytes. */
export function writeFields(study: Study, path: string): Promise<void> {
  return writeHdf5(path, study, (file) => {
    if ('kind' in study.fields) writePlaneFields(file, study.fields);
    else writeLineFields(file, study.fields);
  });
}

/** A file with what it is about, filled and written as a whole. The HDF5 library loads on the first call. */
export async function writeHdf5(
  path: string,
  { scenario, version, run }: Pick<Study, 'scenario' | 'version' | 'run'>,
  fill: (file: File) => void,
): Promise<void> {
  const { File, ready } = await import('h5wasm');
  const files = (await ready).FS as unknown as MemoryFiles;
  withoutClock(() => {
    const file = new File(SCRATCH, 'w');
    try {
      attributes(file, { title: scenario.title, scenario: scenario.name, version, run, source: scenario.source });
      fill(file);
    } finally {
      file.close();
    }
  });
  const bytes = files.readFile(SCRATCH);
  files.unlink(SCRATCH);
  await writeFileAtomically(path, bytes);
}

/** The part of the in-memory file system of h5wasm that is used. */
interface MemoryFiles {
  readFile(path: string): Uint8Array;
  unlink(path: string): void;
}

const SCRATCH = 'fields.h5';

function writeLineFields(file: File, fields: StudyFields): void {
  writeValues(file.create_group('value'), fields);
  writeEffective(file.create_group('effective'), fields);
  writeControls(file, fields.controls);
  writeHamiltonian(file.create_group('hamiltonian'), fields);
  writeMeasures(file.create_group('measure'), fields);
  writeCells(file.create_group('cell'), fields);
}

/**
 * HDF5 stamps every object with four times and h5wasm offers no way to turn that off (H5Pset_obj_track_times), so the
 * clock its WebAssembly reads stands still meanwhile; `write` is synchronous, nobody else can look.
 */
function withoutClock<T>(write: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return write();
  } finally {
    Date.now = now;
  }
}

function writeValues(group: Group, { values }: StudyFields): void {
  const shared = values.length > 0 && values.every((field) => sameAxes(field, values[0]));
  if (shared) writeAxes(group, values[0]);
  values.forEach((field, k) => {
    const home = shared ? group : group.create_group(`grid_${k}`);
    if (!shared) writeAxes(home, field);
    const data = tensor(home, `eps_${k}`, fromRows(field.values), ['y', 'x']);
    attributes(data, { long_name: 'value function at time to go T', epsilon: field.epsilon });
  });
}

type ValueField = StudyFields['values'][number];

function sameAxes(a: ValueField, b: ValueField): boolean {
  const equal = (s: readonly number[], t: readonly number[]) => s.length === t.length && s.every((v, i) => v === t[i]);
  return equal(a.x, b.x) && equal(a.y, b.y);
}

function writeAxes(group: Group, { x, y }: ValueField): void {
  scale(group, 'x', x, 'slow variable');
  scale(group, 'y', y, 'fast variable');
}

function writeEffective(group: Group, { effective }: StudyFields): void {
  scale(group, 'x', effective.x, 'slow variable');
  vector(group, 'v', effective.values, 'x', 'effective value function at time to go T');
  if (effective.exact !== null) vector(group, 'exact', effective.exact, 'x', 'exact limit of the value functions');
  vector(group, 'terminal', effective.terminal, 'x', 'terminal cost');
}

function writeHamiltonian(group: Group, { hamiltonian }: StudyFields): void {
  if (hamiltonian.values.length === 0) return;
  scale(group, 'x', hamiltonian.x, 'slow variable');
  scale(group, 'p', hamiltonian.p, 'gradient');
  const data = tensor(group, 'values', fromRows(hamiltonian.values), ['p', 'x']);
  attributes(data, { long_name: 'effective Hamiltonian' });
}

function writeMeasures(group: Group, { measures }: StudyFields): void {
  measures.forEach((measure, k) => {
    const home = group.create_group(`x_${k}`);
    attributes(home, { x: measure.x, mean: measure.mean, deviation: measure.deviation });
    scale(home, 'y', measure.y, 'fast variable');
    vector(home, 'density', measure.density, 'y', 'density of the invariant measure frozen at x');
  });
}

function writeCells(group: Group, { cells }: StudyFields): void {
  cells.forEach((cell, k) => {
    const home = group.create_group(String(k));
    const { x, p, radius, delta, hamiltonian } = cell;
    attributes(home, { x, p, radius, delta, effective_hamiltonian: hamiltonian });
    scale(home, 'y', cell.y, 'fast variable');
    vector(home, 'minus_delta_omega', cell.minusDeltaOmega, 'y', 'minus delta times the solution on the ball');
    vector(home, 'exit_weight', cell.exitWeight, 'y', 'expected discount at the exit from the ball');
  });
}
