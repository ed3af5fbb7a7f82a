import type { ArgDef, ArgsDef } from 'citty';
import { nearestName } from '../../../src/input/nearest-name.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Command, Given } from './command.ts';

/** Flags that may be given several times. */
const repeatable = new Set(['at', 'x']);

/**
 * The words after the name of a command, read strictly: a flag that is unknown, repeated, without its value or outside
 * its list, a missing argument and one too many are errors. Throws ScenarioError with the flag as its place.
 */
export function readArguments(command: Command, words: readonly string[]): Given {
  const flags = new Map<string, string[]>();
  const subjects: string[] = [];
  for (let k = 0; k < words.length; k++) {
    const word = words[k];
    if (!word.startsWith('-') || word === '-') {
      subjects.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const definition = definitionOf(command, flag);
    const name = flag.slice(2);
    const before = flags.get(name) ?? [];
    if (before.length > 0 && !repeatable.has(name)) throw repeated(flag, before[0]);
    if (definition.type === 'boolean') {
      if (equals >= 0)
        throw new ScenarioError(flag, `${word} has a value`, `${flag} is a switch`, `write ${flag} alone`);
      flags.set(name, ['']);
      continue;
    }
    const value = equals >= 0 ? word.slice(equals + 1) : words[++k];
    if (value === undefined || value === '' || value.startsWith('--')) throw withoutValue(flag, definition);
    refuseOutsideList(flag, value, definition);
    flags.set(name, [...before, value]);
  }
  return {
    subject: onlySubject(command, subjects, flags),
    on: (flag) => flags.has(flag),
    value: (flag) => flags.get(flag)?.[0],
    values: (flag) => flags.get(flag) ?? [],
  };
}

/** --epsilon E. */
export function shownFlag(name: string, { valueHint }: ArgDef): string {
  return valueHint === undefined ? `--${name}` : `--${name} ${valueHint}`;
}

function flagsOf(args: ArgsDef): [string, ArgDef][] {
  return Object.entries(args).filter(([, { type }]) => type !== 'positional');
}

function definitionOf({ name, args }: Command, flag: string): ArgDef {
  const known = flagsOf(args).map(([each]) => `--${each}`);
  const definition = flag.startsWith('--') ? args[flag.slice(2)] : undefined;
  if (known.includes(flag) && definition !== undefined) return definition;
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

function withoutValue(flag: string, definition: ArgDef): ScenarioError {
  const cause = `${flag} is ${definition.description}`;
  return new ScenarioError(flag, `${flag} has no value`, cause, `write ${shownFlag(flag.slice(2), definition)}`);
}

function refuseOutsideList(flag: string, value: string, definition: ArgDef): void {
  if (definition.type !== 'enum' || definition.options === undefined || definition.options.includes(value)) return;
  const near = nearestName(value, definition.options);
  throw new ScenarioError(
    flag,
    `${flag} ${value} is not known`,
    `known: ${definition.options.join(', ')}`,
    near === undefined ? 'choose one of them' : `did you mean ${near}?`,
  );
}

function onlySubject(
  { name, args }: Command,
  subjects: readonly string[],
  flags: ReadonlyMap<string, unknown>,
): string {
  const positional = Object.entries(args).find(([, { type }]) => type === 'positional');
  const expected = positional === undefined ? 0 : 1;
  if (subjects.length > expected) {
    const extra = subjects[expected];
    throw new ScenarioError(
      extra,
      `"${extra}" is an argument too many`,
      positional === undefined ? `hjb ${name} takes no argument` : `hjb ${name} takes one ${positional[0]}`,
      extra.includes('=') ? 'join the coordinates of a point by commas without spaces: --at x=1,y=0' : 'remove it',
    );
  }
  if (positional !== undefined && subjects.length === 0) {
    const [what, { description }] = positional;
    throw new ScenarioError(
      `hjb ${name}`,
      `no ${what} is given`,
      `it is the ${description}`,
      `hjb ${name} --help shows how`,
    );
  }
  for (const [flag, definition] of flagsOf(args)) {
    if (definition.required !== true || flags.has(flag)) continue;
    const cause = `hjb ${name} needs ${definition.description}`;
    throw new ScenarioError(`--${flag}`, `--${flag} is missing`, cause, `add ${shownFlag(flag, definition)}`);
  }
  return subjects[0] ?? '';
}
