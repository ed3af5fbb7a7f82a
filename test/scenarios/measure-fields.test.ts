import { expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { measureFields } from '../../scenarios/study/frozen-fields.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';

test('densities of all x stand on one box, though each measure has a box of its own', { tags: ['full'] }, () => {
  const { variables } = measureFields(prepareStudy(readScenario('rastrigin-2d')));
  const density = variables.find(({ name }) => name === 'density');
  expect(density?.values.length).toBeGreaterThan(0);
  expect(density?.values.every((value) => value !== null && Number.isFinite(value) && value > -1e-6)).toBe(true);
});
