/** The public face of scenarios, `hjb-homogenization/scenario`: from a text to a problem, without files. */

export { fastAxes, fastDomain, observedBox, slowAxes } from '../grids.ts';
export type { CellPoint, OptimizeSettings, Scenario, StudySettings, SweptParameter } from '../scenario.ts';
export { libraryTexts } from './library-texts.ts';
export { readScenarioText as readScenario, type ScenarioTextOptions } from './read-text.ts';
export { ScenarioError } from './scenario-error.ts';
export type { Values } from './set-values.ts';
