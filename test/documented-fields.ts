/** The list of variables in docs/data.md, for tests of those that there are. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import type { Fields } from '../scenarios/study/field.ts';

export const page = readFileSync(resolve(import.meta.dirname, '../docs/data.md'), 'utf8');

/** Every variable stands in the list: controls u under CONTROL, ways of descent under METHOD, x1 and y1 under x and y. */
export function expectListed({ variables }: Fields): void {
  for (const { name } of variables) {
    const general = name
      .replace(/^limit_control_.*/, 'limit_control_CONTROL…')
      .replace(/^control_\w+?(_over_[xy])?$/, 'control_CONTROL$1')
      .replace(/^descent_[a-z]+_/, 'descent_METHOD_');
    const names = [name, general, general.replace(/([xyp])[12]/g, '$1')];
    expect(
      names.some((one) => page.includes(`\`${one}\``)),
      name,
    ).toBe(true);
  }
}
