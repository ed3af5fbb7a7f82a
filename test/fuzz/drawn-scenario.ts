/** Scenario files drawn at random: mostly valid ones, of which keys, numbers, formulas and letters are then spoilt. */
import fc from 'fast-check';

/** A mapping as a list, so that keys can be dropped, renamed and given twice; leaves are YAML as it is written. */
type Entries = readonly (readonly [string, string | Entries])[];

/** Names of a model, and formulas over them. */
export interface Shape {
  readonly x: readonly string[];
  readonly y: readonly string[];
  readonly u: readonly string[];
}

export const shapes: readonly Shape[] = [
  { x: ['x'], y: ['y'], u: ['u'] },
  { x: ['x'], y: ['y'], u: ['u'] },
  { x: ['x'], y: ['y'], u: [] },
  { x: ['x'], y: ['y1', 'y2'], u: ['u'] },
  { x: ['x1', 'x2'], y: ['y'], u: ['u', 'w'] },
];

/** Functions with one argument, those of other languages too. */
const functions = [
  ...'sin cos tan sec asin acos atan sinh cosh tanh sech exp log sqrt abs sign erf'.split(' '),
  ...'log10 softplus logcosh sigmoid relu'.split(' '),
];
const strangeFunctions = [
  'where',
  'huber',
  'eval',
  'import',
  'constructor',
  'toString',
  'Function',
  'f',
  'matrix',
  'unit',
];
const awkward = [
  '1/(N-0.1)',
  'sec(N)',
  'log(N)',
  'log(-1-N^2)',
  'sqrt(N)',
  '1/N',
  'N^N',
  'N^0.5',
  '(-8)^(N/3)',
  'N^N^N',
  'exp(exp(N))',
  'exp(N^4)',
  'tan(3*N)',
  'sign(N-0.013)',
  'abs(N)^0.3',
  'atan2(N,0)',
  'min(N,1/N)',
  'acos(2*N)',
  '0*log(N)',
  'N^1e3',
  'sin(1e6*N)',
  '1e308*N*10',
  'exp(-((N-0.3)/0.003)^2)',
  'N^-2',
  '(N^2-1)^-0.5',
  'where(N<0,N,N^2)',
  'where(abs(N)<1,N^2/2,abs(N)-1/2)',
  'where(N>0.3,1,-1)',
  'where(N>0,log(N),0)',
  'where(log(N)<0,1,2)',
  'where(sin(1e6*N)>=0,N,0)',
  'huber(N,1)',
  'huber(N,1e-300)',
  'logcosh(1e308*N)',
];
/** What is no formula, by the ways in which somebody could try. */
export const noFormulas = [
  'x # comment',
  'x.constructor',
  'x["constructor"]',
  'f(x)=x',
  'x=1',
  'x;y',
  '[1,2]',
  '"a"',
  '3 cm',
  'x?1:2',
  '1:3',
  'x%2',
  'x!',
  "x'",
  '2 3',
  'x 2',
  '1e',
  '0x10',
  '1/2x',
  '…',
  '−x',
  'x²',
  'π',
  '\u202ex',
  'x\u0000',
  '\u001b[31m',
  ')x(',
  'sin',
  'sin(',
  'sin()',
  'min(1)',
  'x<1',
  'where(x,1,2)',
  'where(x<1<2,1,2)',
  'where(x==1,1,2)',
  'huber(x,0)',
  'i',
  'Infinity',
  'NaN',
  'true',
  'this',
  '__proto__',
  'x.__proto__.y',
  'a'.repeat(2100),
  `${'('.repeat(300)}x${')'.repeat(300)}`,
  `${'-'.repeat(500)}x`,
  Array(900).fill('x').join('^'),
];

const deepFormula = `${'sin('.repeat(190)}x${')'.repeat(190)}`;

