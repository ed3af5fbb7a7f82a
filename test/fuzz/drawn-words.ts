/** Command lines drawn at random, over the flags that the commands have. */
import fc from 'fast-check';
import { commands } from '../../scenarios/cli/commands/commands.ts';
import { type Command, type Flag, loaded } from '../../scenarios/cli/flags/command.ts';
import { drawnFormula } from './drawn-scenario.ts';

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
  nodes: ['x=11,y=11', 'x=5,y=7', '11', '9', '21'],
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
  control: ['feedback', 'extended', 'u=1', 'u=t', 'u=0.5,w=0'],
  out: [FOLDER],
};

/** Commands that work on a file and end soon with the words below. */
const quick = ['check', 'measure', 'cell', 'hamiltonian', 'solve', 'effective', 'simulate'];
/** Flags without which a command would take its own, larger, values. */
const always: Readonly<Record<string, readonly string[]>> = {
  check: ['nodes'],
  cell: ['nodes', 'radius', 'delta'],
  solve: ['nodes', 'epsilon', 'threads'],
  effective: ['nodes', 'threads'],
  hamiltonian: ['nodes'],
  simulate: ['nodes', 'epsilon', 'paths', 'steps', 'threads'],
};

/** All commands with their flags. */
export const everyCommand: Promise<readonly Command[]> = Promise.all(commands.map(loaded));

function drawnValue(name: string, { options }: Flag, share: number): fc.Arbitrary<string> {
  const usual = options ?? cheap[name] ?? points;
  const formula = name === 'integrand' || name === 'control';
  return fc.oneof(
    {
      weight: share,
      arbitrary: formula
        ? drawnFormula(['y', 'x', 't']).map((text) => (name === 'control' ? `u=${text}` : text))
        : fc.constantFrom(...usual),
    },
    { weight: share, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...odd, ...(options === undefined ? huge : []), ...points) },
  );
}

function flagWords(name: string, flag: Flag, share: number): fc.Arbitrary<string[]> {
  if (flag.value === undefined && flag.options === undefined) return fc.constant([`--${name}`]);
  return fc
    .tuple(drawnValue(name, flag, share), fc.boolean())
    .map(([value, joined]) => (joined ? [`--${name}=${value}`] : [`--${name}`, value]));
}

/** Words of a command that works on a file, mostly right ones. */
export function drawnWords(all: readonly Command[]): fc.Arbitrary<string[]> {
  const one = (command: Command) => {
    const flags = Object.entries(command.args).filter(
      ([name, { positional }]) => positional !== true && name !== 'backend',
    );
    const needed = always[command.name] ?? [];
    const words = flags.map(([name, flag]) => {
      const some = flagWords(name, flag, 20);
      return needed.includes(name)
        ? fc.oneof({ weight: 60, arbitrary: some }, { weight: 1, arbitrary: fc.constant([]) })
        : fc.oneof({ weight: 1, arbitrary: some }, { weight: 12, arbitrary: fc.constant<string[]>([]) });
    });
    return fc.tuple(...words).map((given) => [command.name, FILE, ...given.flat()]);
  };
  return fc.oneof(
    ...all
      .filter(({ name }) => quick.includes(name))
      .map((command) => ({ weight: command.name === 'check' ? 3 : 1, arbitrary: one(command) })),
  );
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
