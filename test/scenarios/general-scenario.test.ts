/** Scenarios of the general system: noise in x and in y, a terminal cost in y, a discount. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScenarioText } from '../../scenarios/read/read-text.ts';
import { ScenarioError } from '../../scenarios/read/scenario-error.ts';
import { equationsLatex } from '../../scenarios/report/mathematics.ts';
import { describeProblem } from '../../src/model/describe.ts';
import { type GeneralTerm, termsOf } from '../../src/model/general-terms.ts';

/** Nodes that need not be found. */
const study = 'study: {nodes: {x: 51, y: 51}}\n';

/** A scenario with one line per key of the model; the line that is to be blamed ends in "# here". */
function scenario(model: Readonly<Record<string, string>>, rest = ''): string {
  const lines = Object.entries({ slow: '{x: "u"}', fast: '{drift: {y: "-y"}}', terminal: '"x^2"', ...model });
  const keys = lines.filter(([, value]) => value !== '').map(([key, value]) => `  ${key}: ${value}`);
  const boxes = `horizon: 1\ndomain: {x: [-1, 1]}\n${study}`;
  return `model:\n  kind: slow-fast\n${keys.join('\n')}\n  control: {u: [0, 1]}\n${boxes}${rest}`;
}

const here = (value: string) => `${value} # here`;
const noisy = (noise: string) => ({ slow: here(`{drift: {x: "u"}, noise: ${noise}}`) });
const planar = (noise: string) => ({
  slow: here(`{drift: {x1: "u", x2: "1"}, noise: ${noise}}`),
  terminal: '"x1"',
});
const fast = (noise: string, drift = '{y: "-y"}') => ({ fast: here(`{drift: ${drift}, noise: ${noise}}`) });

