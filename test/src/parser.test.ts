import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivative } from '../../src/formula/derivative.ts';
import { parseFormula } from '../../src/formula/parser.ts';
import { printed } from '../../src/formula/print.ts';
import { compileTogether } from '../../src/formula/program.ts';
import type { Tree } from '../../src/formula/tree.ts';
import { InputError } from '../../src/input/input-error.ts';
import { drawnTree } from '../drawn-formulas.ts';
import { treeByMathjs } from '../mathjs-formulas.ts';

const names = ['x', 'y', 'u', 'x1'];
const vocabulary = { names, parameters: { a: 1.5, gamma: 2, n: 3 } };
const read = (text: string) => parseFormula(text, vocabulary);
const byMathjs = (text: string) => treeByMathjs(text, vocabulary);
const value = (tree: Tree, at: readonly number[]) => compileTogether([tree], names)[0](at);

/** Texts as they are written, with products of every kind. */
const { written } = fc.letrec<{ written: string; factor: string; product: string }>((tie) => ({
  written: fc
    .tuple(tie('product'), fc.constantFrom('+', ' - ', '', '', '*', '/', ' / '), tie('product'), fc.nat(2))
    .map(([a, sign, b, kind]) => (sign === '' || kind === 0 ? a : `${a}${sign}${b}`)),
  product: fc
    .tuple(
      fc.constantFrom('', '', '', '2', '-', '-3', '0.5 ', '+'),
      fc.array(tie('factor'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', ' ', ' ', '*', '*'),
    )
    .map(([lead, factors, between]) => `${lead}${factors.join(between)}`),
  factor: fc.oneof(
    { maxDepth: 1, depthSize: 'xsmall' },
    fc.constantFrom('x', 'y', 'x1', 'pi', 'a', '(x)', '(2)', '2e1', 'x^2', 'y^-1', '2^-x', 'x^y^2'),
    tie('written').map((inner) => `(${inner})`),
    tie('written').map((inner) => `sin(${inner})`),
    fc.tuple(tie('written'), tie('written')).map(([a, b]) => `max(${a}, ${b})`),
    fc.tuple(tie('written'), tie('factor')).map(([a, b]) => `(${a})^${b}`),
  ),
}));

function refusalOf(text: string, reader: (text: string) => Tree = read): InputError | undefined {
  try {
    reader(text);
    return undefined;
  } catch (error) {
    expect(error, `of ${text}`).toBeInstanceOf(InputError);
    return error as InputError;
  }
}

describe('the parser', () => {
  test.each([
    '1',
    '.5',
    '2.',
    '1e-3',
    '1.5E+2',
    'a*x^2/2',
    '-x^2',
    '2^-1',
    '2^3^2',
    '2^3^0.5 + x',
    '2^-x^2',
    '-x^-y^2',
    '--x',
    '-+x',
    '+x',
    '2*-x',
    '2--x',
    '2/-x',
    'x - y - u',
    'x/y/u',
    'x/y*u',
    '2x',
    '-2x',
    '2x^2',
    '2x y',
    '2(x+1)',
    '(x)(y)',
    '(x)y',
    'x y^2',
    'x^2y',
    'x^2 y',
    '2^-3x',
    '2.x',
    '2e3x',
    '2pi x',
    '2 e',
    '2exp(x)',
    '3 sin(y)',
    'sin(x)cos(y)',
    'sin(x)^2 y',
    'sin(x)(y)',
    '2*3x',
    'y*2x/u',
    'x/2*y u',
    '(1/2)x',
    '1/(2x)',
    'min(x, y, u) + max(x, 1e-1)',
    'atan2(x, y) + pow(x, 2)',
    'x\ty',
    'x +\ny',
    'x\u00a0+ 1',
    'e^x + exp(y) + pi',
    '((((x))))',
    'x1 + 2x1',
  ])('reads %s into the tree that mathjs gave', (text) => {
    expect(read(text)).toEqual(byMathjs(text));
  });

  test('reads ** as ^, and lines before and after a formula', () => {
    expect(read('2x**2**y - -x**-1')).toEqual(read('2x^2^y - -x^-1'));
    expect(read('\n x + 1\r\n')).toEqual(read('x + 1'));
  });

  test('gives the values of mathjs for printed random formulas of every operation, to the last bit', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
    const finite = (tree: Tree): boolean =>
      tree.kind === 'number' ? Number.isFinite(tree.value) : tree.kind === 'name' || tree.operands.every(finite);
    fc.assert(
      fc.property(drawnTree(['x', 'y', 'u']), coordinate, coordinate, coordinate, (tree, x, y, u) => {
        fc.pre(finite(tree));
        const text = printed(tree, 17);
        fc.pre(text.length <= 2000);
        const at = [x, y, u, 0];
        expect(value(read(text), at)).toBe(value(tree, at));
        expect(value(byMathjs(text), at)).toBe(value(tree, at));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test('takes and refuses random texts as mathjs did, but for what is refused on purpose', () => {
    const pieces = fc.constantFrom(
      ...[
        'x',
        'y',
        'x1',
        'sin',
        'max',
        'pi',
        'e',
        'e2',
        '2',
        '1.5',
        '.5',
        '3.',
        '1e2',
        '0',
        '(',
        '(',
        ')',
        ')',
        ',',
        ' ',
      ],
      ...['+', '-', '*', '/', '^', '+', '*', '^', ' ', 'sin(', 'max(', '(x)', '2(', 'x '],
    );
    const jumbled = fc.array(pieces, { minLength: 1, maxLength: 9 }).map((drawn) => drawn.join(''));
    const counts = { taken: 0, refused: 0, onPurpose: 0 };
    fc.assert(
      fc.property(fc.oneof(jumbled, written), (text) => {
        const [ours, theirs] = [refusalOf(text), refusalOf(text, byMathjs)];
        if (ours === undefined && theirs === undefined) {
          counts.taken++;
          expect(read(text)).toEqual(byMathjs(text));
          return;
        }
        if (ours !== undefined && theirs !== undefined) counts.refused++;
        if (ours !== undefined) expect(ours.message.split(' – ')).toHaveLength(3);
        // ** is a power now; numbers that follow something, or end in e, are not read any more.
        if (theirs === undefined)
          expect(ours?.fact).toMatch(/follows without an operator|without its exponent|in another base/);
        // 3.*x was an operation on elements.
        if (ours === undefined && theirs !== undefined) expect(text).toMatch(/\*\*|\.[*/^]/);
        if ((ours === undefined) !== (theirs === undefined)) counts.onPurpose++;
      }),
      { seed: 1, numRuns: 8000 },
    );
    // Measured: 1 460, 6 400 and 140.
    expect(counts.taken).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(1000);
    expect(counts.onPurpose).toBeLessThan(300);
  });
});

/** Beside what expression.test.ts holds, which reads with the same parser. */
describe('what is no formula', () => {
  const refused: readonly (readonly [string, string])[] = [
    // What mathjs takes.
    ['x # twice', 'column 3 has "#", a comment'],
    ['# nothing', 'column 1 has "#", a comment'],
    ['1e', '1e at column 1 is a number without its exponent'],
    ['x + 2e*y', '2e at column 5 is a number without its exponent'],
    ['2e-x', 'without its exponent'],
    ['x 2', 'the number 2 at column 3 follows without an operator'],
    ['(x)2', 'the number 2 at column 4 follows without an operator'],
    ['x.2', 'the number .2 at column 2 follows without an operator'],
    ['0x10', '0x10 at column 1 looks like a number in another base'],
    ['0x1', 'in another base'],
    ['0b11 + x', 'in another base'],
    // By column.
    ['2.5.3', 'the number .3 at column 4'],
    ['1..2', 'the number .2 at column 3'],
    ['2 3', 'the number 3 at column 3'],
    ['1,5', 'column 2 has "," outside of a function'],
    ['(x, y)', 'column 3 has "," outside of a function'],
    ['x)', 'column 2 has ")" that closes nothing'],
    ['sin(x))', 'column 7 has ")" that closes nothing'],
    ['((x)', 'the parenthesis at column 1 is not closed'],
    ['2 + sin(x', 'the parenthesis at column 8 is not closed'],
    ['()', 'column 2 has ")" where a number, a name or ( is expected'],
    ['sin(x,)', 'column 7 has ")" where'],
    ['*x', 'column 1 has "*" where'],
    ['x^*2', 'column 3 has "*" where'],
    ['x // y', 'column 4 has "/" where'],
    ['2 ^', 'it ends where a number'],
    ['.', '"." without digits'],
    ['x\ny', 'column 3 starts a sequence of statements'],
    ['x\u0007', 'the character U+0007'],
    ['\u0000', 'the character U+0000'],
    ['x\u200by', 'the character U+200B'],
    ['α x', 'the character "α"'],
    ['x − y', 'column 3 has the character "−" – '],
    ['2·x', 'the character "·"'],
    ['x²', 'write ^2'],
    ['2π', 'write pi'],
    ['√x', 'write sqrt(…)'],
    ['∞', 'the character "∞"'],
    ['$x', 'the character "$"'],
    ["x'", 'a text'],
    ['x.^2', 'the operator ".^"'],
    ['x == 1', 'the operator "=="'],
    ['x && y', 'the operator "&&"'],
    ['x << 2', 'the operator "<<"'],
    ['~x', 'the operator "~"'],
    ['x mod y', 'the operator "mod"'],
    ['x to y', 'the operator "to"'],
    ['not x', 'the operator "not"'],
    ['5 cm', 'the name "cm" is unknown'],
    ['NaN', 'NaN is a word'],
    ['Infinity', 'Infinity is a word'],
    ['x(y)', 'x(…) calls x like a function'],
    ['2 pi (x)', 'pi(…) calls pi like a function'],
    ['2 sin', 'the function sin stands without its argument'],
    ['sin^2(x)', 'the function sin stands without its argument'],
    ['sin()', 'called with 0 arguments'],
    ['atan2(x)', 'called with 1 argument –'],
    ['atan2(x, y, u)', 'called with 3 arguments'],
    ['min(x)', 'min takes at least two'],
    ['x/2 y', 'x/2 y mixes a division'],
    ['2x/y', '2x/y mixes a division'],
    ['1 + u/x y', 'u/x y mixes a division'],
    ['1/2(x)', 'mixes a division'],
    ['tanhh(x)', 'did you mean tanh?'],
    [`${'x+'.repeat(300)}x`, 'nested too deeply'],
    [`x${'^x'.repeat(300)}`, 'nested too deeply'],
  ];
  test.each(refused)('%s is refused: %s', (text, fact) => {
    const refusal = refusalOf(text);
    expect(refusal?.message).toContain(fact);
    expect(refusal?.message.split(' – ')).toHaveLength(text.includes('–') ? 4 : 3);
  });

  test('an unknown name lists the known ones and proposes the nearest', () => {
    expect(() => read('gama*x')).toThrow('known here: x, y, u, x1, a, gamma, n, pi, e – did you mean gamma?');
    expect(() => read('x3')).toThrow(/use a known name, or give x3 a value/);
  });

  test('a long text is shown by its beginning', () => {
    expect(refusalOf(`${'x + '.repeat(60)}2 3`)?.fact).toMatch(
      /^"(x \+ ){15}…" is not a formula: the number 3 at column 243/,
    );
  });

  test('deep formulas within the limit are read', () => {
    expect(read(`${'sin('.repeat(190)}x${')'.repeat(190)}`).kind).toBe('call');
    expect(read(`${'('.repeat(190)}x${')'.repeat(190)}`).kind).toBe('name');
  });
});

describe('the printer', () => {
  test.each([
    ['a*x^2/2', '1.5 * x ^ 2 / 2'],
    ['-(x^2)', '-x ^ 2'],
    ['(-x)^2', '(-x) ^ 2'],
    ['(x^y)^u', '(x ^ y) ^ u'],
    ['x^y^u', 'x ^ y ^ u'],
    ['x - (y - u)', 'x - (y - u)'],
    ['(x - y) - u', 'x - y - u'],
    ['x + (y + u)', 'x + (y + u)'],
    ['x/(y*u)', 'x / (y * u)'],
    ['x*(y + 1)', 'x * (y + 1)'],
    ['-(x*y)', '-x * y'],
    ['-(x + y)', '-(x + y)'],
    ['x + -2', 'x - 2'],
    ['x*-2', 'x * -2'],
    ['x^-2', 'x ^ -2'],
    ['2^-(x*y)', '2 ^ (-x * y)'],
    ['--x', '-(-x)'],
    ['0.3*3*x', '0.9 * x'],
    ['e^x + pi', 'e ^ x + pi'],
    ['max(x, y, 1)', 'max(max(x, y), 1)'],
    ['1e-7*x + 1e30', '1e-7 * x + 1e+30'],
  ])('writes %s as %s', (text, expected) => {
    expect(printed(read(text))).toBe(expected);
  });

  test('writes derivatives that are short to read', () => {
    const slope = (text: string) => printed(derivative(read(text), 'x'));
    expect(slope('x^2/2')).toBe('x');
    expect(slope('abs(x)')).toBe('sign(x)');
    expect(slope('u + y')).toBe('0');
    expect(slope('e^x')).toBe('e ^ x');
    expect(slope('x^2/4 + 0.3*cos(3*x)')).toBe('0.5 * x - 0.9 * sin(3 * x)');
    expect(slope('0.5*x^2 + 1.2*exp(-2*x^2) + 0.1*x')).toBe('x - 4.8 * exp(-2 * x ^ 2) * x + 0.1');
    expect(slope('log(1 + x^2)')).toBe('2 * x / (1 + x ^ 2)');
  });

  test('keeps the value of derivatives, numbers to 12 digits', () => {
    const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(drawnTree(['x', 'y'], { size: 'xsmall' }), coordinate, coordinate, (tree, x, y) => {
        const slope = derivative(tree, 'x');
        const at = [x, y, 0, 0];
        const exact = value(slope, at);
        fc.pre(Number.isFinite(exact) && printed(slope).length < 2000 && !/NaN|Infinity/.test(printed(slope)));
        expect(value(read(printed(slope, 17)), at)).toBe(exact);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });
});
