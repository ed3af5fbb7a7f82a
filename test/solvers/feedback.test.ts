import { expect, test } from 'vitest';
import { libraryTexts, readScenario } from '../../scenarios/read/index.ts';
import { feedback, type Snapshot, solveEffectiveHjb, solveEpsilonHjb, uniformAxis } from '../../solvers/index.ts';

const { problem } = readScenario(libraryTexts.quadratic);
const slow = [uniformAxis('x', -2, 2, 41)];
const fast = [uniformAxis('y', -4, 4, 41)];

test('u* of deep relaxation is the full rate exactly where the drift −γ(x−y) goes down V', async () => {
  const value = await solveEpsilonHjb(problem, { epsilon: 0.1, slow, fast, snapshots: 4 });
  const u = feedback(problem, value);
  // V grows with |x|: the drift goes down where (x − y)·x > 0.
  for (const t of [0, 0.4, 0.9]) {
    expect(u(t, [1], [0])[0]).toBe(1);
    expect(u(t, [1], [2])[0]).toBe(0);
    expect(u(t, [-1], [0])[0]).toBe(1);
  }
});

test('without snapshots u* is that of t = 0', async () => {
  const value = await solveEffectiveHjb(problem, { slow, fast, snapshots: 1 });
  const [known, alone] = [feedback(problem, value), feedback(problem, { grid: value.grid, values: value.values })];
  for (const y of [-1, 0.2, 3]) expect(alone(0.3, [0.7], [y])[0]).toBe(known(0.3, [0.7], [y])[0]);
});

test('values on the way are handed over as they are kept', async () => {
  const seen: Snapshot[] = [];
  const onSnapshot = (snapshot: Snapshot) => seen.push(snapshot);
  const value = await solveEpsilonHjb(problem, { epsilon: 0.1, slow, fast, snapshots: 5 }, { onSnapshot });
  expect(seen).toEqual(value.history);
  expect(seen).toHaveLength(5);
  const limit = await solveEffectiveHjb(problem, { slow, fast, snapshots: 2 }, { onSnapshot });
  expect(seen.slice(5)).toEqual(limit.history);
});