/** A formula over some names: mostly smooth, sometimes with poles, sometimes none at all. */
export function drawnFormula(names: readonly string[]): fc.Arbitrary<string> {
  const name = fc.constantFrom(...names);
  const number = fc.oneof(
    fc.integer({ min: -4, max: 9 }).map(String),
    fc.constantFrom('0.5', '.3', '1e-3', '2.5e2', '1e300', '1e-300', 'pi', 'e', 'a', 'b', '0'),
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 5, arbitrary: name },
      { weight: 2, arbitrary: number.map((value) => (value.startsWith('-') ? `(${value})` : value)) },
      {
        weight: 5,
        arbitrary: fc
          .tuple(tie('tree'), fc.constantFrom('+', '-', '*', '/'), tie('tree'))
          .map(([a, of, b]) => `(${a}${of}${b})`),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(tie('tree'), fc.constantFrom('2', '3', '0.5', '-1', 'x')).map(([a, b]) => `(${a})^${b}`),
      },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...functions), tie('tree')).map(([f, a]) => `${f}(${a})`) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('min', 'max', 'atan2', 'pow'), tie('tree'), tie('tree'))
          .map(([f, a, b]) => `${f}(${a},${b})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('<', '<=', '>', '>='), tie('tree'), number, tie('tree'), tie('tree'))
          .map(([of, a, b, c, d]) => `where(${a}${of}${b},${c},${d})`),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(tie('tree'), fc.constantFrom('1', '0.3', 'a')).map(([a, d]) => `huber(${a},${d})`),
      },
    ),
  }));
  return fc.oneof(
    { weight: 12, arbitrary: tree },
    { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...awkward), name).map(([text, of]) => text.replaceAll('N', of)) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...strangeFunctions), tree).map(([f, a]) => `${f}(${a})`) },
    { weight: 1, arbitrary: fc.constantFrom(...noFormulas, deepFormula) },
  );
}

/** Numbers and what stands in their place in a file. */
const oddValues = [
  ...['1e308', '-1e308', '1e309', '.nan', '.inf', '-.inf', 'null', '~', 'true', '""', '"x"', '[]', '{}', '[1]', '0'],
  ...['[1, 2, 3]', '-1', '1e-320', '0x10', '"1/0"', '"0/0"', '"log(-1)"', '*a', '&a 1', '!!js/function "1"', '!foo 1'],
  ...['"\\u001b[31mred"', '1_000', '12:30:45', '2001-01-01', '999999999999999999999', '!!binary aGVsbG8=', '!!float 3'],
  ...['!!str 3', '!!set {a}', '"__proto__"', '[[1, 2], [3, 4]]', '[-1e308, 1e308]', '[1, 1]', '[2, 1]', '[0, 1e-300]'],
  ...['{values: []}', '{values: [1, 1]}', '{values: [.nan]}', 'real', 'inf', '"-inf"', '{x: 1}', '{x: {y: 1}}', '1e6'],
  ...['[a, b]', '"\u202e"', '"=1+1"', '- 1', '? x', '|', '>', '%', '@', '`', '#', ': ', '"', "'", '\t', '!!', '&', '*'],
  ...['5', '11', '1e5', '1.5', '{a: *a}', '"a b"', 'x', '[x]', '[.inf, -.inf]', '[-.inf, .inf]', '[-inf, 0]'],
];
const oddKeys = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x3', 'y4', 'z', 't', 'e', 'i', '<<', '1', '"a b"'],
  ...['"\\u001b]0;t\\u0007"', '? [a]', 'sin', 'tau', '""', 'null', 'true', 'model', 'horizon', 'values', 'exact'],
];
const oddTitles = [
  '"a\\e[31mred"',
  '"<script>alert(1)</script>"',
  '"=cmd|A0"',
  '"\\u202Eevil"',
  '"\\x9b2J"',
  '"a\\nb"',
  '"a\\rb"',
  "'\\input{x}'",
  '"\\u0000"',
  '"\\uD800"',
];

const bend = fc.constantFrom('x', 'x^2/2', 'cos(x)', 'abs(x)', 'x^4/4-x^2');

