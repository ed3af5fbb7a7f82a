import { parseArgs } from 'node:util';
import { nearestName } from '../../../src/input/nearest-name.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Command, Flag, Given } from './command.ts';

/**
 * The words after the name of a command, read strictly: a flag that is unknown, repeated, without its value or outside
 * its list, a missing argument and one too many are errors. Throws ScenarioError with the flag as its place.
 */
export function readArguments(command: Command, words: readonly string[]): Given {
  const flags = Object.entries(command.args).filter(([, { positional }]) => positional !== true);
  const options = Object.fromEntries(
    flags.map(([name, flag]) => [name, { type: isSwitch(flag) ? 'boolean' : 'string', multiple: true } as const]),
  );
  // Not strict: what is wrong is said below, in the words of this program.
  const reading = { options, allowPositionals: true, strict: false, tokens: true } as const;
  const { tokens, positionals } = parseArgs({ args: [...words], ...reading });
  const found = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { rawName: flag, value } = token;
    const definition = definitionOf(command, flag, flags);
    const before = found.get(token.name) ?? [];
    if (before.length > 0 && definition.multiple !== true) throw repeated(flag, before[0]);
    if (isSwitch(definition)) refuseValue(flag, value);
    else if (value === undefined || value === '' || (value.startsWith('--') && definition.dashed !== true))
      throw withoutValue(flag, definition);
    else refuseOutsideList(flag, value, definition);
    found.set(token.name, [...before, value ?? '']);
  }
  const missing = flags.find(([name, { required }]) => required === true && !found.has(name));
  const subjects = subjectsOf(command, positionals);
  if (missing !== undefined) throw missingFlag(command, missing);
  return {
    subject: subjects[0] ?? '',
    subjects,
    on: (flag) => found.has(flag),
    value: (flag) => found.get(flag)?.[0],
    values: (flag) => found.get(flag) ?? [],
    flags: found,
  };
}

/** --epsilon E, --scheme NAME. */
export function shownFlag(name: string, flag: Flag): string {
  return isSwitch(flag) ? `--${name}` : `--${name} ${flag.value ?? 'NAME'}`;
}

function isSwitch({ value, options }: Flag): boolean {
  return value === undefined && options === undefined;
}

function definitionOf({ name }: Command, flag: string, flags: readonly (readonly [string, Flag])[]): Flag {
  const known = flags.map(([each]) => `--${each}`);
  if (known.includes(flag)) return flags[known.indexOf(flag)][1];
  const near = nearestName(flag, known);
  throw new ScenarioError(
    flag,
    `${flag} is not a flag of hjb ${name}`,
    `known flags: ${[...known, '--help'].join(', ')}`,
    near === undefined ? `see hjb ${name} --help` : `did you mean ${near}?`,
  );
}

function repeated(flag: string, first: string): ScenarioError {
  const cause = `it was ${first === '' ? 'given' : `set to ${first}`} before`;
  return new ScenarioError(flag, `${flag} is given twice`, cause, 'keep one of them');
}

function refuseValue(flag: string, value: string | undefined): void {
  if (value === undefined) return;
  throw new ScenarioError(flag, `${flag}=${value} has a value`, `${flag} is a switch`, `write ${flag} alone`);
}

function withoutValue(flag: string, definition: Flag): ScenarioError {
  const cause = `${flag} is ${definition.description}`;
  return new ScenarioError(flag, `${flag} has no value`, cause, `write ${shownFlag(flag.slice(2), definition)}`);
}

function refuseOutsideList(flag: string, value: string, { options }: Flag): void {
  if (options === undefined || options.includes(value)) return;
  const near = nearestName(value, options);
  throw new ScenarioError(
    flag,
    `${flag} ${value} is not known`,
    `known: ${options.join(', ')}`,
    near === undefined ? 'choose one of them' : `did you mean ${near}?`,
  );
}

/** As many words as the command is about. */
function subjectsOf({ name, args }: Command, subjects: readonly string[]): readonly string[] {
  const wanted = Object.entries(args).filter((entry) => entry[1].positional === true);
  const extra = subjects[wanted.length];
  if (extra !== undefined) {
    const takes = wanted.length === 1 ? `one ${wanted[0][0]}` : wanted.map(([word]) => word).join(' and ');
    throw new ScenarioError(
      extra.trim() === '' ? `hjb ${name}` : extra,
      `"${extra}" is an argument too many`,
      wanted.length === 0 ? `hjb ${name} takes no argument` : `hjb ${name} takes ${takes}`,
      extra.includes('=') ? 'join the coordinates of a point by commas without spaces: --at x=1,y=0' : 'remove it',
    );
  }
  if (subjects.length === wanted.length || wanted[subjects.length][1].optional === true) return subjects;
  const [what, { description }] = wanted[subjects.length];
  throw new ScenarioError(
    `hjb ${name}`,
    `no ${what} is given`,
    `it is ${/^(a|the) /.test(description) ? '' : 'the '}${description}`,
    `hjb ${name} --help shows how`,
  );
}

function missingFlag({ name }: Command, [flag, definition]: readonly [string, Flag]): ScenarioError {
  const cause = `hjb ${name} needs ${definition.description}`;
  return new ScenarioError(`--${flag}`, `--${flag} is missing`, cause, `add ${shownFlag(flag, definition)}`);
}
