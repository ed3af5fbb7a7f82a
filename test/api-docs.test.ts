/** The pages of the API are made of docstrings: typedoc refuses an export without one, and a link that leads nowhere. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('every export has a docstring', { tags: ['full'] }, () => {
  const program = join(root, 'node_modules/typedoc/bin/typedoc');
  const words = ['--options', 'docs/typedoc.json', '--emit', 'none'];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: root, encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