/** A valid scenario now and then, and otherwise nearly. */
function drawnEntries({ x, y, u }: Shape): fc.Arbitrary<Entries> {
  const of = (names: readonly string[]) => drawnFormula(names).map((text) => JSON.stringify(text));
  const usually = (texts: readonly string[], names: readonly string[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...texts).map((text) => JSON.stringify(text)) },
      { weight: 1, arbitrary: of(names) },
    );
  const all = [...x, ...y, ...u];
  const slow = fc.tuple(
    ...x.map((name) =>
      usually([`-${name}+a*${y[0]}`, `cos(${y[0]})-b*${name}`, `-${u[0] ?? 'b'}*(${x[0]}-${y[0]})`], all).map(
        (text) => [name, text] as const,
      ),
    ),
  );
  const potential = y.map((name) => `${name}^2/2`).join('+');
  const fast = fc.oneof(
    {
      weight: 2,
      arbitrary: usually([potential, `${potential}+cos(${x[0]})*${y[0]}`], [...x, ...y]).map(
        (text): Entries => [['potential', text]],
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          ...y.map((name) =>
            usually([`-${name}`, `-2*${name}+${x[0]}`], [...x, ...y]).map((text) => [name, text] as const),
          ),
        )
        .map((drift): Entries => [['drift', drift]]),
    },
  );
  const control: Entries = u.map((name) => [name, '[-1, 1]'] as const);
  const slowFast = fc
    .tuple(slow, fast, usually([`${x[0]}^2/2`, `abs(${x[0]})`], x), fc.option(of(all), { freq: 4 }))
    .map(
      ([drift, process, terminal, running]): Entries => [
        ['kind', 'slow-fast'],
        ['slow', drift],
        ['fast', process],
        ...(u.length > 0 ? [['control', control] as const] : []),
        ['terminal', terminal],
        ...(running === null ? [] : [['running', running] as const]),
      ],
    );
  const deep = fc
    .tuple(
      fc.oneof(
        bend.map((text) => JSON.stringify(text)),
        of(['x']),
      ),
    )
    .map(
      ([loss]): Entries => [
        ['kind', 'deep-relaxation'],
        ['loss', loss],
        ['gamma', '8'],
        ['control', '[0, 1]'],
      ],
    );
  const isLine = x.length === 1 && y.length === 1;
  const title = fc.oneof(fc.constant('A title'), fc.constantFrom(...oddTitles));
  const domain: Entries = x.map((name) => [name, '[-2, 2]'] as const);
  const box: Entries = y.map((name) => [name, '[-5, 5]'] as const);
  return fc
    .tuple(
      isLine ? fc.oneof({ weight: 4, arbitrary: slowFast }, { weight: 1, arbitrary: deep }) : slowFast,
      title,
      fc.boolean(),
      fc.integer({ min: 0, max: 12 }),
    )
    .map(
      ([model, name, isBoxed, extra]): Entries => [
        ['title', name],
        ['model', model],
        [
          'parameters',
          [
            ['a', '1'],
            ['b', '"a/2"'],
          ],
        ],
        ['horizon', '1'],
        ['domain', isBoxed ? [...domain, ...box] : domain],
        ...(extra === 0 ? [['observe', x.map((each) => [each, '[-1, 1]'] as const)] as const] : []),
        ...(extra === 1
          ? [
              [
                'study',
                [
                  ['epsilon', '[1, 0.1]'],
                  [
                    'nodes',
                    [
                      ['x', '[11, 21]'],
                      ['y', '11'],
                    ],
                  ],
                ],
              ] as const,
            ]
          : []),
        ...(extra === 2 ? [['exact', [['limit', '"x^2/2"']]] as const] : []),
        ...(extra === 3 ? [['study', [['paths', [['count', '10']]]]] as const] : []),
        ...(extra === 4 ? [['sweep', [['a', '[1, 2]']]] as const] : []),
        ...(extra === 5
          ? [
              [
                'sweep',
                [
                  ['a', '{from: 0.5, to: 1, count: 3}'],
                  ['b', '[0, "a/2"]'],
                ],
              ] as const,
            ]
          : []),
      ],
    );
}

