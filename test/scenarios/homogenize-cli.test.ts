/** `hjb homogenize`: effective coefficients on the terminal and as a document. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hjb, json } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-homogenize-'));

function written(name: string, slow: string, more = ''): string {
  const path = join(folder, `${name}.yaml`);
  const model = `{ kind: slow-fast, slow: ${slow}, fast: { drift: { y: "-(1+x^2)*y" } }, terminal: "x^2"${more} }`;
  writeFileSync(path, `model: ${model}\nhorizon: 1\ndomain: { x: [-2, 2] }\n`);
  return path;
}

const centred = written('centred', '{ drift: { x: "-x" }, centred: { x: "y" }, noise: { x: "0.5*y" } }');

test('a centred drift becomes a drift and a diffusion', async () => {
  const { at } = await json(`homogenize ${centred} --x x=1 --x x=0`);
  // k = 1 + x², χ = y/k: F = −x − 2x/k³, A = 1/(4k) + 2/k².
  expect(at[0].drift).toBeCloseTo(-1.25, 6);
  expect(at[0].diffusion).toBeCloseTo(1 / 8 + 1 / 2, 6);
  expect(at[1].diffusion).toBeCloseTo(2.25, 6);
  expect(Math.abs(at[0].drift + 1.25)).toBeLessThan(at[0].driftError);
});

test('without points there is a row of them, with the mean of g beside', async () => {
  const { code, stdout } = await hjb(`homogenize ${centred} --nodes 201`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/x +F +A +∫g dμ/);
  expect(stdout.match(/±/g)?.length).toBeGreaterThan(5);
});

test.each([
  ['homogenize quadratic', /^--u – the system has a control, and none is held .* --u u=1$/],
  ['homogenize quadratic --u u=7 --x x=1', /the control 7 is not admissible/],
  [`homogenize ${written('off', '{ drift: { x: "-x" }, centred: { x: "1+y" } }')} --x x=0`, /has the mean 1\.00000/],
  [`effective ${centred}`, /a centred drift ε\^\(−1\/2\) g .*hjb homogenize/],
  [`homogenize ${written('stranger', '{ drift: { x: "-x" }, centred: { z: "y" } }')}`, /model\.slow\.centred names z/],
])('%s is refused', async (line, message) => {
  const { code, stderr, stdout } = await hjb(line);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr.trim().replace(/^hjb(: | – )/, '')).toMatch(message);
});
