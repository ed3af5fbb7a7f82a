import { existsSync, writeFileSync } from 'node:fs';
import { firstScenarios } from '../../read/first-scenario.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { type CommandBody, commonFlags, exitCodes } from '../flags/command.ts';
import { facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';

const USUAL_FILE = 'scenario.yaml';
const models = Object.keys(firstScenarios);

export const init: CommandBody = {
  args: {
    file: { positional: true, optional: true, description: `the file to write (default ${USUAL_FILE})` },
    model: {
      options: models,
      description:
        'what it is about: a loss, any system on the line, one with noise in x and y, or one in the plane ' +
        '(default deep-relaxation)',
    },
    ...commonFlags,
  },
  examples: ['hjb init', 'hjb init my-scenario.yaml --model slow-fast'],
  async run(request) {
    const { given, io } = request;
    const file = given.subject === '' ? USUAL_FILE : given.subject;
    const model = given.value('model') ?? models[0];
    write(file, firstScenarios[model]);
    printResult(request, {
      json: { command: 'init', model, written: [file] },
      text: `${heading(io, `Written ${file}`)}${facts([
        ['change it', 'every key has a comment'],
        ['check it', `hjb check ${file}`],
        ['study it', `hjb study ${file}`],
      ])}`,
    });
    return exitCodes.done;
  },
};

/** Throws ScenarioError where the file exists or cannot be written. */
function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || existsSync(file)) {
      throw new ScenarioError(file, `${file} exists`, 'hjb init overwrites nothing', 'give another name, or remove it');
    }
    if (code === 'ENOSPC') throw error;
    throw new ScenarioError(file, `${file} cannot be written`, message, 'give a file in a folder that takes one');
  }
}
