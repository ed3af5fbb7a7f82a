/** What a march would refuse is refused before a study has a folder: exit code 2, a line, and nothing written. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { hjb } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-refused-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Parts {
  readonly slow?: string;
  readonly fast?: string;
  readonly controls?: string;
  readonly cost?: string;
  readonly terminal?: string;
  readonly domain?: string;
}

function scenario({ slow, fast, controls, cost, terminal, domain }: Parts): string {
  return `title: Refused
model:
  kind: slow-fast
  slow: ${slow ?? '{x: "u"}'}
  fast: ${fast ?? '{drift: {y: "-y"}}'}
  control: ${controls ?? '{u: [-1, 1]}'}
  terminal: "${terminal ?? 'x^2/2'}"
${cost === undefined ? '' : `  running: "${cost}"\n`}horizon: 0.5
domain: ${domain ?? '{x: [-1, 1], y: [-3, 3]}'}
study: {epsilon: [0.5, 0.1], nodes: {x: [11, 21], y: [11]}, cell: {radius: [2]}}
`;
}

const inPlane = { terminal: 'x1^2 + x2^2', domain: '{x1: [-1, 1], x2: [-1, 1], y: [-3, 3]}' };
const crossed = (s: string) => `{drift: {x1: "u", x2: "y"}, noise: {x1: ["${s}", "0"], x2: ["0.1", "0.1"]}}`;

const cases: readonly (readonly [name: string, parts: Parts, flags: string, said: RegExp])[] = [
  ['noise with cross terms under upwind', { ...inPlane, slow: crossed('0.3') }, '', /more than a_22 = .* allows/],
  ['the same under filtered', { ...inPlane, slow: crossed('0.3') }, '--scheme filtered', /more than a_22 = .* allows/],
  [
    'a control in noise with cross terms',
    { ...inPlane, slow: crossed('u') },
    '--scheme semi-lagrangian',
    /a control moves noise/,
  ],
  [
    'implicit steps in two slow variables',
    { ...inPlane, slow: '{x1: "u", x2: "y"}' },
    '--time implicit',
    /solved for n = 1/,
  ],
  ['implicit steps in formulas of a control', { slow: '{x: "sin(3*u)"}' }, '--time implicit', /not taught minima/],
  ['a drift without a value at a node', { slow: '{x: "u + 1/x"}' }, '', / is (NaN|-?Infinity) at /],
  [
    'a noise without a value at a node',
    { slow: '{drift: {x: "u"}, noise: {x: "sqrt(x)"}}' },
    '',
    / is (NaN|-?Infinity) at /,
  ],
  [
    'a noise without a value beyond the x-box',
    { slow: '{drift: {x: "u"}, noise: {x: "sqrt(x + 1)"}}' },
    '',
    / is (NaN|-?Infinity) at /,
  ],
  ['a terminal cost without a value', { terminal: 'log(x)' }, '', / is (NaN|-?Infinity) at /],
  ['a running cost without a value', { cost: '1/x' }, '', / is (NaN|-?Infinity) at /],
  ['a control without end and without price', { controls: '{u: [-inf, inf]}' }, '', /no lower bound over U/],
  ['a centred drift', { slow: '{drift: {x: "u"}, centred: {x: "y"}}' }, '', /centred drift/],
];

/** Writes a scenario; its path. */
function written(name: string, parts: Parts, more = ''): string {
  const file = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
  writeFileSync(file, `${scenario(parts)}${more}`);
  return file;
}

describe('before anything is written', () => {
  test.each(cases)('a study of %s is refused', async (name, parts, flags, said) => {
    const out = join(folder, `out of ${name}`.replaceAll(' ', '-'), 'study');
    const { code, stdout, stderr } = await hjb(`study ${written(name, parts)} --quiet --out ${out} ${flags}`);
    expect(stderr).toMatch(said);
    expect(stdout).toBe('');
    expect([code, existsSync(dirname(out))]).toEqual([2, false]);
  });

  test('a sweep of such members is refused', async () => {
    const crossing = { ...inPlane, slow: crossed('s') };
    const file = written('sweep', crossing, 'parameters: {s: 0.3}\nsweep: {s: [0.3, 0.4]}\n');
    const out = join(folder, 'out-of-sweep', 'study');
    const { code, stderr } = await hjb(`study ${file} --quiet --out ${out}`);
    expect(stderr).toMatch(/more than a_22 = .* allows/);
    expect([code, existsSync(dirname(out))]).toEqual([2, false]);
  });

  test('a comparison is refused for its second side, and the first is not run', async () => {
    const [good, bad] = [written('a-side-that-is-fine', {}), written('bad', { ...inPlane, slow: crossed('0.3') })];
    const out = join(folder, 'out-of-compare', 'compared');
    const { code, stdout, stderr } = await hjb(`compare ${good} ${bad} --quiet --out ${out}`);
    expect(stderr).toMatch(/bad\.yaml:\d+ – .* more than a_22 = .* allows/);
    expect(stdout).toBe('');
    expect([code, existsSync(dirname(out)), existsSync('results/a-side-that-is-fine')]).toEqual([2, false, false]);
  });
});
