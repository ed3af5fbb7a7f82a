import { expect, test } from 'vitest';
import { requireNoSource } from '../../src/time/source.ts';
import { ornsteinUhlenbeck } from '../problems.ts';

test('what cannot take a source refuses it by name', () => {
  const sourced = { ...ornsteinUhlenbeck(), source: { decay: 1, value: () => 1 } };
  expect(() => requireNoSource(sourced, 'the δ-cell problem')).toThrow(/δ-cell problem cannot take the source of/);
  expect(() => requireNoSource(ornsteinUhlenbeck(), 'the δ-cell problem')).not.toThrow();
});
