/** Command lines drawn at random, over the flags that the commands have. */
import fc from 'fast-check';
import { commands } from '../../scenarios/cli/commands/commands.ts';
import { type Command, type Flag, loaded } from '../../scenarios/cli/flags/command.ts';
import { drawnFormula, drawnScenario, type Shape, shapes } from './drawn-scenario.ts';

/** Stands for the scenario file and for a folder that does not exist. */
export const FILE = '<file>';
export const FOLDER = '<folder>';

/** Values of flags that are numbers or points: tiny ones, which cost nothing, and ones that must be refused. */
const huge = ['1e12', '1e13', '1e300', '999999999999', '9007199254740993', '1e400'];
const odd = [
  ...[
    '0',
    '-1',
    '1.5',
    'NaN',
    'Infinity',
    '0x10',
    '',
    ' ',
    'x',
    '1,',
    ',',
    '=',
    'x=',
    '=1',
    'x=1=2',
    '--',
    '-',
    '1e',
    '٣',
  ],
  ...[
    'x=NaN',
    'x=1e999',
    'z=1',
    '__proto__=1',
    'constructor=1',
    'x=1,x=2',
    '\u001b[31m',
    'x=\u202e1',
    '1;2',
    '$(ls)',
    '../..',
  ],
];
const points = [
  'x=1',
  'x=1,p=1',
  'x=1,y=0',
  'x=1,p=1,y=0',
  'x=0.1',
  'x1=1,x2=0',
  'x=1,y1=0,y2=0',
  'x=1e300',
  'x=-2',
  'x=2',
];

/** Small values by the names of flags, so that a solve takes milliseconds. */
const cheap: Readonly<Record<string, readonly string[]>> = {
  epsilon: ['0.1', '1', '1e-3', '1e-8', '1e3'],
  steps: ['1', '2', '10'],
  paths: ['1', '2', '10'],
  seed: ['0', '1', '7'],
  seeds: ['1', '2'],
  records: ['1', '3'],
  radius: ['2', '5', '0.1'],
  delta: ['1e-3', '0.1', '1e-9', '10'],
  alpha: ['0.5', '1'],
  directions: ['2', '3', '8'],
  lengths: ['1', '1,2', '1e-9,1e9'],
  threads: ['1'],
  set: ['a=2', 'a=1e300', 'b=a/2', 'b=0', 'A.a=2', 'B.b=1'],
  workers: ['1', '2'],
  executor: ['inline'],
  'at-once': ['1'],
  out: [FOLDER],
};

/** The same, of a scenario with these names. */
function cheapFor({ x, y, u }: Shape): typeof cheap {
  const at = (names: readonly string[], value: string) => names.map((name) => `${name}=${value}`).join(',');
  const p = x.length === 1 ? ['p'] : x.map((_, k) => `p${k + 1}`);
  const places = [at(x, '1'), at(x, '0.1'), at(x, '-2'), at(x, '1e300')];
  const slopes = ['1', '-0.3', '0', '1e9'].map((slope) => `${at(x, '1')},${at(p, slope)}`);
  return {
    ...cheap,
    nodes: [7, 9].map((count) => `${at(x, '5')},${at(y, String(count))}`),
    at: [...places, ...slopes, `${at(x, '1')},${at(y, '0')}`, `${slopes[1]},${at(y, '0.5')}`],
    x: places,
    control: ['feedback', 'extended', at(u, '1'), at(u, '1-t'), at(u, 'x')],
  };
}

/** Commands that work on a file and end soon with the words below. */
const quick = ['check', 'measure', 'cell', 'hamiltonian', 'solve', 'effective', 'simulate', 'study', 'compare'];
/** Flags without which a command would take its own, larger, values. */
const always: Readonly<Record<string, readonly string[]>> = {
  cell: ['at', 'nodes', 'radius', 'delta'],
  solve: ['nodes', 'epsilon', 'threads'],
  effective: ['nodes', 'threads'],
  hamiltonian: ['nodes'],
  simulate: ['nodes', 'epsilon', 'paths', 'steps', 'threads'],
};
/** Commands that solve as many cases as a scenario asks for: only questions about them, and refusals. */
const asked: Readonly<Record<string, readonly string[]>> = {
  study: [
    '--status',
    '--workers=0',
    '--executor=slurm --workers=1e9',
    '--set=',
    '--scheme=none',
    '--wait',
    '--at-once=1',
  ],
  compare: ['--set', '--set=A.', '--scheme=none', '--set=C.a=1', '--time=none', '--executor=inline'],
};

