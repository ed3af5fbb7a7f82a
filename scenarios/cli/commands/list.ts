import { listLibrary } from '../../read/library.ts';
import { type CommandBody, commonFlags, exitCodes } from '../flags/command.ts';
import { facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';

export const list: CommandBody = {
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
