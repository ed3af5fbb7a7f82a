import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listLibrary } from '../../scenarios/read/library.ts';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { ScenarioError } from '../../scenarios/read/scenario-error.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { InputError } from '../../src/input/input-error.ts';
import { slowTerminal } from '../../src/model/general-terms.ts';
import { dimensionsOf } from '../../src/model/problem.ts';
import { isAffineInControl } from '../../src/model/structure.ts';
import { potentialOf } from '../problems.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenario-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string | Uint8Array): Scenario {
  const file = join(folder, 'given.yaml');
  writeFileSync(file, text);
  return readScenario(file);
}

function refusal(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  return undefined;
}

const quadratic = `title: Quadratic
model: {kind: deep-relaxation, loss: a*x^2/2, gamma: gamma, control: [0, 1]}
parameters: {a: 1, gamma: 2*a}
horizon: 1
domain: {x: [-2.5, 2.5]}
`;

const planar = `model: {kind: deep-relaxation, loss: x1^2 + x1*x2 + 2*x2^2, gamma: 6, control: [0.5, 0.5]}
horizon: 1/2
domain: {x1: [-2, 2], x2: [-1, 1]}
observe: {y: [-1, 1]}
study: {cell: {at: [{x: 0, p1: 1, p2: 0}]}}
`;

const threeFast = `title: Three fast variables
model:
  kind: slow-fast
  slow: {x: u*y1 + v*y2 + y3}
  fast: {drift: {y1: x - y1, y2: -y2, y3: -2*y3}}
  control: {u: [0, 1], v: [-c, c]}
  terminal: x^2
parameters: {c: 0.5}
horizon: 1
domain: {x: [-1, 1], y: [-5, 5]}
`;

const listed = `model:
  kind: slow-fast
  slow:
    x: u^2*y
  fast:
    potential: y^2/2 + x*y
  control:
    u: {values: [0, 0.5, 1]}
  terminal: abs(x)
  running: u
horizon: 1
domain:
  x: [-1, 1]
observe:
  x: [-0.5, 0.5]
study:
  epsilon: [0.01, 1, 0.1]
  nodes: {x: 51, y: [21, 41]}
`;

describe('the library', () => {
  const library = listLibrary();

  test('has the scenarios of the documentation with their titles', () => {
    const names = library.map(({ name }) => name);
    for (const name of [
      'quadratic',
      'quadratic-uncontrolled',
      'multiwell',
      'double-well',
      'separated',
      'running-cost',
    ]) {
      expect(names).toContain(name);
    }
    for (const { title, name } of library) expect(title).not.toBe(name);
  });

  test.each(library)('$name is read by name and by path, and the two agree', ({ name, file, title }) => {
    const [byName, byPath] = [readScenario(name), readScenario(file)];
    expect([byName.name, byName.title, byName.file]).toEqual([name, title, name]);
    expect([byPath.name, byPath.source]).toEqual([name, byName.source]);
    expect(byName.problem.formulas).toEqual(byPath.problem.formulas);
    expect(byName.placeOf('control')).toMatch(new RegExp(`^scenarios/library/${name}\\.yaml:[0-9]+$`));
  });

  test('the limit of running-cost solves its effective equation', () => {
    const { limit } = readScenario('running-cost').problem.exact!;
    const speed = 1 + 0.5 * Math.exp(-0.5);
    const h = 1e-5;
    for (const x of [-1.4, -0.5, 0.2, 1.1]) {
      for (const tau of [0.1, 0.3, 0.5]) {
        const inTau = (limit!(tau + h, [x]) - limit!(tau - h, [x])) / (2 * h);
        const inX = (limit!(tau, [x + h]) - limit!(tau, [x - h])) / (2 * h);
        // Central differences of a function with bounded third derivatives but one jump in the second: O(h).
        expect(Math.abs(inTau + speed * Math.abs(inX) - x ** 2 / 2)).toBeLessThan(1e-5);
      }
    }
  });
});

