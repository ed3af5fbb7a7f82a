import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { identityOf, readState, writtenState } from '../../scenarios/checkpoint-file.ts';
import type { MarchState } from '../../solvers/index.ts';
import { inLanes } from '../lanes.ts';
import { hjb } from '../run-hjb.ts';

const folder = mkdtempSync(join(tmpdir(), 'hjb-checkpoint-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A signal that is aborted when it has been looked at so often. */
function abortedAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    get aborted() {
      return left-- <= 0;
    },
    addEventListener() {},
    removeEventListener() {},
  } as unknown as AbortSignal;
}

/** The step at which a solve was cancelled, after its first one. */
async function stoppedInside(line: string, file: string) {
  for (let looks = 3; ; looks++) {
    rmSync(file, { force: true });
    const { code, stdout, stderr } = await hjb(`${line} --checkpoint ${file}`, abortedAfter(looks));
    expect([code, stdout]).toEqual([130, '']);
    const [, step] = /cancelled after (\d+) of/.exec(stderr) ?? [];
    if (Number(step) > 0) return { step, stderr };
  }
}

/** What is found, without what depends on the time taken. */
function document(stdout: string) {
  const { seconds: _, nsPerNodeStep, sharp, ...found } = JSON.parse(stdout);
  return { ...found, sharp: { ...sharp, seconds: null } };
}

const lines = {
  solve:
    'solve quadratic --epsilon 0.1 --nodes x=41,y=31 --steps 200 --at x=1,y=0 --threads 1 --quiet --no-sharp --json',
  effective: 'effective quadratic --nodes x=201,y=31 --steps 200 --at x=1 --threads 1 --quiet --json',
};

inLanes(Object.entries(lines), ([name]) => name === 'solve')(
  'hjb %s goes on from its file, says so, and removes it at the end',
  async ([name, line]) => {
    const file = join(folder, name);
    const whole = await hjb(line);
    const { step } = await stoppedInside(line, file);
    const state = readFileSync(file);

    const resumed = await hjb(`${line} --checkpoint ${file}`);
    expect(resumed.stderr).toContain(`hjb: goes on from step ${step} of `);
    expect(document(resumed.stdout)).toEqual(document(whole.stdout));
    expect(existsSync(file)).toBe(false);

    // One that is cut is named, and not used.
    writeFileSync(file, state.subarray(0, state.length - 9));
    const { code, stderr } = await hjb(`${line} --checkpoint ${file}`);
    const cut = `the checkpoint ${file} is not used – it is damaged or not whole – solved from the beginning`;
    expect([code, stderr.split('\n')[0]]).toEqual([0, `hjb: warning: ${cut}`]);
  },
);

test('a state that cannot be kept does not end the solve, and a folder is none', async () => {
  mkdirSync(join(folder, 'taken'));
  expect(await hjb(`${lines.solve} --checkpoint ${join(folder, 'taken')}`)).toMatchObject({ code: 2, stdout: '' });
  // Beside it stands a name that is longer still.
  const { stderr } = await stoppedInside(lines.solve, join(folder, 'n'.repeat(253)));
  expect(stderr).toMatch(/hjb: warning: the state cannot be kept in .* – .* – the solve goes on without it\n/);
});

test('a state is read back bit for bit, and from no file that differs in a byte', () => {
  const numbers = fc.float64Array({ minLength: 1, maxLength: 9 });
  const states: fc.Arbitrary<MarchState> = fc.record({
    step: fc.nat(),
    steps: fc.nat(),
    repeats: fc.nat(3),
    differences: fc.array(fc.tuple(fc.double(), fc.double())),
    fields: fc.array(numbers),
    history: fc.array(fc.record({ tau: fc.double(), values: numbers })),
    policies: fc.option(
      fc.record({
        ...{ policies: fc.nat(), mostPolicies: fc.nat(), sweeps: fc.nat(), mostSweeps: fc.nat() },
        ...{ residual: fc.constantFrom(0, 1e-13), update: fc.constantFrom(0, 1e-13) },
      }),
    ),
  });
  const identity = identityOf({ solve: 1 });
  fc.assert(
    fc.property(states, fc.nat(), fc.integer({ min: 1, max: 255 }), (state, place, change) => {
      const bytes = writtenState(state, identity);
      expect(readState(bytes, identity)).toEqual({ kind: 'state', state });
      expect(readState(bytes, identityOf({ solve: 2 }))).toMatchObject({
        reason: expect.stringMatching(/another solve/),
      });
      expect(readState(bytes.subarray(0, place % bytes.length), identity).kind).toBe('unusable');
      bytes[place % bytes.length] ^= change;
      expect(readState(bytes, identity).kind).toBe('unusable');
    }),
  );
});
