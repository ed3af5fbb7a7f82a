import { stripVTControlCharacters } from 'node:util';
import { type CommandDef, renderUsage } from 'citty';
import { packageVersion } from '../../package.ts';
import type { CliIo, Command } from '../flags/command.ts';

const helpFlag = { help: { type: 'boolean', description: 'show this help' } } as const;

const description = 'Homogenization of Hamilton–Jacobi–Bellman equations with fast ergodic noise';

/** The help of the whole program: what it is for, its commands, where to start. */
export async function programHelp(io: CliIo, commands: readonly Command[]): Promise<string> {
  const subCommands = Object.fromEntries(commands.map((command) => [command.name, definitionOf(command)]));
  const start = ['hjb list', 'hjb check quadratic', 'hjb study quadratic'];
  return shown(io, await renderUsage({ meta: { name: 'hjb', version: packageVersion(), description }, subCommands }), [
    ...start,
    'hjb solve quadratic --epsilon 0.1 --at x=1,y=0',
  ]);
}

/** The help of one command: its arguments and flags, and examples that run. */
export async function commandHelp(io: CliIo, command: Command): Promise<string> {
  return shown(io, await renderUsage(definitionOf(command), { meta: { name: 'hjb' } }), command.examples);
}

function definitionOf({ name, about, args }: Command): CommandDef {
  return { meta: { name, description: about }, args: { ...args, ...helpFlag } };
}

function shown(io: CliIo, usage: string, examples: readonly string[]): string {
  const unpadded = usage.replace(/ +$/gm, '').trimEnd();
  const text = `${unpadded}\n\nEXAMPLES\n\n${examples.map((line) => `  ${line}\n`).join('')}`;
  return io.colour ? text : stripVTControlCharacters(text);
}
