/** The help of the program and of its commands: grouped, and within 80 columns. */
import { packageVersion } from '../../package.ts';
import { displayWidth, pad, wrapped } from '../../report/table-terminal.ts';
import { shownFlag } from '../flags/arguments.ts';
import { type CliIo, type Command, type Flag, purposes } from '../flags/command.ts';
import { heading } from './layout.ts';

/** Columns of a line. */
const WIDTH = 80;
/** Where descriptions begin at most; a longer label has a line of its own. */
const FARTHEST = 24;

/** Flags by what they are about; all others come first, as what is asked. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'Grid and scheme': ['nodes', 'steps', 'fast', 'scheme', 'time', 'relaxation', 'frame'],
  'Who works on it': [
    ...['executor', 'workers', 'at-once', 'sbatch', 'wait', 'take', 'fresh', 'status', 'checkpoint'],
    ...['backend', 'threads'],
  ],
  Output: ['out', 'json', 'quiet', 'help'],
};

/** The help of the whole program: what it is for, its commands by purpose, where to start. */
export function programHelp(io: CliIo, commands: readonly Pick<Command, 'name' | 'purpose' | 'about'>[]): string {
  const title = `hjb ${packageVersion()}: homogenization of Hamilton–Jacobi–Bellman equations`;
  const width = Math.max(...commands.map(({ name }) => name.length));
  const groups = purposes.map((purpose) => {
    const own = commands.filter((command) => command.purpose === purpose);
    return `\n${heading(io, purpose)}${rows(
      own.map(({ name, about }) => [name, about]),
      width,
    )}`;
  });
  return [
    heading(io, title),
    ...groups,
    '\n  hjb COMMAND --help says more about one of them.\n',
    examplesText(io, ['init mine.yaml', 'check quadratic', 'study quadratic', 'solve quadratic --epsilon 0.1']),
  ].join('');
}

/** The help of one command: the word it is about, its flags by what they are about, and examples that run. */
export function commandHelp(io: CliIo, { name, about, args, examples }: Command): string {
  const isWord = ([, { positional }]: [string, Flag]) => positional === true;
  const words = Object.entries(args).filter(isWord);
  const flags = Object.entries(args).filter((entry) => !isWord(entry));
  const needed = flags.filter(([, { required }]) => required === true).map(([flag, of]) => shownFlag(flag, of));
  const asked = [
    ...words.map(([word, { description }]) => [word.toUpperCase(), description] as const),
    ...flags.filter(([flag]) => groupOf(flag) === undefined).map(labelled),
  ];
  const help: [string, Flag] = ['help', { description: 'show this help' }];
  const grouped = Object.keys(groups).map((group) => {
    return [group, [...flags, help].filter(([flag]) => groupOf(flag) === group).map(labelled)] as const;
  });
  const sections = [['', asked] as const, ...grouped].filter(([, lines]) => lines.length > 0);
  const labels = sections.flatMap(([, lines]) => lines.map(([label]) => displayWidth(label)));
  const width = Math.max(...labels.filter((length) => length <= FARTHEST));
  return [
    heading(io, ['hjb', name, ...words.map(shownWord), ...needed, '[flags]'].join(' ')),
    `\n${wrapped(about, WIDTH - 2)
      .map((line) => `  ${line}\n`)
      .join('')}`,
    ...sections.map(([group, lines]) => `\n${group === '' ? '' : heading(io, group)}${rows(lines, width)}`),
    examplesText(
      io,
      examples.map((line) => line.replace(/^hjb /, '')),
    ),
  ].join('');
}

function shownWord([word, { optional }]: [string, Flag]): string {
  return optional === true ? `[${word.toUpperCase()}]` : word.toUpperCase();
}

function groupOf(flag: string): string | undefined {
  return Object.keys(groups).find((group) => groups[group].includes(flag));
}

function labelled([flag, of]: [string, Flag]): readonly [string, string] {
  return [shownFlag(flag, of), described(of)];
}

/** Labels with their descriptions, wrapped beside them. */
function rows(lines: readonly (readonly [string, string])[], width: number): string {
  const indent = ' '.repeat(width + 4);
  return lines
    .map(([label, text]) => {
      const [first, ...rest] = text.split('\n').flatMap((part) => wrapped(part, WIDTH - indent.length));
      const start = displayWidth(label) > width ? `  ${label}\n${indent}` : `  ${pad(label, width, true)}  `;
      return [`${start}${first}\n`, ...rest.map((line) => `${indent}${line}\n`)].join('');
    })
    .join('');
}

function described({ description, options, multiple, required }: Flag): string {
  const parts = [
    description,
    multiple === true ? '; may be repeated' : '',
    required === true ? ' (required)' : '',
    options === undefined ? '' : `\n[${options.join(' | ')}]`,
  ];
  return parts.join('');
}

function examplesText(io: CliIo, lines: readonly string[]): string {
  return `\n${heading(io, 'Examples')}${lines.map((line) => `  hjb ${continued(line)}\n`).join('')}`;
}

/** A command line with the breaks of a shell. */
function continued(line: string): string {
  return wrapped(line, WIDTH - 8).join(' \\\n      ');
}