describe('a deep-relaxation scenario', () => {
  test('is the problem with potential f(y) + γ|x−y|²/2 and drift −uγ(x−y)', () => {
    const { problem } = read(quadratic);
    const [x, y, u] = [[1.5], [0.5], [0.25]];
    expect(problem.slowDrift[0](x, y, u)).toBe(-0.25 * 2 * 1);
    expect(problem.fast.drift[0](x, y)).toBe(2 * 1 - 0.5);
    expect(potentialOf(problem)(x, y)).toBe(0.125 + 1);
    expect(slowTerminal(problem)(x)).toBe(1.125);
    expect(problem.controls).toEqual({ kind: 'box', names: ['u'], lower: [0], upper: [1] });
    expect(problem.fast.deepRelaxation).toMatchObject({ gamma: 2 });
    expect(problem.formulas).toContainEqual(['f', 'a*x^2/2']);
    expect(problem.formulas).toContainEqual(['∇f', 'a * x']);
  });

  test('has defaults: the middle of the domain is observed, the study is that of the documentation', () => {
    const { observe, domain, study, name } = read(quadratic);
    expect(name).toBe('given');
    expect(domain).toEqual({ x: [{ lower: -2.5, upper: 2.5 }], y: null });
    expect(observe).toEqual({ x: [{ lower: -1.5, upper: 1.5 }], y: null });
    expect(study).toEqual({
      epsilon: [1, 0.1, 0.01, 0.001, 1e-4, 1e-8],
      scheme: null,
      nodes: { x: [101, 201, 401], y: [101] },
      cell: { at: [{ x: [0.75], p: [1] }], radius: [2, 3, 4, 5, 6], alpha: 0.5 },
      paths: null,
    });
  });

  test('in two dimensions has a gradient by components, and a fixed control may be a degenerate interval', () => {
    const { problem, domain, observe, study } = read(planar);
    expect([dimensionsOf(problem), problem.horizon]).toEqual([{ n: 2, m: 2 }, 0.5]);
    expect(problem.fast.deepRelaxation!.gradient.map((slope) => slope([1, -0.5]))).toEqual([1.5, -1]);
    expect(problem.slowDrift.map((drift) => drift([1, 1], [0, 0.5], [0.5]))).toEqual([-3, -1.5]);
    expect(domain.x).toEqual([
      { lower: -2, upper: 2 },
      { lower: -1, upper: 1 },
    ]);
    expect(observe.y).toEqual([
      { lower: -1, upper: 1 },
      { lower: -1, upper: 1 },
    ]);
    expect(study.cell.at).toEqual([{ x: [0, 0], p: [1, 0] }]);
  });
});

