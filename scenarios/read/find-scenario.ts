import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { InputError } from '../../src/input/input-error.ts';
import { nearestName } from '../../src/input/nearest-name.ts';
import { printable } from '../../src/input/printable.ts';
import { libraryFiles } from './library.ts';
import { largestFile } from './locate.ts';
import type { ScenarioText } from './read-text.ts';
import { ScenarioError } from './scenario-error.ts';

/**
 * Find and read a scenario: a library name (no slash, no .yaml), otherwise the path of a file or a pipe; "-" is the
 * standard input.
 * Throws InputError listing the library when there is neither; ScenarioError when the file is no text or too large.
 */
export function findScenario(nameOrPath: string): ScenarioText {
  const library = libraryFiles();
  const own = library.get(nameOrPath);
  if (own !== undefined) {
    const shown = `scenarios/library/${nameOrPath}.yaml`;
    return { name: nameOrPath, file: nameOrPath, shown, source: textOf(own, shown) };
  }
  if (nameOrPath === '-') {
    return { name: 'stdin', file: '-', shown: 'standard input', source: textOf(0, 'standard input') };
  }
  const name = basename(nameOrPath, extname(nameOrPath));
  if (!isReadable(nameOrPath)) throw notFound(nameOrPath, [...library.keys()]);
  if (name === '' || name.startsWith('.') || printable(name) !== name) {
    throw new InputError(
      `the scenario ${nameOrPath} has no name, or one with control characters`,
      'results are kept in a folder named after the file',
      'give the file a name like my-scenario.yaml',
    );
  }
  return { name, file: nameOrPath, shown: nameOrPath, source: textOf(nameOrPath, nameOrPath) };
}

/** A file or a pipe; what else there is, such as a folder or a device, has no end or no text. */
function isReadable(path: string): boolean {
  try {
    const found = statSync(path);
    return found.isFile() || found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
}

function notFound(nameOrPath: string, library: readonly string[]): InputError {
  const near = nearestName(nameOrPath, library);
  return new InputError(
    `there is no scenario "${nameOrPath}"`,
    `it is neither a file nor in the library: ${library.join(', ')}`,
    near === undefined ? 'give the path of a YAML file or a name of the library' : `did you mean ${near}?`,
  );
}

function textOf(place: string | 0, shown: string): string {
  const bytes = bytesOf(place, shown);
  if (bytes.length > largestFile) {
    throw new ScenarioError(
      shown,
      'the file is too large',
      `at most ${largestFile / 1024} KiB are read`,
      'is it a scenario? One has ten to fifty lines',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ScenarioError(shown, 'the file is not a text', 'it is not valid UTF-8', 'save it as UTF-8 text');
  }
}

/** The bytes of a file or of an open descriptor, one more than are allowed at most: a pipe does not say its size. */
function bytesOf(place: string | 0, shown: string): Uint8Array {
  const bytes = new Uint8Array(largestFile + 1);
  let length = 0;
  try {
    const from = place === 0 ? 0 : openSync(place, 'r');
    for (let more = 1; more > 0 && length < bytes.length; length += more) {
      more = readSync(from, bytes, length, bytes.length - length, null);
    }
    if (place !== 0) closeSync(from);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ScenarioError(shown, 'the file cannot be read', cause, 'check its permissions');
  }
  return bytes.subarray(0, length);
}
