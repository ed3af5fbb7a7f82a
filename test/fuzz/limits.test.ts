import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tableToCsv } from '../../scenarios/report/table-csv.ts';
import { hjb } from '../run-hjb.ts';

test.each([
  'hamiltonian quadratic --nodes 19000000 --method stationary',
  'hamiltonian rotational-2d --directions 100000000',
  'cell quadratic --radius 5 --delta 1e-3 --nodes 19000000',
  'solve quadratic --epsilon 0.1 --steps 1e12',
  'effective quadratic --steps 1e12',
  'simulate quadratic --epsilon 0.1 --records 1048576',
  'simulate quadratic --epsilon 0.1 --steps 1e12',
  'solve rastrigin-2d --epsilon 0.1 --steps 1e12',
  'optimize quadratic --seeds 1e12',
  'optimize quadratic --steps 1e12',
  'bench --precision --nodes 1e6',
])('%s is refused before any work, with what fits', async (line) => {
  const { code, stdout, stderr } = await hjb(line);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^--\w+ – .* – .* – (give|take) at most \d+/);
});

test.each([
  ['{x: 100001, y: 1001}', /:9 – study.nodes asks .* – give at most 19980 nodes along x with 1001 along y/],
  ['{x: 1000001, y: 11}', /:9 – study.nodes asks .* take more than a day – give at most \d+ nodes along x with 11/],
  ['{x: 21, y: 20000000}', /:9 – study.nodes asks .* – give at most 1818181 nodes along y/],
])('study.nodes of %s is refused where it is read, with what fits', async (nodes, refusal) => {
  const file = join(mkdtempSync(join(tmpdir(), 'hjb-limits-')), 'fine.yaml');
  const lines = [
    ...['title: Fine', 'model:', '  kind: slow-fast', '  slow: {x: -x}', '  fast: {potential: y^2/2}', '  terminal: x'],
    ...['horizon: 1', 'domain: {x: [-2, 2]}', `study: {nodes: ${nodes}}`],
  ];
  writeFileSync(file, lines.join('\n'));
  expect(await hjb(`measure ${file}`)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(refusal) });
});

test('a cell of a CSV that a spreadsheet would run is a text, and numbers stay numbers', () => {
  const columns = [{ key: 'part', label: 'part', kind: 'parameter' as const }];
  const rows = ['=1+1', '+a', '-x', '@a', '\tb', -1.5, '-2e-3', 'plain'].map((part) => ({ part }));
  const table = { name: 't', title: '', caption: '', columns, rows, series: [], notes: [] };
  const cells = tableToCsv(table).split('\r\n').slice(1, -1);
  expect(cells).toEqual(["'=1+1", "'+a", "'-x", "'@a", "'\tb", '-1.5', '-2e-3', 'plain']);
});
