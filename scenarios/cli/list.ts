import { listLibrary } from '../read/read-scenario.ts';
import { type Command, commonFlags, exitCodes } from './command.ts';
import { facts, heading } from './layout.ts';
import { printResult } from './opened.ts';

export const list: Command = {
  name: 'list',
  about: 'list the scenarios of the library',
  args: { ...commonFlags },
  examples: ['hjb list'],
  async run(request) {
    const scenarios = listLibrary();
    printResult(request, {
      json: { command: 'list', scenarios },
      text: `${heading(request.io, 'Library scenarios')}\n${facts(scenarios.map(({ name, title }) => [name, title]))}`,
    });
    return exitCodes.done;
  },
};
