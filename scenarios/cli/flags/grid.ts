/** --nodes, --steps and --fast of the solvers on a grid. */
import type { FastScheme } from '../../../src/generator/fast-generator.ts';
import { axesOn, fastAxes, fastDomain, slowAxes } from '../../grids.ts';
import type { Scenario } from '../../scenario.ts';
import type { Flags, Request } from './command.ts';
import type { FramedDomain } from './frame.ts';
import { fastSchemes } from './method.ts';
import { namesOf } from './points.ts';
import { nodesPerAxis } from './values.ts';

export const gridFlags = {
  nodes: { value: 'x=401,y=201', description: 'nodes per axis (default: finest level of the study)' },
  steps: { value: 'K', description: 'time steps (default: the fewest the scheme allows)' },
  fast: {
    options: Object.keys(fastSchemes),
    description: 'scheme in y (default scharfetter-gummel, order 2; corrected is sharper at ε near 1)',
  },
} satisfies Flags;

/** The nodes per slow and per fast axis that --nodes says, else those of the finest level. Throws ScenarioError. */
export function nodesAsked(scenario: Scenario, { given }: Request): number[][] {
  const names = namesOf(scenario);
  const { x, y } = scenario.study.nodes;
  return nodesPerAxis(given, [
    { letter: 'x', names: names.x, usual: Math.max(...x) },
    { letter: 'y', names: names.y, usual: Math.max(...y) },
  ]);
}

/** Axes with the nodes of --nodes; in a moving frame the fast ones are those of z. Throws InputError. */
export function gridsOf(scenario: Scenario, request: Request, framed: FramedDomain | null = null) {
  const names = namesOf(scenario);
  const [nx, ny] = nodesAsked(scenario, request);
  const fastScheme = (request.given.value('fast') ?? 'scharfetter-gummel') as FastScheme;
  const fast = framed === null ? fastAxes(fastDomain(scenario), ny) : axesOn('z', framed.box, ny);
  return { names, slow: slowAxes(scenario, nx), fast, fastScheme };
}
