import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { degreeIn } from '../../src/formula/degree.ts';
import { erf } from '../../src/formula/error-function.js';
import {
  compileExpression,
  compileExpressions,
  differentiate,
  namesIn,
  parseExpression,
} from '../../src/formula/expression.ts';
import { InputError } from '../../src/input/input-error.ts';

const names = ['x', 'y', 'u'];
const vocabulary = { names, parameters: { a: 1.5, gamma: 2, n: 3 } };
const compile = (text: string) => compileExpression(parseExpression(text, vocabulary), names);
const slope = (text: string, name = 'x') => {
  const derivative = differentiate(parseExpression(text, vocabulary), name);
  return compileExpression(derivative, names);
};
const degreeInU = (text: string) => degreeIn(parseExpression(text, vocabulary).tree, ['u']);

/** A formula together with the plain function it must mean. */
type Meaning = readonly [string, (x: number, y: number, u: number) => number];

const references: readonly Meaning[] = [
  ['a*x^2/2', (x) => (1.5 * x ** 2) / 2],
  ['-x^2', (x) => -(x ** 2)],
  ['2^-x', (x) => 2 ** -x],
  ['x^3 - x^5 + x^-2', (x) => x ** 3 - x ** 5 + x ** -2],
  ['x - y - u', (x, y, u) => x - y - u],
  ['x/y/u', (x, y, u) => x / y / u],
  ['-u*gamma*(x-y)', (x, y, u) => -u * 2 * (x - y)],
  ['x^2/4 + 0.3*cos(3*x)', (x) => x ** 2 / 4 + 0.3 * Math.cos(3 * x)],
  ['2^3^0.5 + x', (x) => 2 ** (3 ** 0.5) + x],
  ['2x + 3 sin(y)', (x, y) => 2 * x + 3 * Math.sin(y)],
  ['min(x, y, u) + max(x, 1e-1)', (x, y, u) => Math.min(x, y, u) + Math.max(x, 0.1)],
  [
    'atan2(x, y) + atan(x) + asin(x/9) + acos(y/9)',
    (x, y) => Math.atan2(x, y) + Math.atan(x) + Math.asin(x / 9) + Math.acos(y / 9),
  ],
  ['e^x + exp(y) + pi', (x, y) => Math.exp(x) + Math.exp(y) + Math.PI],
  ['tanh(x) + sinh(x)/cosh(x) + tan(y)', (x, y) => 2 * Math.tanh(x) + Math.tan(y)],
  [
    'sqrt(abs(x)) + log(1 + x^2) + sign(y)*pow(x, 2)',
    (x, y) => Math.sqrt(Math.abs(x)) + Math.log(1 + x * x) + Math.sign(y) * x * x,
  ],
  ['sec(x)*cos(x) + sech(x)*cosh(x)', () => 2],
];

