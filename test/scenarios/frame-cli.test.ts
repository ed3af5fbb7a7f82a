/** `hjb solve --frame`: the default, what it changes, what is refused. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hjb, json } from '../run-hjb.ts';

const grid = '--epsilon 0.1 --nodes x=11,y=13 --quiet';
const point = '--at x1=0.5,x2=0,y1=0.2,y2=0.1';

describe('without --frame', () => {
  const line = `solve rotational-2d-uncontrolled ${grid} --scheme filtered ${point}`;
  test('it is moving where two fast variables have no potential', { tags: ['full'] }, async () => {
    const { stdout } = await hjb(line);
    expect(stdout).toMatch(/z1 ∈ \[-4\.1\d+, 4\.1\d+\]/);
    expect(stdout).toContain('z = y − m(x), m(x) = (0.5333 x1 + 0.2667 x2, −0.2667 x1 + 0.5333 x2): all x share');
  });

  test('both frames agree up to their errors', { tags: ['full'] }, async () => {
    const [usual, fixed] = [await json(line), await json(`${line} --frame fixed`)];
    expect([usual.frame, fixed.frame]).toEqual(['moving', 'fixed']);
    expect(usual.at[0].exact).toBe(fixed.at[0].exact);
    expect(usual.at[0].error).toBeLessThan(fixed.at[0].error); // measured 0.0129 and 0.0267
    expect(usual.bytes).toBeLessThan(fixed.bytes);
  });

  test('it is fixed with a potential, and for methods that move x alone', { tags: ['full'] }, async () => {
    expect((await json(`solve isotropic-2d ${grid}`)).frame).toBe('fixed');
    expect((await json(`solve rotational-2d ${grid} --scheme semi-lagrangian`)).frame).toBe('fixed');
  });

  test('it is fixed where b is affine near the origin only', { tags: ['full'] }, async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'hjb-')), 'bent.yaml');
    writeFileSync(
      file,
      [
        'title: bent',
        'model:',
        '  kind: slow-fast',
        '  slow: { x1: u*y1, x2: u*y2 }',
        '  fast: { drift: { y1: "x1 - y1 + y2 - 3*max(0, y1-3)", y2: x2 - y1 - y2 } }',
        '  control: { u: [0, 1] }',
        '  terminal: x1^2 + x2^2',
        'horizon: 0.2',
        'domain: { x: [-1, 1] }',
        'observe: { x: [-0.5, 0.5], y: [-1, 1] }',
      ].join('\n'),
    );
    expect((await json(`solve ${file} ${grid}`)).frame).toBe('fixed');
    const { code, stderr } = await hjb(`solve ${file} ${grid} --frame moving`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--frame – --frame is moving, and the fast drift of bent has no moving frame – /);
  });
});

test('the bounds and the budget are those of the frame: one slow and one fast variable', {
  tags: ['full'],
}, async () => {
  const line =
    'solve quadratic-uncontrolled --epsilon 0.1 --nodes x=41,y=31 --quiet --at x=1,y=0 --frame moving --budget';
  const found = await json(line);
  expect(found.frame).toBe('moving');
  const { value, exact, estimatedError } = found.at[0];
  // Measured: 0.0625 is estimated, 0.0557 exact.
  expect(Math.abs(estimatedError / (value - exact) - 1)).toBeLessThan(0.25);
});

test.each([
  ['multiwell', '--frame moving', /the fast drift of multiwell has no moving frame .* leave --frame out/],
  ['quadratic', '--frame moving --scheme semi-lagrangian', /carries z = y − m\(x\) along with x/],
  ['quadratic', '--frame moving --at x=1,y=9', /z = 8\.\d+ of z = y − m\(x\) lies outside the grid – .* --frame fixed/],
])('%s %s is bad input, in one line', async (scenario, flags, message) => {
  const { code, stdout, stderr } = await hjb(`solve ${scenario} --epsilon 0.1 --nodes x=21,y=21 --quiet ${flags}`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
  expect(stderr.split('\n')).toHaveLength(2);
});
