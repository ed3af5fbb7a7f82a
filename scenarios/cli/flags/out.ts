import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ScenarioError } from '../../read/scenario-error.ts';

/** The results folder cannot be made where a file already stands. */
export function refuseFile(directory: string): void {
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) return;
    throw new ScenarioError('--out', `${path} is a file`, 'the results need a folder', 'choose another folder');
  }
}

/** What `write` makes; an error of the file system is named with the folder. */
export async function writing<Value>(directory: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ScenarioError('--out', `the results cannot be written to ${directory}`, message, 'choose another folder');
  }
}