describe('a compiled formula', () => {
  test.each(references)('%s means what it says', (text, reference) => {
    const value = compile(text);
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true }).filter((number) => Math.abs(number) > 1e-3);
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (x, y, u) => {
        const expected = reference(x, y, u);
        // Round-off of about ten operations; tan, the worst, amplifies by 1/cos^2.
        expect(Math.abs(value([x, y, u]) - expected)).toBeLessThanOrEqual(1e-11 * (1 + Math.abs(expected) ** 2));
      }),
      { seed: 1 },
    );
  });

  test('takes parameters as constants and folds what does not vary', () => {
    expect(compile('2*a + gamma^n')([0, 0, 0])).toBe(11);
    expect(parseExpression('sin(a)^2 + n', vocabulary).tree.kind).toBe('number');
  });

  test('knows its variables', () => {
    expect([...namesIn(parseExpression('a*x + sin(u)', vocabulary))]).toEqual(['x', 'u']);
  });

  test('gives the same bits alone and together with others, in any order of asking, signed zeros and NaN included', () => {
    const texts = [...references.map(([text]) => text), '1/x', 'atan2(x, y)', '-x', 'x*(y+u)^2 - x/(y+u)^2', '0.25'];
    const parsed = texts.map((text) => parseExpression(text, vocabulary));
    const together = compileExpressions(parsed, names);
    const alone = parsed.map((expression) => compileExpression(expression, names));
    const coordinate = fc.oneof(fc.double({ min: -4, max: 4 }), fc.constantFrom(0, -0, 1, Number.NaN));
    const asked = fc.tuple(coordinate, coordinate, coordinate, fc.nat(texts.length - 1));
    fc.assert(
      fc.property(fc.array(asked, { minLength: 1, maxLength: 8 }), (queries) => {
        for (const [x, y, u, k] of queries) {
          const fresh = compileExpression(parsed[k], names)([x, y, u]);
          expect(together[k]([x, y, u])).toBe(fresh);
          expect(alone[k]([x, y, u])).toBe(fresh);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  test('has the error function to the last places', () => {
    // Abramowitz, Stegun (1964), table 7.1, and 1 - erfc(3) = 1 - 2.20904969985854e-5.
    const table = [
      [0, 0],
      [0.5, 0.520499877813047],
      [1, 0.842700792949715],
      [1.99, 0.995111413],
      [3, 0.999977909503001],
    ];
    for (const [at, value] of table) {
      expect(erf(at)).toBeCloseTo(value, at === 1.99 ? 9 : 14);
      expect(erf(-at)).toBeCloseTo(-value, at === 1.99 ? 9 : 14);
    }
    // Both expansions meet at 2: the slope there is 2/sqrt(pi) e^-4 = 0.0207.
    expect(erf(2) - erf(2 - 1e-9)).toBeCloseTo(2.07e-11, 13);
    expect([erf(7), erf(Number.NEGATIVE_INFINITY)]).toEqual([1, -1]);
  });
});

describe('the derivative of a formula', () => {
  const leaf = fc.constantFrom('x', 'y', 'a', '0.7', '2');
  const { formula } = fc.letrec<{ formula: string }>((tie) => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.tuple(tie('formula'), fc.constantFrom('+', '-', '*'), tie('formula')).map(([l, op, r]) => `(${l} ${op} ${r})`),
      fc
        .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'atan', 'erf', 'sech'), tie('formula'))
        .map(([f, of]) => `${f}(${of})`),
      tie('formula').map((of) => `(${of})/(1 + (${of})^2)`),
      tie('formula').map((of) => `exp(-(${of})^2)`),
      tie('formula').map((of) => `sqrt(1 + abs(${of})^3)`),
    ),
  }));

  test('agrees with central differences for random formulas at random points', () => {
    const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(formula, coordinate, coordinate, (text, x, y) => {
        fc.pre(text.length <= 300);
        const value = compile(text);
        const exact = slope(text)([x, y, 0]);
        const difference = (h: number) => (value([x + h, y, 0]) - value([x - h, y, 0])) / (2 * h);
        // Where two steps disagree, the differences are no reference (a kink, or a formula far too large).
        const [coarse, fine] = [difference(2e-4), difference(1e-4)];
        fc.pre(Math.abs(coarse - fine) <= 1e-5 * (1 + Math.abs(fine)));
        expect(Math.abs(exact - fine)).toBeLessThanOrEqual(1e-4 * (1 + Math.abs(fine)));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test.each([
    ['abs(x)', 0],
    ['abs(x)^3', 0],
    ['2*abs(x) + x', 1],
    ['exp(-abs(x))', 0],
    ['sqrt(1 + abs(x))', 0],
    ['x*abs(x)', 0],
  ])('of %s at the kink is the middle slope %d, not NaN', (text, expected) => {
    expect(slope(text)([0, 0, 0])).toBeCloseTo(expected, 15);
  });

  test.each([
    ['(x^2)^0.25', -1, -0.5],
    ['(x^2)^1.5', -2, -12],
    ['(x^3)^2', -1, -6],
    ['sqrt(x^2)', -3, -1],
  ])('of %s at %d is %d: powers are not merged where the base is negative', (text, at, expected) => {
    expect(slope(text)([at, 0, 0])).toBeCloseTo(expected, 14);
    expect(compile(differentiate(parseExpression(text, vocabulary), 'x').text)([at, 0, 0])).toBeCloseTo(expected, 14);
  });

  test('is short to show and keeps the names of parameters', () => {
    const text = (of: string) => differentiate(parseExpression(of, vocabulary), 'x').text;
    expect(text('a*x^2/2')).toBe('a * x');
    expect(text('abs(x)')).toBe('sign(x)');
    expect(text('u + y')).toBe('0');
    expect(text('e^x')).toBe('e ^ x');
  });

  test('of a long formula is found in less than a second', { timeout: 5_000 }, () => {
    const product = Array.from({ length: 150 }, (_, k) => `(x + 0.${k})`).join('*');
    const value = slope(product);
    expect(Number.isFinite(value([0.5, 0, 0]))).toBe(true);
    expect(slope(`${'sin('.repeat(190)}x${')'.repeat(190)}`)([0, 0, 0])).toBe(1);
  });

  test('of min and max is that of the smaller and the larger part, in between at their kink', () => {
    const at = (text: string, x: number) => slope(text)([x, 0, 0]);
    expect([at('min(x^2, x)', 2), at('min(x^2, x)', 0.25), at('max(x, -2*x + 1)', 0)]).toEqual([1, 0.5, -2]);
    expect(at('max(x, -x)', 0)).toBe(0);
  });

  test.each(['sign(x)', 'atan2(x, y)', 'cos(sign(x))'])('of %s is refused', (text) => {
    expect(() => slope(text)).toThrow(/cannot be differentiated – .* – /);
    expect(slope(text, 'u')([0.5, 0.5, 0.5])).toBe(0);
  });
});

describe('the degree in u', () => {
  test.each([
    ['x^2 + 3', 0],
    ['-u*gamma*(x-y)', 1],
    ['u/x + exp(y)*u - (u + x)', 1],
    ['u*u', 2],
    ['(u + x)^3', 3],
    ['pow(u, 2)*u', 3],
    ['u^a', Number.POSITIVE_INFINITY],
    ['x/u', Number.POSITIVE_INFINITY],
    ['2^u', Number.POSITIVE_INFINITY],
    ['abs(u)', Number.POSITIVE_INFINITY],
    ['sin(x)*u^1', 1],
    ['u^0', 0],
  ])('of %s is %d', (text, degree) => {
    expect(degreeInU(text)).toBe(degree);
  });
});

describe('formulas do arithmetic and nothing else', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['cos.constructor("return process")()', 'is not a formula'],
    ['cos.constructor', 'an access to a property'],
    ['constructor', 'unknown in this formula'],
    ['__proto__', 'unknown in this formula'],
    ['toString(x)', 'is not a function'],
    ['evaluate("1")', 'is not a function'],
    ['import("fs")', 'is not a function'],
    ['x=1', 'an assignment'],
    ['[1,2]', 'a list'],
    ['"a"', 'a text'],
    ['f(x)=x', 'a definition of a function'],
    ['x[1]', 'an access to a property or an element'],
    ['x; y', 'a sequence of statements'],
    ['x ? 1 : 2', 'a condition'],
    ['1:3', 'a range'],
    ['{a: 1}', 'an object'],
    ['x > 1', 'the operator ">"'],
    ['x!', 'the operator "!"'],
    ['5%', 'a percentage'],
    ['true', 'a word'],
    ['1e400', 'not a finite number'],
    ['', 'is empty'],
    ['i', 'the name "i" is unknown'],
    ['2 kg', 'the name "kg" is unknown'],
    ['sin x', 'without its argument'],
    ['sin(x, y)', 'called with 2 arguments'],
    ['gamma(x - y)', 'write the product with *'],
    ['1/2x', 'mixes a division'],
    ['x +', 'is not a formula'],
    [`${'('.repeat(900)}x${')'.repeat(900)}`, 'nested too deeply'],
    [`${'-'.repeat(1900)}x`, 'nested too deeply'],
    [`${'x+'.repeat(1500)}x`, 'has 3001 characters'],
  ];
  for (const [text, fact] of refused) {
    test(`${text.slice(0, 40)} is refused with fact, cause and remedy`, () => {
      let refusal: unknown;
      try {
        compile(text);
      } catch (error) {
        refusal = error;
      }
      expect(refusal).toBeInstanceOf(InputError);
      const { message } = refusal as InputError;
      expect(message).toContain(fact);
      expect(message.split(' – ')).toHaveLength(3);
    });
  }

  test('an unknown name lists the known ones and proposes the nearest', () => {
    expect(() => compile('gama*x')).toThrow('known here: x, y, u, a, gamma, n, pi, e – did you mean gamma?');
  });
});
