import { beforeAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { followDescents } from '../../scenarios/study/descents.ts';
import { prepareStudy, type StudySetup } from '../../scenarios/study/setup.ts';

describe('the descents of rastrigin-2d', { tags: ['full'] }, () => {
  let setup: StudySetup;
  let descents: Awaited<ReturnType<typeof followDescents>>;
  beforeAll(async () => {
    setup = prepareStudy(readScenario('rastrigin-2d'));
    descents = await followDescents({ ...setup, y: [17] }, {});
  });

  function found(wanted: string) {
    const one = descents?.methods.find(({ method }) => method === wanted);
    const losses = one?.losses ?? [];
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    return { ends: (one?.ways ?? []).map((way) => way[way.length - 1]), mean };
  }

  test('gradient descents rest where the gradient of f vanishes', () => {
    const gradient = setup.problem.fast.deepRelaxation?.gradient ?? [];
    const { ends } = found('gradient');
    expect(ends).toHaveLength(36);
    for (const x of ends) for (const slope of gradient) expect(Math.abs(slope(x))).toBeLessThan(1e-3);
  });

  test('entropic gradient descents end at the bottom of the wide valley, wherever they start', () => {
    // Measured 3e-4, where they move slower than the slope at which they are said to rest.
    for (const x of found('entropic').ends) expect(Math.hypot(...x)).toBeLessThan(1e-3);
  });

  test('the controlled limit ends lower than both, in the narrow valleys around the wide one', () => {
    // Measured -0.185, -0.250 and -0.261; the minimum of f is -0.267.
    const [gradient, entropic, controlled] = ['gradient', 'entropic', 'controlled'].map((name) => found(name));
    expect(controlled.mean).toBeLessThan(entropic.mean - 0.005);
    expect(entropic.mean).toBeLessThan(gradient.mean - 0.05);
    for (const x of controlled.ends) expect(Math.hypot(...x)).toBeGreaterThan(0.8);
  });
});

test('a loss with a single valley has no figure of descents', async () => {
  expect(await followDescents(prepareStudy(readScenario('isotropic-2d')), {})).toBeNull();
});
