import { existsSync, lstatSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ScenarioError } from '../../read/scenario-error.ts';
import { systemMessage } from '../../store/system-message.ts';

/** The results folder cannot be made where a file already stands. */
export function refuseFile(directory: string): void {
  for (let path = directory; path !== dirname(path); path = dirname(path)) {
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) return;
    throw new ScenarioError('--out', `${path} is a file`, 'the results need a folder', 'choose another folder');
  }
}

/**
 * The folder of results before any work: what a killed run has left is put right, and a folder that could not be
 * published later is refused now. Throws ScenarioError.
 */
export async function prepareFolder(directory: string): Promise<void> {
  refuseFile(directory);
  const { restoreFolder } = await import('../../store/publish-folder.ts');
  await writing(directory, async () => restoreFolder(directory));
  // A link may lead to where a killed run has put nothing back yet.
  refuseDanglingLink(directory);
  await writing(directory, async () => {
    const parent = dirname(resolve(directory));
    mkdirSync(parent, { recursive: true });
    // Only writing tells: a disk may be full or read-only though its permissions allow it.
    const probe = join(parent, `.${basename(directory)}.${process.pid}.probe`);
    writeFileSync(probe, 'hjb\n');
    rmSync(probe);
  });
}

function refuseDanglingLink(directory: string): void {
  if (existsSync(directory) || lstatSync(directory, { throwIfNoEntry: false }) === undefined) return;
  throw new ScenarioError('--out', `${directory} is a link to nothing`, 'the results need a folder', 'mend the link');
}

/** What `write` has written, or what the file system says against it, in one line. */
export async function writtenOrNot(
  directory: string,
  write: () => Promise<string[]>,
): Promise<{ readonly written: readonly string[]; readonly trouble: string | null }> {
  try {
    return { written: await write(), trouble: null };
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.syscall === undefined) throw error;
    const trouble = `hjb: the results cannot be written to ${directory} – ${systemMessage(failure)}`;
    return { written: [], trouble };
  }
}

/** What `write` makes; an error of the file system is named with the folder. */
export async function writing<Value>(directory: string, write: () => Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === undefined) throw error;
    const fact = `the results cannot be written to ${directory}`;
    throw new ScenarioError('--out', fact, systemMessage(failure), 'choose another folder');
  }
}