/** One change of one entry, somewhere: dropped, renamed, given twice, another value. */
function spoilt(entries: Entries, [place, kind, odd]: readonly [number, number, number]): Entries {
  const count = sizeOf(entries);
  if (count === 0) return entries;
  return changed(entries, place % count, (key, value) => {
    if (kind === 0) return [];
    if (kind === 1) return [[oddKeys[odd % oddKeys.length], value]];
    if (kind === 2)
      return [
        [key, value],
        [key, value],
      ];
    return [[key, oddValues[odd % oddValues.length]]];
  });
}

function sizeOf(entries: Entries): number {
  return entries.reduce((sum, [, value]) => sum + 1 + (typeof value === 'string' ? 0 : sizeOf(value)), 0);
}

function changed(entries: Entries, place: number, change: (key: string, value: string | Entries) => Entries): Entries {
  let left = place;
  return entries.flatMap(([key, value]): Entries => {
    if (left < 0) return [[key, value]];
    if (left === 0) {
      left = -1;
      return change(key, value);
    }
    left--;
    if (typeof value === 'string') return [[key, value]];
    const size = sizeOf(value);
    const at = left;
    left -= size;
    return [[key, at < size ? changed(value, at, change) : value]];
  });
}

function written(entries: Entries, indent = ''): string {
  return entries
    .map(([key, value]) =>
      typeof value === 'string' ? `${indent}${key}: ${value}\n` : `${indent}${key}:\n${written(value, `${indent}  `)}`,
    )
    .join('');
}

const inserted = [
  ...[
    '\t',
    '\u0000',
    '\u001b[2J',
    '---\n',
    '...\n',
    '&a ',
    '*a',
    '!!x ',
    '#',
    '{',
    '}',
    '[',
    ']',
    '"',
    ': ',
    '- ',
    '%',
  ],
  ...['\n', '\r', '\u0085', '\u2028', '\u202e', '\ufeff', '<<: *a\n', '? ', '|', '>', '@', '`', ',', '1e999', "'"],
];

const valid = fc.constantFrom(...shapes).chain(drawnEntries);
const change = fc.tuple(fc.nat(60), fc.nat(5), fc.nat(500));

/** The text of a scenario file: mostly one that is read, with drawn formulas. */
export function drawnScenario(shape: Shape): fc.Arbitrary<string> {
  const changes = fc.oneof({ weight: 8, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(change) });
  return fc.tuple(drawnEntries(shape), changes).map(([entries, spoils]) => written(spoils.reduce(spoilt, entries)));
}

/** The same with a change or two, and sometimes a piece of text in a wrong place. */
export const spoiltScenario: fc.Arbitrary<string> = fc
  .tuple(
    valid,
    fc.array(change, { minLength: 1, maxLength: 2 }),
    fc.option(fc.tuple(fc.nat(400), fc.constantFrom(...inserted), fc.nat(3)), { freq: 1 }),
  )
  .map(([entries, changes, cut]) => {
    const text = written(changes.reduce(spoilt, entries));
    if (cut === null) return text;
    const [at, piece, removed] = cut;
    return text.slice(0, at) + piece + text.slice(at + removed);
  });

/** Files that grow when they are read. */
export const bombs: readonly string[] = [
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]\n`)
    .join('')}`,
  `${'['.repeat(20000)}`,
  `${'{a: '.repeat(5000)}`,
  `${'- '.repeat(5000)}`,
  `title: "${'x'.repeat(200000)}"\n`,
  `${'a: 1\n'.repeat(20000)}`,
  Array.from({ length: 20000 }, (_, k) => `k${k}: 1\n`).join(''),
  `parameters:\n${Array.from({ length: 9000 }, (_, k) => `  p${k}: ${k === 0 ? 1 : `"p${k - 1}+1"`}\n`).join('')}`,
  `title: ${'!a '.repeat(3000)}\n`,
  'x'.repeat(300000),
  '',
  '\u0000',
  '\ufeff',
  '#\n',
  '--- {}\n--- {}\n',
  '%YAML 9.9\n---\n{}',
];