const wrong: readonly (readonly [string, string, string])[] = [
  ['noise of an unknown variable', scenario(noisy('{z: "1"}')), 'model.slow.noise names z'],
  ['noise of y among the slow ones', scenario(noisy('{y: "1"}')), 'write its noise in model.fast.noise'],
  ['an empty list', scenario(noisy('{x: []}')), 'is a list of 0'],
  ['lists of different lengths', scenario(planar('{x1: ["1", "2"], x2: ["1"]}')), 'x1 has 2 coefficients and x2 has 1'],
  ['seventeen motions', scenario(noisy(`{x: [${Array(17).fill('1').join(', ')}]}`)), 'x has 17 coefficients'],
  ['a list in a list', scenario(noisy('{x: [["1"]]}')), 'model.slow.noise.x[0] is a list of 1'],
  ['an unknown name in a list', scenario(noisy('{x: ["1", "w"]}')), 'model.slow.noise.x[1]: the name "w" is unknown'],
  ['noise that is a number', scenario(noisy('3')), 'model.slow.noise is 3'],
  ['noise without a drift', scenario({ slow: here('{noise: {x: "1"}}') }), 'drift is missing in model.slow'],
  ['half of the long form', scenario({ slow: here('{drift: "u"}') }), 'model.slow.drift is a formula'],
  [
    'a control in the centred drift',
    scenario({ slow: here('{drift: {x: "u"}, centred: {x: "u*y"}}') }),
    'model.slow.centred.x names the control u',
  ],
  ['no number in it', scenario({ slow: here('{drift: {x: "u"}, centred: {x: "log(y)"}}') }), 'g₀ is NaN at x = -1'],
  ['a third key', scenario({ slow: here('{drift: {x: "u"}, nose: {x: "1"}}') }), 'did you mean noise?'],
  ['noise in the model', scenario({ noise: here('{x: "1"}') }), '"noise" stands in model'],
  ['noise at the top', scenario({}, 'noise: {x: "1"} # here\n'), '"noise" stands at the top'],
  ['a discount at the top', scenario({}, 'discount: 1 # here\n'), '"discount" stands at the top'],
  ['a negative discount', scenario({ discount: here('-1') }), 'the discount λ is -1'],
  ['a discount that is a word', scenario({ discount: here('soon') }), 'the name "soon" is unknown'],
  ['a discount that is a list', scenario({ discount: here('[1]') }), 'model.discount is a list of 1'],
  ['a discount in x', scenario({ discount: here('"x"') }), 'the name "x" is unknown'],
  ['an endless discount', scenario({ discount: here('.inf') }), 'model.discount is Infinity'],
  ['no number in s', scenario(noisy('{x: ["1", "sqrt(x)"]}')), 's12 is NaN at x = -1'],
  ['no number in r', scenario(fast('{y: "sqrt(y)"}')), 'r is NaN at x = -1, y = -3'],
  ['a control in r', scenario(fast('{y: "1 + u"}')), 'model.fast.noise.y names the control u'],
  ['a control in b', scenario({ fast: here('{drift: {y: "-u*y"}}') }), 'model.fast.drift.y names the control u'],
  ['a control in Φ', scenario({ fast: here('{potential: "u*y^2"}') }), 'model.fast.potential names the control u'],
  ['a control in g', scenario({ terminal: here('"x + u*y"') }), 'model.terminal names the control u'],
  ['noise of x among the fast ones', scenario(fast('{x: "1"}')), 'write its noise in model.slow.noise'],
  ['a list in the fast noise', scenario(fast('{y: ["1", "2"]}')), 'a Brownian motion of its own'],
  ['no fast noise', scenario(fast('{y: "0"}')), 'r of y is 0 everywhere'],
  ['r = 0 at a point', scenario(fast('{y: "y - 0.3"}')), 'r of y is 0 at y = 0.3'],
  [
    'r = 0 at some x',
    scenario(fast('{y1: "1", y2: "x + y1/3"}', '{y1: "-y1", y2: "-y2"}')),
    'r of y2 is 0 at x = 0, y1 = 0',
  ],
  [
    'r that may vanish',
    scenario(fast('{y: "(y - 0.3)^2"}')).replace('x: [-1, 1]', 'x: [-1, 1], y: [0, 2]'),
    'may come as near to 0',
  ],
  [
    'r = 0 at an end of the box',
    scenario(fast('{y: "sqrt(y)"}')).replace('x: [-1, 1]', 'x: [-1, 1], y: [0, 2]'),
    'r of y is 0 at y = 0, in y ∈ [0, 2]',
  ],
  [
    'a value that begins elsewhere',
    scenario({ terminal: '"x + y"' }, 'observe: {x: [0, 1], y: [0, 1]}\nexact: {value: "x + 2*y"} # here\n'),
    'exact.value is 1 at tau = 0',
  ],
];

const correlated: readonly (readonly [string, string])[] = [
  ['the model', scenario({ correlation: here('0.3') })],
  ['slow', scenario({ slow: here('{drift: {x: "u"}, noise: {x: "1"}, correlation: 0.3}') })],
  ['the short form of slow', scenario({ slow: here('{x: "u", correlation: 0.3}') })],
  ['slow.noise', scenario(noisy('{x: "1", rho: 0.3}'))],
  ['fast', scenario({ fast: here('{drift: {y: "-y"}, correlation: {x: 0.3}}') })],
];

const deep = 'model:\n  kind: deep-relaxation\n  loss: x^2\n  gamma: 3\n  control: [0, 1]\n';

function refusal(text: string): ScenarioError {
  try {
    readScenarioText(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ScenarioError);
    return error as ScenarioError;
  }
  throw new Error('this was read');
}

function expectRefusal(text: string, words: string): void {
  const error = refusal(text);
  expect(error.message).toContain(words);
  expect(error.message).toBe([error.place, error.fact, error.cause, error.remedy].join(' – '));
  expect(error.place).toBe(`scenario:${text.split('\n').findIndex((line) => line.endsWith('# here')) + 1}`);
}

