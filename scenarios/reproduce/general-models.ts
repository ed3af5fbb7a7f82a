/** The models of the general system on which claims are measured, and how finely. */
import type { Axis } from '../../src/grid/axis.ts';
import type { Exact, Interval, Problem } from '../../src/model/problem.ts';
import { fastAxes, fastDomain, observedBox, slowAxes } from '../grids.ts';
import { knownLimit } from '../known-limit.ts';
import { readScenario } from '../read/read-scenario.ts';
import { readScenarioText } from '../read/read-text.ts';
import type { Scenario } from '../scenario.ts';
import type { Effort } from './model.ts';

export interface GeneralModel {
  readonly name: string;
  readonly title: string;
  readonly problem: Problem;
  /** K. */
  readonly observe: { readonly x: readonly Interval[]; readonly y: readonly Interval[] };
  /** v where it is known. */
  readonly limit: Exact['limit'];
  /** Slow and fast axes; `share` of the cells of the effort. */
  axes(share: number): { readonly slow: Axis[]; readonly fast: Axis[] };
}

/** Cells per slow and fast axis, per effort. */
type Cells = Record<Effort, readonly [number, number]>;

/** The library scenarios with noise in x. */
const noisyCells: Readonly<Record<string, Cells>> = {
  'linear-quadratic-noise': { quick: [80, 40], full: [120, 60] },
  merton: { quick: [60, 40], full: [80, 60] },
  heston: { quick: [160, 160], full: [160, 160] },
  'state-dependent-noise': { quick: [60, 40], full: [80, 80] },
};

/** Noise in both variables, a terminal cost of both and a discount; all of it Gaussian. */
const LAYER = `title: A terminal cost in y
model:
  kind: slow-fast
  slow: { drift: { x: -x/2 + 0.4*y }, noise: { x: 0.3 } }
  fast: { drift: { y: x - kappa*y }, noise: { y: r*sqrt(2) } }
  terminal: (x^2 + 2*gxy*x*y + gyy*y^2)/2
  discount: 0.25
parameters: { kappa: 2, r: 0.7, gxy: 0.4, gyy: 0.6 }
horizon: 1
domain: { x: [-3, 3], y: [-5, 5] }
observe: { x: [-1, 1], y: [-1, 1] }
`;
const layerCells: Cells = { quick: [60, 120], full: [80, 160] };

/** What `hjb reproduce --model` takes beside the models of deep relaxation. */
export const generalNames: readonly string[] = [...Object.keys(noisyCells), 'terminal-in-y'];

/** The model of a name in `generalNames`. */
export function generalModelOf(name: string, effort: Effort): GeneralModel {
  const cells = noisyCells[name];
  if (cells !== undefined) return modelFrom(readScenario(name), cells[effort]);
  return modelFrom(readScenarioText(LAYER, { name }), layerCells[effort]);
}

function modelFrom(scenario: Scenario, [ofX, ofY]: readonly [number, number]): GeneralModel {
  const box = fastDomain(scenario);
  return {
    name: scenario.name,
    title: scenario.title,
    problem: scenario.problem,
    observe: observedBox(scenario),
    limit: knownLimit(scenario),
    axes: (share) => ({
      slow: slowAxes(scenario, [Math.round(ofX * share) + 1]),
      fast: fastAxes(box, [Math.round(ofY * share) + 1]),
    }),
  };
}
