import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Writes beside the target and renames, so that a reader finds the old file or the whole new one, never a part. Makes
 * the folder where it is missing.
 */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes texts by their names into a folder, each file whole; the paths written. */
export async function writeTexts(directory: string, texts: Readonly<Record<string, string>>): Promise<string[]> {
  const files = Object.entries(texts).map(([name, text]) => ({ path: join(directory, name), text }));
  for (const { path, text } of files) await writeFileAtomically(path, text);
  return files.map(({ path }) => path);
}
