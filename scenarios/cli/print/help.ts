import { packageVersion } from '../../package.ts';
import { shownFlag } from '../flags/arguments.ts';
import type { CliIo, Command, Flag } from '../flags/command.ts';
import { facts, heading } from './layout.ts';

/** The help of the whole program: what it is for, its commands, where to start. */
export function programHelp(io: CliIo, commands: readonly Pick<Command, 'name' | 'about'>[]): string {
  return [
    heading(io, `hjb ${packageVersion()}: homogenization of Hamilton–Jacobi–Bellman equations with fast ergodic noise`),
    `\n${heading(io, 'Commands')}\n`,
    facts(commands.map(({ name, about }) => [name, about])),
    '\n  hjb COMMAND --help says more about one of them.\n',
    examplesText(io, ['list', 'check quadratic', 'study quadratic', 'solve quadratic --epsilon 0.1 --at x=1,y=0']),
  ].join('');
}

/** The help of one command: the word it is about, its flags, and examples that run. */
export function commandHelp(io: CliIo, { name, about, args, examples }: Command): string {
  const isWord = ([, { positional }]: [string, Flag]) => positional === true;
  const words = Object.entries(args).filter(isWord);
  const flags = Object.entries(args).filter((entry) => !isWord(entry));
  const needed = flags.filter(([, { required }]) => required === true).map(([flag, of]) => shownFlag(flag, of));
  return [
    heading(io, ['hjb', name, ...words.map(([word]) => word.toUpperCase()), ...needed, '[flags]'].join(' ')),
    `\n  ${about}\n\n`,
    facts([
      ...words.map(([word, { description }]) => [word.toUpperCase(), description] as const),
      ...flags.map(([flag, of]) => [shownFlag(flag, of), described(of)] as const),
      ['--help', 'show this help'],
    ]),
    examplesText(
      io,
      examples.map((line) => line.replace(/^hjb /, '')),
    ),
  ].join('');
}

function described({ description, options, multiple, required }: Flag): string {
  const parts = [
    description,
    options === undefined ? '' : ` [${options.join(' | ')}]`,
    multiple === true ? '; may be repeated' : '',
    required === true ? ' (required)' : '',
  ];
  return parts.join('');
}

function examplesText(io: CliIo, lines: readonly string[]): string {
  return `\n${heading(io, 'Examples')}\n${lines.map((line) => `  hjb ${line}\n`).join('')}`;
}
