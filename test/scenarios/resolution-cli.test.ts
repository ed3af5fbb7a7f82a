/** Every command on y-nodes says what they do not resolve of the invariant measure. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { inLanes } from '../lanes.ts';
import { json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'resolution-'));
afterAll(() => rmSync(folder, { recursive: true }));

function saved(name: string, fast: string, more = 'domain: { x: [-2, 2] }'): string {
  const file = join(folder, `${name}.yaml`);
  const model = `  kind: slow-fast\n  slow: { x: "u*y" }\n  fast: ${fast}\n  control: { u: [-1, 1] }\n  terminal: x\n`;
  writeFileSync(file, `title: case\nmodel:\n${model}horizon: 1\n${more}\n`);
  return file;
}

describe('a well a hundredth wide beside a broad one', () => {
  const potential = '{ potential: "-log(exp(-y^2/2) + 50*exp(-((y - 1.2345)/0.01)^2/2))" }';
  const twoScales = saved('two-scales', potential);
  const named = /well at y = 1\.23\d that is 0\.04\d* wide, narrower than two spacings/;

  inLanes(['stationary', 'ergodic', 'cell'], (method) => method === 'cell')(
    'hamiltonian by %s gives no bound',
    async (method) => {
      const { at, warnings } = await json(`hamiltonian ${twoScales} --method ${method} --at x=1,p=1 --nodes 101`);
      expect([at[0].lower, at[0].upper, at[0].error]).toEqual([null, null, null]);
      expect(warnings.join()).toMatch(named);
    },
  );

  test('effective says so on 41 nodes, and takes more of its own accord', async () => {
    const coarse = await json(`effective ${twoScales} --no-sharp --nodes x=21,y=41 --at x=0`);
    expect(coarse.at[0].lower).toBeNull();
    expect(coarse.warnings.join()).toMatch(named);
    const usual = await json(`effective ${twoScales} --no-sharp --nodes x=21 --at x=0`);
    expect(usual.nodes.y[0]).toBeGreaterThan(700);
    expect(usual.warnings.join()).not.toMatch(/no bound/);
    // ∫|y| dμ in closed form.
    expect(Math.abs(usual.at[0].value + 0.94342304)).toBeLessThan(1e-3);
  });

  test('a y-box by hand that cuts the measure at one x is named with it', async () => {
    const drift = '{ drift: { y: "15*exp(-((x - 0.06)/0.01)^2) - y" } }';
    const cut = saved('cut', drift, 'domain: { x: [-2, 2], y: [-8, 8] }');
    const { warnings } = await json(`measure ${cut} --at x=0.06`);
    expect(warnings.join()).toMatch(/domain\.y leaves out up to 1\.0 of the invariant measure, at x = 0\.06/);
    expect(warnings.join()).toMatch(/at x = 0\.06 the y-box \[-8, 8\] leaves out 1\.0/);
  });
});