describe('what is no term of the general system is refused with its line and reason', () => {
  for (const [what, text, words] of wrong) test(what, () => expectRefusal(text, words));

  test.each(correlated)('a correlation of W and B in %s', (_, text) => {
    expectRefusal(text, 'the limit v is the same, the rate falls to √ε');
  });

  test.each(['noise: {x: 1}', 'discount: 1', 'terminal: x^2', 'slow: {x: u}'])('%s in deep relaxation', (key) => {
    expectRefusal(`${deep}  ${key} # here\nhorizon: 1\ndomain: {x: [-1, 1]}\n`, 'write kind: slow-fast');
  });
});

describe('how noise may be written', () => {
  const rows = (text: string) =>
    readScenarioText(text).problem.slowNoise?.map((row) => row.map((s) => s([0.5, 2], [3], [0.5])));
  const plane = (noise: string) => scenario({ ...planar(noise), slow: `{drift: {x1: "u", x2: "1"}, noise: ${noise}}` });

  test('a formula is a motion of its own, lists share theirs', () => {
    expect(rows(plane('{x1: "y", x2: "u"}'))).toEqual([
      [3, 0],
      [0, 0.5],
    ]);
    expect(rows(plane('{x1: ["1", "x1"], x2: ["2", "x2"]}'))).toEqual([
      [1, 0.5],
      [2, 2],
    ]);
    expect(rows(plane('{x1: ["1", "2"], x2: "4"}'))).toEqual([
      [1, 2, 0],
      [0, 0, 4],
    ]);
    expect(rows(plane('{x2: "4"}'))).toEqual([[0], [4]]);
  });

  test('no noise, and noise that is 0, are the problem without', () => {
    for (const noise of ['{}', '{x1: 0}', '{x1: ["0", "1-1"], x2: ["0", "0"]}'])
      expect(rows(plane(noise))).toBe(undefined);
  });

  test.each(['sqrt(2)', '2^0.5', '-sqrt(2)', 'k*sqrt(8)'])('r = %s is the default, and a potential stays one', (r) => {
    const text = scenario({ fast: `{potential: "y^2/2", noise: {y: "${r}"}}` }, 'parameters: {k: 0.5}\n');
    const { problem } = readScenarioText(text);
    expect(problem.fast.kind).toBe('potential');
    expect(termsOf(problem)).toEqual([]);
    const other = readScenarioText(text.replace(r, '1.5')).problem;
    expect([other.fast.kind, termsOf(other)]).toEqual(['drift', ['fastNoise']]);
  });

  test('a discount of 0 is none, and parameters may be set', () => {
    const text = scenario({ discount: 'k' }, 'parameters: {k: 0.5}\n');
    expect(readScenarioText(text).problem.discount).toBe(0.5);
    expect(readScenarioText(text, { set: { k: '0' } }).problem).not.toHaveProperty('discount');
    expect(() => readScenarioText(text, { set: { k: '-1' } })).toThrow('the discount λ is -1 (k = -1)');
  });
});

const usual = {
  system: 'dX = φ(X,Y,u) dt,  dY = b(X,Y)/ε dt + √(2/ε) dW',
  value: 'Vᵉ(t,x,y) = inf over u of E[f(X_T)]',
  Hamiltonian: 'H(x,y,p) = −min over u ∈ U of [φ(x,y,u)·p]',
  'ε-HJB': '−∂ₜVᵉ + H(x,y,D_xVᵉ) − (1/ε)(b·D_yVᵉ + Δ_yVᵉ) = 0,  Vᵉ(T,x,y) = f(x)',
  limit: '−∂ₜv + H̄(x,Dv) = 0,  v(T,x) = f(x),  H̄(x,p) = ∫ H(x,y,p) dμ_x(y)',
  μ_x: 'the invariant measure of dY = b(x,Y) dt + √2 dW at frozen x',
};