describe('a slow-fast scenario', () => {
  test('may have three fast variables beside one slow one, and several controls', () => {
    const { problem, domain } = read(threeFast);
    expect(dimensionsOf(problem)).toEqual({ n: 1, m: 3 });
    expect(problem.slowDrift[0]([0], [1, 2, 3], [0.5, -0.5])).toBe(0.5 - 1 + 3);
    expect(problem.fast.drift.map((drift) => drift([1], [3, 2, 1]))).toEqual([-2, -2, -2]);
    expect(problem.fast.kind).toBe('drift');
    expect(problem.controls).toMatchObject({ names: ['u', 'v'], lower: [0, -0.5], upper: [1, 0.5] });
    expect(isAffineInControl(problem)).toBe(true);
    expect(domain.y).toHaveLength(3);
  });

  test('with a potential drifts along minus its gradient', () => {
    const { problem, study } = read(listed);
    expect(problem.fast.drift[0]([0.5], [2])).toBe(-2.5);
    expect(potentialOf(problem)([0.5], [2])).toBe(3);
    expect(problem.runningCost!([0], [0], [0.5])).toBe(0.5);
    expect(problem.controls).toEqual({ kind: 'values', names: ['u'], values: [[0], [0.5], [1]] });
    expect(study.epsilon).toEqual([1, 0.1, 0.01]);
    expect(study.nodes).toEqual({ x: [51], y: [21, 41] });
  });

  test('may mix intervals and lists, have endless controls, or none', () => {
    const mixed = read(listed.replace('    u: {values', '    v: [0, 2]\n    u: {values')).problem;
    expect(mixed.controls).toEqual({
      kind: 'boxes',
      names: ['v', 'u'],
      boxes: [0, 0.5, 1].map((u) => ({ lower: [0, u], upper: [2, u] })),
    });
    const shown = ({ formulas }: typeof mixed) => formulas.find(([name]) => name === 'U')?.[1];
    expect(shown(mixed)).toBe('v ∈ [0, 2], u ∈ {0} or v ∈ [0, 2], u ∈ {0.5} or v ∈ [0, 2], u ∈ {1}');
    const endless = { real: 'ℝ', '[-inf, .inf]': 'ℝ', '[-.inf, 1]': '(−∞, 1]', '[1/2, inf]': '[0.5, ∞)' };
    const costly = listed.replace('running: u', 'running: u^4');
    for (const [given, printed] of Object.entries(endless)) {
      const { problem } = read(costly.replace('{values: [0, 0.5, 1]}', given));
      expect(shown(problem)).toBe(`u ∈ ${printed}`);
    }
    const free = listed
      .replace('u^2*y', 'y')
      .replace(/ {2}control:\n.*\n/, '')
      .replace('running: u', 'running: y');
    const { problem } = read(free);
    expect(problem.controls).toEqual({ kind: 'box', names: [], lower: [], upper: [] });
    expect(problem.runningCost?.([0], [3], [])).toBe(3);
    expect(shown(problem)).toBeUndefined();
  });

  test('is not affine in u when a formula is not', () => {
    expect(isAffineInControl(read(listed.replace('{values: [0, 0.5, 1]}', '[0, 1]')).problem)).toBe(false);
    expect(isAffineInControl(read(threeFast.replace('u*y1', 'u*v*y1')).problem)).toBe(false);
  });

  test('names the lines of its parts', () => {
    const { placeOf, file } = read(listed);
    const lines = {
      slowDrift: 3,
      fastDrift: 6,
      fastPotential: 6,
      control: 7,
      terminalCost: 9,
      runningCost: 10,
      domain: 12,
    };
    for (const [subject, line] of Object.entries(lines)) expect(placeOf(subject)).toBe(`${file}:${line}`);
    expect(placeOf('weather')).toBe(file);
  });

  test('may carry closed forms in tau, x, y and epsilon', () => {
    const given = `${listed}exact: {limit: abs(x) + tau*0, value: abs(x) + epsilon*y*tau}\n`;
    const { exact } = read(given).problem;
    expect(exact!.limit!(0.5, [-2])).toBe(2);
    expect(exact!.value!({ tau: 0.5, epsilon: 0.1, x: [1], y: [2] })).toBeCloseTo(1.1, 15);
    expect(exact!.source).toBe('given in the scenario');
  });
});

/** What is wrong, the file, the line to blame (0: the file alone), words of the fact. */
type Bad = readonly [string, string | Uint8Array, number, string];

const aliasBomb = `a: &a [1, 1, 1, 1]\n${'bcdefgh'
  .split('')
  .map((key, k) => `${key}: &${key} [${Array(9).fill(`*${'abcdefg'[k]}`).join(', ')}]`)
  .join('\n')}\n`;

