import { expect, test } from 'vitest';
import { type PairField, tableOf, tabulate } from '../../src/paths/drift-table.ts';

const slow = { lower: -4, upper: 4 };
const fast = { lower: -6, upper: 6 };

test.each([
  ['grows finer', (field: PairField, signal: AbortSignal) => tabulate(field, [slow, fast], 1e-12, signal)],
  ['has its nodes', (field: PairField, signal: AbortSignal) => tableOf(field, [slow, fast], [1000, 1000], signal)],
])('a cancel is obeyed within a thousand evaluations of a drift whose table %s', async (_name, make) => {
  const abort = new AbortController();
  const [cancelAt, block] = [5000, 1000];
  let evaluations = 0;
  const field: PairField = (out, x, y) => {
    out.set([Math.sin(50 * x * y), -y]);
    if (++evaluations === cancelAt) setImmediate(() => abort.abort());
  };
  // Evaluations along a cell are not cut: at most a thousand and one of them.
  await expect(make(field, abort.signal)).rejects.toThrow('aborted');
  expect(evaluations).toBeLessThanOrEqual(cancelAt + 2 * block + 2);
});