/** All commands with their flags. */
export const everyCommand: Promise<readonly Command[]> = Promise.all(commands.map(loaded));

/** Values of a flag, and how often they are of those that are right. */
interface Values {
  readonly right: typeof cheap;
  readonly share: number;
  /** Names of a formula. */
  readonly names: readonly string[];
}

function drawnValue(name: string, { options }: Flag, { right, share, names }: Values): fc.Arbitrary<string> {
  const usual = options ?? right[name] ?? points;
  const formula = name === 'integrand' || name === 'control';
  return fc.oneof(
    {
      weight: formula ? share : 1,
      arbitrary: formula
        ? drawnFormula(names).map((text) => (name === 'control' ? `u=${text}` : text))
        : fc.constantFrom(...usual),
    },
    { weight: share, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd, ...(options === undefined ? huge : []), ...points) },
  );
}

function flagWords(name: string, flag: Flag, values: Values): fc.Arbitrary<string[]> {
  if (flag.value === undefined && flag.options === undefined) return fc.constant([`--${name}`]);
  return fc
    .tuple(drawnValue(name, flag, values), fc.boolean())
    .map(([value, joined]) => (joined ? [`--${name}=${value}`] : [`--${name}`, value]));
}

/** Words of a command that works on a file of this shape, mostly right ones. */
export function drawnWords(all: readonly Command[], shape: Shape): fc.Arbitrary<string[]> {
  const values: Values = { right: cheapFor(shape), share: 40, names: [...shape.y, ...shape.x] };
  const one = (command: Command) => {
    const flags = Object.entries(command.args).filter(
      ([name, { positional }]) => positional !== true && name !== 'backend',
    );
    const needed = always[command.name] ?? [];
    // A cell, or a row of H̄, has nodes of y alone.
    const isOfCells = ['cell', 'hamiltonian'].includes(command.name);
    const own = isOfCells ? { ...values, right: { ...values.right, nodes: ['5', '9', '11'] } } : values;
    const words = flags.map(([name, flag]) => {
      // A certificate takes the grid of a solve: a small one.
      const some =
        name === 'certificate'
          ? fc.constantFrom(...own.right.nodes).map((nodes) => ['--certificate', `--nodes=${nodes}`])
          : flagWords(name, flag, own);
      if (needed.includes(name)) return some;
      return fc.oneof({ weight: 1, arbitrary: some }, { weight: 25, arbitrary: fc.constant<string[]>([]) });
    });
    const subjects = command.name === 'compare' ? [FILE, FILE] : [FILE];
    const questions = asked[command.name];
    const question = questions === undefined ? fc.constant('') : fc.constantFrom(...questions);
    return fc
      .tuple(question, ...words)
      .map(([first, ...given]) => [
        ...[command.name, ...subjects, ...first.split(' ').filter((word) => word !== '')],
        ...given.flat(),
      ]);
  };
  return fc.oneof(
    ...all
      .filter(({ name }) => quick.includes(name))
      .map((command) => ({ weight: command.name === 'check' ? 3 : 2, arbitrary: one(command) })),
  );
}

/** A file, and words for it. */
export function drawnCase(all: readonly Command[]): fc.Arbitrary<{ text: string; words: string[] }> {
  return fc
    .constantFrom(...shapes)
    .chain((shape) => fc.record({ text: drawnScenario(shape), words: drawnWords(all, shape) }));
}

/** Words of any command that are wrong: none of these may begin to work. */
export function wrongWords(all: readonly Command[]): fc.Arbitrary<string[]> {
  const names = all.map(({ name }) => name);
  const word = fc.oneof(
    fc.constantFrom(
      ...odd,
      ...huge,
      ...points,
      ...names,
      '--nodes',
      '--json=1',
      '--no',
      '-x',
      '--__proto__',
      '--constructor=1',
    ),
    fc.string({ maxLength: 8, unit: 'binary' }),
  );
  return fc
    .tuple(fc.oneof(fc.constantFrom(...names), word), fc.array(word, { maxLength: 4 }))
    .map(([name, words]) => [name, ...words, '--no-such-flag']);
}