const bad: readonly Bad[] = [
  ['an unknown key', quadratic.replace('horizon', 'horizont'), 4, '"horizont" is not a key'],
  ['an unknown key inside', quadratic.replace('gamma: gamma', 'gama: gamma'), 2, '"gama" is not a key of model'],
  ['an unknown key in the study', `${listed}  radius: [2]\n`, 19, '"radius" is not a key of study'],
  ['a missing key', quadratic.replace('horizon: 1\n', ''), 1, 'horizon is missing'],
  ['a missing key inside', listed.replace('  terminal: abs(x)\n', ''), 1, 'terminal is missing in model'],
  ['an unknown kind of model', listed.replace('slow-fast', 'fast-slow'), 2, 'model.kind is the text "fast-slow"'],
  ['an unknown name in a formula', listed.replace('u^2*y', 'w^2*y'), 4, 'the name "w" is unknown'],
  ['a control in the terminal cost', listed.replace('abs(x)', 'abs(x) + u'), 9, 'names the control u'],
  ['a parameter used above its line', quadratic.replace('a: 1, gamma: 2*a', 'gamma: 2*a, a: 1'), 3, '"a" is unknown'],
  ['a parameter called like a variable', quadratic.replace('a: 1', 'x: 1, a: 1'), 3, '"x" cannot be the name'],
  [
    'a control called like a function',
    listed.replace('    u:', '    sin:'),
    8,
    '"sin" cannot be the name of a control',
  ],
  [
    'a control called like a parameter',
    threeFast.replace('{c: 0.5}', '{c: 0.5, u: 1}'),
    6,
    'has the name of a parameter',
  ],
  ['a reversed domain', quadratic.replace('[-2.5, 2.5]', '[2.5, -2.5]'), 5, 'is reversed'],
  ['a reversed control', quadratic.replace('[0, 1]', '[1, 0]'), 2, 'is reversed'],
  ['an empty domain', listed.replace('x: [-1, 1]', 'x: [1, 1]'), 13, 'is empty'],
  ['an interval of three', listed.replace('x: [-1, 1]', 'x: [-1, 0, 1]'), 13, 'is a list of 3'],
  ['no finite value at a point', listed.replace('abs(x)', 'log(abs(x))'), 9, 'f is -Infinity at x = 0'],
  ['no number at a point', quadratic.replace('a*x^2/2', 'sqrt(x)'), 2, 'f is NaN at x = -2.5'],
  ['no number in φ', listed.replace('u^2*y', 'sqrt(u - 0.5)'), 4, 'φ is NaN at x = -1, y = -3, u = 0'],
  ['no number in a drift', threeFast.replace('y2: -y2', 'y2: log(y2)'), 5, 'b2 is NaN at x = -1, y1 = -5'],
  ['no number in ℓ', listed.replace('running: u', 'running: 1/(u - 0.5)'), 10, 'ℓ is Infinity at'],
  ['a loss with a derivative that is infinite', quadratic.replace('a*x^2/2', '(x^2)^0.25'), 2, '∂f/∂x is NaN at x = 0'],
  ['a loss that cannot be differentiated', quadratic.replace('a*x^2/2', '"x*sign(x)"'), 2, 'cannot be differentiated'],
  ['a negative horizon', quadratic.replace('horizon: 1', 'horizon: -1'), 4, 'the horizon is -1'],
  ['an infinite horizon', quadratic.replace('horizon: 1', 'horizon: .inf'), 4, 'horizon'],
  ['a horizon that is a word', quadratic.replace('horizon: 1', 'horizon: true'), 4, 'horizon is true'],
  ['a gamma of zero', quadratic.replace('2*a', '0'), 2, 'model.gamma is 0'],
  ['a domain of another dimension', planar.replace('x1: [-2, 2], x2', 'x3'), 3, 'domain names the axis x3'],
  ['an axis the model does not have', quadratic.replace('{x: [', '{x1: ['), 5, 'domain names the axis x1'],
  ['a domain without one axis', planar.replace(', x2: [-1, 1]', ''), 3, 'domain has no x2'],
  ['a domain without x', quadratic.replace('{x: [', '{y: ['), 5, 'domain has no x'],
  ['an axis given twice', planar.replace('x2: [-1', 'x: [-1'), 3, 'gives both x and x1'],
  ['a cell point of another dimension', planar.replace('p2: 0', 'p3: 0'), 5, 'study.cell.at[0] names the axis p3'],
  ['a cell point without p', planar.replace(', p1: 1, p2: 0', ''), 5, 'study.cell.at[0] has no p'],
  ['slow variables that are not x or x1, x2', listed.replace('    x: u', '    x1: u'), 3, 'has the components x1'],
  ['fast variables with a gap', threeFast.replace('y2: -y2, ', ''), 5, 'has the components y1, y3'],
  ['both a drift and a potential', listed.replace('/2 + x*y', '/2\n    drift: {y: -y}'), 5, 'both drift and potential'],
  ['neither', listed.replace('    potential: y^2/2 + x*y', '    {}'), 5, 'neither drift nor potential'],
  ['a control of linear cost on the real line', listed.replace('{values: [0, 0.5, 1]}', 'real'), 7, 'no lower bound'],
  ['an interval of no number', listed.replace('{values: [0, 0.5, 1]}', '[inf, inf]'), 8, 'holds no number'],
  ['a set observed outside the domain', listed.replace('[-0.5, 0.5]', '[-0.5, 5]'), 15, 'leaves the domain'],
  ['code in a formula', listed.replace('u^2*y', "cos.constructor('return process')()"), 4, 'is not a formula'],
  ['an assignment in a formula', listed.replace('abs(x)', 'y = x'), 9, 'an assignment'],
  ['a scheme nobody knows', `${listed}  scheme: filterd\n`, 19, 'study.scheme "filterd" is not a scheme'],
  ['nodes that decrease', listed.replace('[21, 41]', '[41, 21]'), 18, 'study.nodes.y has 21 after 41'],
  ['half a node', listed.replace('x: 51', 'x: 51.5'), 18, 'study.nodes.x is 51.5'],
  ['too few nodes', listed.replace('x: 51', 'x: 5'), 18, 'study.nodes.x is 5'],
  ['an ε twice', listed.replace('[0.01, 1, 0.1]', '\n    - 0.1\n    - 0.1'), 19, 'study.epsilon has 0.1 twice'],
  ['a negative ε', listed.replace('[0.01, 1, 0.1]', '[0.01, -1]'), 17, 'study.epsilon is -1'],
  ['an empty list', listed.replace('[0.01, 1, 0.1]', '[]'), 17, 'study.epsilon is a list of 0'],
  ['radii that decrease', `${listed}  cell: {radius: [3, 2]}\n`, 19, 'study.cell.radius has 2 after 3'],
  ['a negative α', `${listed}  cell: {alpha: -1}\n`, 19, 'study.cell.alpha is -1'],
  ['a scheme of paths nobody knows', `${listed}  paths: {scheme: upwnd}\n`, 19, 'study.paths.scheme "upwnd" is not'],
  ['half a path', `${listed}  paths: {count: 0.5}\n`, 19, 'study.paths.count is 0.5'],
  [
    'a limit that does not start from the terminal cost',
    `${listed}exact:\n  limit: x\n`,
    20,
    'exact.limit is -0.5 at tau = 0',
  ],
  ['an alias bomb', aliasBomb, 1, 'the reference &a is used'],
  ['an alias', quadratic.replace('title: Quadratic', 'title: &t Quadratic'), 1, 'the reference &t is used'],
  ['an empty file', '', 1, 'the file is empty'],
  ['a file of comments', '# nothing\n\n', 1, 'the file is empty'],
  ['a list', '- title: a\n- title: b\n', 1, 'the file holds a list'],
  ['a sentence', 'once upon a time\n', 1, 'the file holds a single value'],
  ['a duplicated key', `${quadratic}horizon: 2\n`, 6, 'a key is given twice'],
  ['two documents', `${quadratic}---\n${quadratic}`, 6, 'several documents'],
  ['an open bracket', quadratic.replace('2.5]}', '2.5'), 5, 'Flow'],
  ['an unknown tag', quadratic.replace('title: ', 'title: !!js/function '), 1, 'a tag is not known'],
  ['a key that is no word', `1: 2\n${quadratic}`, 1, 'the key 1 is not a name'],
  ['the key __proto__', `${quadratic}__proto__: {a: 1}\n`, 6, 'the key __proto__'],
  ['brackets without end', '['.repeat(100_000), 1, 'nested too deeply'],
  ['bytes that are no text', new Uint8Array([0xff, 0xfe, 0x00, 0x80]), 0, 'is not a text'],
  ['a huge file', `${quadratic}#${' '.repeat(300_000)}`, 0, 'too large'],
];

