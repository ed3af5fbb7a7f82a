import { listLibrary } from '../../read/read-scenario.ts';
import { type Command, commonFlags, exitCodes } from '../flags/command.ts';
import { facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';

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
