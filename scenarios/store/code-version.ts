import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot, packageVersion } from '../package.ts';
import { hashOf } from './entry.ts';

let known: string | undefined;

/**
 * The version of this program with a hash of its modules, "0.1.0-3f2a…": values found by another program are never
 * trusted. Sources and build differ, and so do two builds of different sources.
 */
export function codeVersion(): string {
  known ??= `${packageVersion()}-${fingerprint()}`;
  return known;
}

/** What this module is part of: the build, or the sources. */
function fingerprint(): string {
  const root = packageRoot();
  const isBuilt = fileURLToPath(import.meta.url).startsWith(join(root, 'dist') + sep);
  const folders = isBuilt ? ['dist/scenarios'] : ['src', 'solvers', 'scenarios'];
  const ending = isBuilt ? '.js' : '.ts';
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name)),
  );
  const hashes = files.toSorted().map((name) => hashOf(readFileSync(join(root, name))));
  return hashOf(hashes.join('')).slice(0, 12);
}
