/** fields.h5 as Python reads it, and what docs/data.md says of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { writeStudy } from '../../scenarios/report/write-study.ts';
import { writeSweep } from '../../scenarios/report/write-sweep.ts';
import { runStudy } from '../../scenarios/study/run-study.ts';
import type { Study } from '../../scenarios/study/study.ts';
import { sweepOf } from '../../scenarios/sweep/sweep-of.ts';
import { sweptMember } from '../../scenarios/sweep/swept-member.ts';
import { expectListed, page } from '../documented-fields.ts';
import { sampleStudy } from '../fixtures/study-sample.ts';
import { hasPython, python } from '../python.ts';
import { smallStudy } from '../small-study.ts';

const folder = mkdtempSync(join(tmpdir(), 'data-'));
afterAll(() => rmSync(folder, { recursive: true }));

const study = sampleStudy();
const isThere = hasPython();
beforeAll(() => writeStudy(study, folder));

describe.skipIf(!isThere)('in Python', () => {
  test('xarray opens one dataset with every variable on its dimensions, and reads the same numbers', () => {
    const script = `
import json, math
import numpy as np, xarray as xr, h5py
fields = json.load(open("study.json"))["fields"]
ds = xr.open_dataset("fields.h5", engine="h5netcdf")
for axis in fields["axes"]:
    assert ds[axis["name"]].dims == (axis["name"],), axis["name"]
    np.testing.assert_array_equal(ds[axis["name"]].values, axis["nodes"])
for field in fields["variables"]:
    data = ds[field["name"]]
    assert list(data.dims) == field["axes"], field["name"]
    assert data.attrs["long_name"] == field["description"] and data.attrs["units"] == "1"
    assert data.attrs.get("held") == field.get("at")
    wanted = np.array([math.nan if v is None else v for v in field["values"]], dtype=float)
    np.testing.assert_array_equal(data.values.ravel(), wanted)
for name, value in fields["fixed"].items():
    np.testing.assert_array_equal(ds.attrs[name], value)
for name in ["scheme", "time", "version", "source", "run", "settings", "title", "scenario"]:
    assert isinstance(ds.attrs[name], str) and ds.attrs[name] != "", name
assert "as claimed" in list(ds.table_epsilon_same_verdict.values)
with h5py.File("fields.h5") as file:
    assert h5py.h5ds.is_scale(file["x"].id) and file["V"].dims[2][0].name == "/x"
    assert ds.sizes["y"] == fields["fixed"]["nodes"][1]
print(ds.sizes["epsilon"], sorted(name for name in ds if name.startswith("table_epsilon"))[0])
`;
    expect(python(script, folder)).toMatch(/^5 table_epsilon_epsilon/);
  });

  test('the file of a sweep opens as one dataset with the parameter as a dimension', async () => {
    const path = join(folder, 'sweep');
    const scenario = { ...readScenario(smallStudy(folder)), sweep: [{ name: 'gamma', values: [2, 4] }] };
    const members = [2, 4].map((gamma) => sweptMember({ values: { gamma }, folder: `gamma=${gamma}` }, study));
    await writeSweep(sweepOf(scenario, { version: 'test', name: 'r' }, members), new Map(), path);
    const script = `
import xarray as xr
ds = xr.open_dataset("fields.h5", engine="h5netcdf")
assert ds.V_over_x.dims == ("gamma", "epsilon", "x") and ds.v.dims == ("gamma", "x")
assert (ds.v.sel(gamma=2) == ds.v.sel(gamma=4)).all()
print(*ds.gamma.values)
`;
    expect(python(script, path)).toBe('2.0 4.0\n');
  });
});

describe('a small study', { tags: ['full'] }, () => {
  let small: Study;
  const results = join(folder, 'small');
  beforeAll(async () => {
    small = await runStudy(readScenario(smallStudy(folder)), { version: 'test' });
    await writeStudy(small, results);
  });

  test('docs/data.md lists every variable of a study on the line', () => expectListed(small.fields));

  test('values on the way run from f to Vᵉ and v at time to go T', () => {
    const of = (name: string) => small.fields.variables.find((field) => field.name === name)?.values ?? [];
    const [f, v, overX] = ['f', 'v', 'V_over_x'].map(of);
    const times = small.fields.axes.find(({ name }) => name === 'tau')?.nodes ?? [];
    expect([times[0], times.at(-1), times.length]).toEqual([0, 1, 11]);
    expect(v.slice(0, f.length)).toEqual(f);
    expect(overX.slice(0, f.length)).toEqual(f);
    // y = 0 is a node.
    const whole = of('V');
    const [nx, ny] = small.fields.fixed.nodes;
    const middle = whole.slice(nx * ((ny - 1) / 2), nx * ((ny + 1) / 2));
    expect(overX.slice(10 * nx, 11 * nx)).toEqual(middle);
  });

  test.skipIf(!isThere)('the lines of docs/data.md run', () => {
    const [lines] = /(?<=```python\n)[^`]*/.exec(page) ?? [''];
    expect(lines.trim().split('\n').length).toBeLessThanOrEqual(11);
    expect(python(lines, results)).toMatch(/^small T = 1\.0 largest gap 0\.\d+/);
  });
});
