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
  'optimize quadratic --seeds 1e12',
  'optimize quadratic --steps 1e12',
  'bench --precision --nodes 1e6',
])('%s is refused before any work, with what fits', async (line) => {
  const { code, stdout, stderr } = await hjb(line);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^--\w+ – .* – .* – (give|take) at most \d+/);
});

test('a cell of a CSV that a spreadsheet would run is a text, and numbers stay numbers', () => {
  const columns = [{ key: 'part', label: 'part', kind: 'parameter' as const }];
  const rows = ['=1+1', '+a', '-x', '@a', '\tb', -1.5, '-2e-3', 'plain'].map((part) => ({ part }));
  const table = { name: 't', title: '', caption: '', columns, rows, series: [], notes: [] };
  const cells = tableToCsv(table).split('\r\n').slice(1, -1);
  expect(cells).toEqual(["'=1+1", "'+a", "'-x", "'@a", "'\tb", '-1.5', '-2e-3', 'plain']);
});
