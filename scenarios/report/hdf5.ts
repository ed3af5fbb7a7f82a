/**
 * Fields as one dataset in the HDF5 layout of netCDF-4, for xarray, h5py, netCDF and MATLAB: every axis is a dimension
 * scale, every variable is attached to its axes, says in `long_name` what it is and has the units "1". docs/data.md
 * lists the variables.
 */
import type { Dataset, File, Group } from 'h5wasm';
import type { Study } from '../study/study.ts';
import { writeFileAtomically } from './atomic-file.ts';
import type { Contents } from './hdf5-contents.ts';
import { tableFields } from './table-fields.ts';

/** Writes the fields and tables of a study atomically; the same study gives the same bytes. */
export function writeFields(study: Study, path: string): Promise<void> {
  const { fields, scheme, time, tables } = study;
  const ofTables = tables.map(tableFields);
  return writeHdf5(path, {
    axes: [...fields.axes, ...ofTables.flatMap(({ axes }) => axes)],
    variables: [...fields.variables, ...ofTables.flatMap(({ variables }) => variables)],
    texts: ofTables.flatMap(({ texts }) => texts),
    attributes: { ...originOf(study), verdict: study.verdict.word, scheme, time, ...fields.fixed },
  });
}

/** Whose file it is. */
export function originOf({
  scenario,
  version,
  run,
  settings,
}: Pick<Study, 'scenario' | 'version' | 'run' | 'settings'>): Contents['attributes'] {
  return {
    title: scenario.title,
    scenario: scenario.name,
    version,
    run,
    source: scenario.source,
    settings: settings.map(([label, value]) => `${label}: ${value}`).join('\n'),
  };
}

/** Writes a file as a whole. The HDF5 library loads on the first call. */
export async function writeHdf5(path: string, contents: Contents): Promise<void> {
  const { File, ready } = await import('h5wasm');
  const files = (await ready).FS as unknown as MemoryFiles;
  withoutClock(() => {
    const file = new File(SCRATCH, 'w');
    try {
      fill(file, contents);
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

function fill(file: File, { axes, variables, texts, attributes }: Contents): void {
  setAttributes(file, attributes);
  const lengths = new Map(axes.map(({ name, nodes }) => [name, nodes.length]));
  const shapeOf = (names: readonly string[]) => names.map((name) => lengths.get(name) ?? 0);
  for (const [k, { name, nodes, description }] of axes.entries()) {
    const scale = file.create_dataset({ name, data: Float64Array.from(nodes), shape: [nodes.length] });
    scale.make_scale(name);
    scale.create_attribute('_Netcdf4Dimid', k, [], '<i');
    setAttributes(scale, { long_name: description, units: '1' });
  }
  for (const { name, description, axes: along, values, at } of variables) {
    const data = Float64Array.from(values, (value) => value ?? Number.NaN);
    const variable = file.create_dataset({ name, data, shape: shapeOf(along) });
    attach(variable, along);
    setAttributes(variable, { long_name: description, units: '1', ...(at === undefined ? {} : { held: at }) });
  }
  for (const { name, description, axes: along, values } of texts) {
    const variable = file.create_dataset({ name, data: [...values], shape: shapeOf(along), dtype: 'S' });
    attach(variable, along);
    setAttributes(variable, { long_name: description });
  }
}

function attach(variable: Dataset, along: readonly string[]): void {
  for (const [k, axis] of along.entries()) variable.attach_scale(k, `/${axis}`);
}

/** Attributes, numbers as 64-bit. */
function setAttributes(target: Dataset | Group, entries: Contents['attributes']): void {
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value === 'string') target.create_attribute(name, value);
    else if (typeof value === 'number') target.create_attribute(name, value, [], '<d');
    else target.create_attribute(name, Float64Array.from(value), [value.length], '<d');
  }
}