describe('a scenario that cannot be used is refused with file:line – fact – cause – remedy', () => {
  for (const [what, text, line, fact] of bad) {
    test(`${what}: line ${line}`, () => {
      const error = refusal(() => read(text)) as ScenarioError;
      expect(error).toBeInstanceOf(ScenarioError);
      const file = join(folder, 'given.yaml');
      expect(error.message).toContain(fact);
      expect(error.place).toBe(line === 0 ? file : `${file}:${line}`);
      expect(error.message).toBe([error.place, error.fact, error.cause, error.remedy].join(' – '));
      for (const part of [error.fact, error.cause, error.remedy]) expect(part).toMatch(/^[^\n]{2,}$/);
    });
  }

  test('a near miss of a key, a kind or a name is answered with the right one', () => {
    const message = (text: string) => (refusal(() => read(text)) as Error).message;
    expect(message(quadratic.replace('horizon', 'horizont'))).toMatch(
      /known keys: .*, horizon, .* – did you mean horizon\?$/,
    );
    expect(message(quadratic.replace('deep-relaxation', 'deep-relaxtion'))).toMatch(/did you mean deep-relaxation\?$/);
    expect(message(quadratic.replace('gamma: gamma', 'gamma: gama'))).toMatch(/did you mean gamma\?$/);
  });
});

describe('a scenario that does not exist', () => {
  test.each(['quadratik', 'nowhere/quadratic.yaml', '.', 'a\0b', ''])('"%s" is answered with the library', (name) => {
    const error = refusal(() => readScenario(name));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).cause).toContain('quadratic, quadratic-sweep, quadratic-uncontrolled');
  });
});
