/** The scenarios that come with the package: found and named without reading them as scenarios. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../package.ts';

/** The library's files by name, in alphabetical order. */
export function libraryFiles(): ReadonlyMap<string, string> {
  const folder = join(packageRoot(), 'scenarios', 'library');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  const names = files.map((file) => basename(file, '.yaml')).sort();
  return new Map(names.map((name) => [name, join(folder, `${name}.yaml`)]));
}

/** The scenarios of the library with their titles: the line `title:` of each, a plain scalar. */
export function listLibrary(): { name: string; title: string; file: string }[] {
  return [...libraryFiles()].map(([name, file]) => {
    const title = /^title: *(.+?) *$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? name;
    return { name, title, file };
  });
}
