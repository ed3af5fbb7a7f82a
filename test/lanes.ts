/** The rows of a table in the lanes of docs/testing.md: those that `fast` picks in both, the others in the full one. */
import { describe, test } from 'vitest';
import { someRows } from './draws.ts';

const full = { tags: ['full'] };

/** `test.for` over the rows, of which each stands alone. */
export function inLanes<Row>(rows: readonly Row[], fast: (row: Row) => boolean, some = someRows) {
  return (name: string, check: (row: Row) => Promise<void> | void): void => {
    test.for(rows.filter(fast))(name, (row) => check(row));
    test.for(some(rows.filter((row) => !fast(row))))(name, full, (row) => check(row));
  };
}

/** `describe.for` over the rows. */
export function describeInLanes<Row>(rows: readonly Row[], fast: (row: Row) => boolean) {
  return (name: string, body: (row: Row) => void): void => {
    describe.for(rows.filter(fast))(name, body);
    describe.for(someRows(rows.filter((row) => !fast(row))))(name, full, body);
  };
}
