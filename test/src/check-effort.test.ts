/** Checking assumptions is a bounded amount of work, whatever the formulas: operations are counted, not seconds. */
import fc from 'fast-check';
import { afterAll, expect, test, vi } from 'vitest';
import type { enclosedEntries } from '../../src/assumptions/enclosed-entries.ts';
import { manyDraws } from '../draws.ts';

/** What compiling counts as, beside one evaluation. */
const COMPILING = 500;

const counted = { operations: 0 };

/** Other files of this worker may have read the modules already: they are read again, with one that counts. */
async function reading() {
  vi.resetModules();
  vi.doMock('../../src/assumptions/enclosed-entries.ts', async (load) => {
    const real = await load<{ enclosedEntries: typeof enclosedEntries }>();
    return {
      enclosedEntries: (...given: Parameters<typeof enclosedEntries>) => {
        const entries = real.enclosedEntries(...given);
        counted.operations += COMPILING * entries.operations;
        const evaluate: typeof entries.evaluate = (from, to) => {
          counted.operations += entries.operations;
          entries.evaluate(from, to);
        };
        return { ...entries, evaluate };
      },
    };
  });
  const [{ checkAssumptions }, { slowFast }] = [
    await import('../../src/assumptions/assumptions.ts'),
    await import('../problems.ts'),
  ];
  return { checkAssumptions, slowFast };
}

const { checkAssumptions, slowFast } = await reading();

afterAll(() => {
  vi.doUnmock('../../src/assumptions/enclosed-entries.ts');
  vi.resetModules();
});

const place = fc.integer({ min: -19, max: 19 }).map((k) => `(${k / 10})`);
const name = fc.constantFrom('x', 'y', 'u');

/** Sums of poles, jumps and kinks, some within others. */
const broken = fc.letrec<{ part: string }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(name, place, name).map(([a, k, b]) => `(${a}*${k}+${b})`),
    fc.tuple(fc.constantFrom('tan', 'sec', 'sign', 'abs', '1/', 'sqrt'), tie('part')).map(([f, a]) => `${f}(${a})`),
    fc.tuple(tie('part'), fc.constantFrom('*', '-', '/'), tie('part')).map(([a, of, b]) => `(${a}${of}${b})`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `where(${a}>${b},sin(${a}),${b}^2)`),
    fc.tuple(tie('part'), tie('part')).map(([a, b]) => `max(${a},${b})`),
  ),
})).part;

/** A fence: forty branches take 4.6e7, and took a minute of processor time before questions had an allowance. */
const MOST = 1e8;

function expectLittleWork(running: string): void {
  counted.operations = 0;
  const problem = slowFast({ runningCost: running, potential: 'y^2/2' });
  const found = checkAssumptions(problem, { slow: [{ lower: -2, upper: 2 }], fast: [{ lower: -5, upper: 5 }] });
  expect(counted.operations, running).toBeGreaterThan(0);
  expect(counted.operations, running).toBeLessThan(MOST);
  expect(found.length).toBeGreaterThan(5);
}

test.each([
  'max(tan(x)*tan(5*y),sec(u)*tan(x*y))*sign(tan(y))+abs(tan(u*y-x))^0.3',
  'tan(tan(x*y)*u+tan(y))+tan(3*u+x)*tan(y*u)/(1+tan(x))',
])('nested poles %s take little work', expectLittleWork);

/** Parts one after another as long as a formula may be. */
function sumOf(parts: readonly string[]): string {
  return parts.reduce((text, part) => (text.length + part.length < 1900 ? `${text}+${part}` : text), '1');
}

test('drawn poles and jumps take a bounded amount of work', { tags: ['full'], timeout: 300_000 }, () => {
  const sums = fc.array(broken, { minLength: 1, maxLength: 20 }).map(sumOf);
  fc.assert(fc.property(sums, expectLittleWork), { numRuns: manyDraws(40) });
});

test('forty branches take a bounded amount of work', { tags: ['full'], timeout: 60_000 }, () => {
  expectLittleWork(sumOf(Array.from({ length: 40 }, (_, k) => `where(sin(${k}*x*y)>u,cos(x-${k}),sin(y*u+${k}))`)));
});
