import { expect, test } from 'vitest';
import { fastAxes, slowAxes } from '../../scenarios/grids.ts';
import { readScenarioText } from '../../scenarios/read/read-text.ts';
import { epsilonCases, epsilonTable } from '../../scenarios/study/epsilon-table.ts';
import { prepareStudy } from '../../scenarios/study/setup.ts';
import { limitStart, startLabel } from '../../scenarios/study/terminal-mean.ts';
import { keptOnTheWay } from '../../scenarios/study/values-on-the-way.ts';
import { solveEffectiveHjb, solveEpsilonHjb } from '../../solvers/index.ts';

const text = (terminal: string) => `title: Terminal
model:
  kind: slow-fast
  slow: { x: u }
  fast: { potential: y^2/2 }
  control: { u: [-1, 1] }
  terminal: ${terminal}
horizon: 0.5
domain: { x: [-2, 2] }
observe: { x: [-1, 1], y: [-1, 2] }
study: { epsilon: [0.1], nodes: { x: [11, 21], y: 31 } }
`;

async function solvedStudy(terminal: string) {
  const setup = prepareStudy(readScenarioText(text(terminal)));
  const { problem, scenario } = setup;
  const axes = { slow: slowAxes(scenario, [setup.fine.nx]), fast: fastAxes(setup.fast, [setup.fine.ny]) };
  const value = await solveEpsilonHjb(problem, { ...axes, epsilon: 0.1 });
  const limit = await solveEffectiveHjb(problem, { ...axes, steps: value.steps });
  return { setup, value, limit };
}

test('a study with g(x,y) shows g in the centre of K for Vᵉ and ḡ for v at τ = 0', async () => {
  const { setup, value, limit } = await solvedStudy('x^2/2 + y^2');
  expect(Math.abs(limitStart(setup)([1]) - 1.5)).toBeLessThan(1e-6); // ∫y²dμ = 1
  const [ofValue] = keptOnTheWay(setup, value);
  const [ofLimit] = keptOnTheWay(setup, limit);
  expect(ofValue.values[0]).toBe(2 + 0.5 ** 2);
  expect(Math.abs(ofLimit.values[0] - 3)).toBeLessThan(1e-6);
  expect(startLabel(setup)).toBe('mean of the terminal cost over μ_x');
  const table = epsilonTable(setup, { value: () => value, effective: () => limit } as never);
  expect(table.caption).toContain('initial layer of width ε');
  expect(epsilonCases(setup).length).toBe(2);
});

test('a study with f(x) says nothing of a layer', async () => {
  const { setup, value, limit } = await solvedStudy('x^2/2');
  expect(keptOnTheWay(setup, limit)[0].values[0]).toBe(2);
  expect(keptOnTheWay(setup, value)[0].values[0]).toBe(2);
  const table = epsilonTable(setup, { value: () => value, effective: () => limit } as never);
  expect(table.caption).not.toContain('layer');
});
