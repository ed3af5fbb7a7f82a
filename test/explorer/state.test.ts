import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shown, ticksWithin } from '../../docs/explorer/chart/numbers.ts';
import { rateMeter } from '../../docs/explorer/rate.ts';
import { commandOf, fieldAt, ownScenario } from '../../docs/explorer/scenario-text.ts';
import { EPSILON, initial, linkOf, OWN, powerOfTen, type State, stateOf } from '../../docs/explorer/state.ts';
import { readScenario, ScenarioError } from '../../scenarios/read/index.ts';

const library = ['quadratic', 'separated'];
const within = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true }).map((value) => (value === 0 ? 0 : value));
const states: fc.Arbitrary<State> = fc.record({
  scenario: fc.constantFrom(OWN, ...library),
  own: fc.record(Object.fromEntries(Object.keys(initial.own).map((key) => [key, fc.string()]))) as fc.Arbitrary<
    State['own']
  >,
  epsilon: within(EPSILON.lower, EPSILON.upper).map((exponent) => Math.max(powerOfTen(exponent), 1e-8)),
  x: fc.option(within(-9, 9)),
  y: fc.option(within(-9, 9)),
  p: fc.option(within(-9, 9)),
  radius: within(1, 12),
  delta: within(1e-6, 1),
  grid: fc.constantFrom('101x61', '201x101', '401x201'),
  device: fc.constantFrom('processor', 'graphics card'),
});

describe('a link', () => {
  test('holds all that the page shows', () => {
    fc.assert(
      fc.property(states, (state) => {
        const kept = state.scenario === OWN ? state : { ...state, own: initial.own };
        expect(stateOf(`#${linkOf(state)}`, library)).toEqual(kept);
      }),
      { numRuns: 200 },
    );
  });

  test.each(['', '#', '#scenario=none&epsilon=2&grid=1x1&radius=-1&delta=0&x=one', '#%E0%A4%A'])(
    '%s with nothing of use is the start',
    (hash) => expect(stateOf(hash, library)).toEqual(initial),
  );
});

describe('a loss that was typed', () => {
  test('is a scenario with its numbers', () => {
    const { problem, domain } = readScenario(ownScenario(initial.own));
    expect(problem.fast.deepRelaxation?.gamma).toBe(5);
    expect(problem.horizon).toBe(0.5);
    expect(domain.x).toEqual([{ lower: -3, upper: 3 }]);
  });

  test.each([
    ['loss', 'x^2/z'],
    ['loss', '"'],
    ['loss', 'x: y # {'],
    ['loss', ''],
    ['gamma', '-1'],
    ['gamma', 'many'],
    ['gamma', ''],
    ['lower', '2'],
    ['lower', '[0'],
    ['horizon', '0'],
    ['left', '5'],
  ] as const)('is refused beside the field %s where that is "%s"', (field, typed) => {
    const refused = () => readScenario(ownScenario({ ...initial.own, [field]: typed }), { name: 'explorer' });
    expect(refused).toThrow(ScenarioError);
    try {
      refused();
    } catch (error) {
      expect(fieldAt((error as ScenarioError).place)).toBe(field);
    }
  });
});

test('the command line names the scenario, ε, grid and point', () => {
  expect(commandOf({ ...initial, epsilon: 1e-8 }, { x: 0.5, y: -1 })).toBe(
    'hjb solve quadratic --epsilon 1e-8 --nodes x=201,y=101 --at x=0.5,y=-1 --json',
  );
  expect(commandOf({ ...initial, scenario: OWN }, { x: 0, y: 0 })).toContain('hjb solve explorer.yaml ');
});

test('a rate is counted over a burst, without the pause before it', () => {
  let now = 0;
  const meter = rateMeter(() => now);
  meter.asked();
  expect(meter.rate).toBeNull();
  now = 100;
  for (let k = 0; k < 10; k++) {
    meter.asked();
    now += 0.1;
    meter.answered();
  }
  expect(meter.rate?.solves).toBe(10);
  expect(meter.rate?.perSecond).toBeCloseTo(10, 6);
});

test('numbers are read as mathematics, and ticks are round', () => {
  expect([0, -0.25, 1.83e-4, 1e-8, 123456].map((value) => shown(value))).toEqual([
    '0',
    '−0.25',
    '1.83·10⁻⁴',
    '10⁻⁸',
    '1.23·10⁵',
  ]);
  expect(ticksWithin(-2.5, 2.5, 5)).toEqual([-2, -1, 0, 1, 2]);
});
