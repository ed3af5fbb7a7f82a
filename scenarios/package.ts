import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, found from the sources as well as from the build. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (packageAt(folder)?.name !== 'hjb-homogenization') {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error('hjb-homogenization: package.json not found above its own modules; the installation is damaged');
    }
    folder = parent;
  }
  return folder;
}

/** The version of this package. */
export function packageVersion(): string {
  return packageAt(packageRoot())?.version ?? '';
}

function packageAt(folder: string): { name: string; version: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