/** What each term writes, by row. */
const written: Readonly<Record<GeneralTerm, readonly (readonly [keyof typeof usual, string])[]>> = {
  slowNoise: [
    ['system', 's(X,Y,u) dW'],
    ['Hamiltonian', 'tr(a(x,y,u)M)'],
    ['Hamiltonian', 'a = ½ssᵀ'],
    ['ε-HJB', 'D²_xVᵉ'],
    ['limit', 'D²v'],
  ],
  fastNoise: [
    ['system', 'r(X,Y)/√ε'],
    ['ε-HJB', 'tr(αD²_yVᵉ)'],
    ['ε-HJB', 'α = ½rrᵀ'],
    ['μ_x', 'r(x,Y)'],
  ],
  terminalInY: [
    ['value', 'g(X_T,Y_T)'],
    ['ε-HJB', 'Vᵉ(T,x,y) = g(x,y)'],
    ['limit', 'g\u0304(x) = ∫ g(x,y) dμ_x(y)'],
  ],
  centredDrift: [
    ['system', 'ε^(−1/2) g₀(X,Y)'],
    ['ε-HJB', 'g₀·D_xVᵉ'],
    ['limit', 'hjb homogenize'],
  ],
  discount: [
    ['value', 'e^(−λT)'],
    ['ε-HJB', 'λVᵉ'],
    ['limit', 'λv'],
  ],
};

const drawn = fc.record({
  slow: fc.constantFrom(
    '{x: "u + y"}',
    '{drift: {x: "u"}}',
    '{drift: {x: "u"}, centred: {x: "sin(y)"}}',
    ...['"0.3*u"', '["x", "cos(y)"]', '0'].map((s) => `{drift: {x: "u"}, noise: {x: ${s}}}`),
  ),
  fast: fc.constantFrom(
    '{drift: {y: "-y"}}',
    ...['sqrt(2)', '1 + x^2', '2 + sin(y)', 'y', 'u', '1e400', ''].map((r) => `{drift: {y: "-y"}, noise: {y: "${r}"}}`),
  ),
  terminal: fc.constantFrom('"x^2"', '"x + y^2"', '"y"', '"x + u"', '"log(y)"', '[x]'),
  discount: fc.constantFrom('', '0', '0.3', '"a/10"', '-0.1', 'x', '[]', '1e-400'),
  running: fc.constantFrom('', '"u^2 + y^2"', '"x*u"'),
  extra: fc.constantFrom('', '', '', 'parameters: {r: 2, s: 3, g: 1, lambda: 4}\n', 'discount: 1\n'),
});

test('a drawn text is refused in words or read, and its equations name exactly the terms it has', () => {
  const found = new Set<string>();
  fc.assert(
    fc.property(drawn, ({ extra, ...model }) => {
      const text = scenario(model, extra === '' ? 'parameters: {a: 1}\n' : extra);
      let problem: ReturnType<typeof readScenarioText>['problem'];
      try {
        problem = readScenarioText(text).problem;
      } catch (error) {
        expect(error).toBeInstanceOf(ScenarioError);
        expect((error as Error).message).toMatch(/^scenario:\d+( – [^\n]{2,}){3}$/);
        return;
      }
      const terms = termsOf(problem);
      found.add(terms.join());
      const equations = describeProblem(problem);
      const rows = Object.fromEntries(equations);
      // Of a centred drift the limit is a system, not an equation.
      const isHomogenised = terms.includes('centredDrift');
      for (const [term, parts] of Object.entries(written)) {
        for (const [row, part] of parts.filter(([row]) => term === 'centredDrift' || row !== 'limit' || !isHomogenised))
          expect(rows[row].includes(part), `${term}: ${row}`).toBe(terms.includes(term as GeneralTerm));
      }
      if (terms.length === 0 && problem.runningCost === undefined) expect(rows).toMatchObject(usual);
      expect(equations.flat().join(' ')).not.toMatch(/undefined|NaN|null|Infinity|\[object/);
      expect(equationsLatex(equations)).toMatch(/^[\x20-\x7e\n]+$/);
    }),
    { numRuns: 80 },
  );
  // Not all are refused: of 80 draws a dozen are read, with other terms.
  expect(found.size).toBeGreaterThan(1);
});
