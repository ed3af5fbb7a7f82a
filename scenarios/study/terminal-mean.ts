/** What v starts from in a study. */
import { stationaryMeasure } from '../../solvers/index.ts';
import { forEachNode } from '../../src/grid/grid.ts';
import { slowTerminal, terminalSeesY } from '../../src/model/general-terms.ts';
import { axesOf, type StudySetup } from './setup.ts';

/** v(0) as a function of x: f, or ḡ(x) = ∫g(x,y)dμ_x by the measure of the finest nodes, as in the march. */
export function limitStart(setup: StudySetup): (x: readonly number[]) => number {
  const { problem, fine } = setup;
  if (!terminalSeesY(problem)) return slowTerminal(problem);
  const { fast } = axesOf(setup, fine, 'standard');
  return (x) => {
    const { grid, weights } = stationaryMeasure(problem, x, fast);
    let sum = 0;
    forEachNode(grid, (j, y) => {
      sum += weights[j] * problem.terminalCost(x, y);
    });
    return sum;
  };
}

/** What the field f is. */
export function startLabel({ problem }: StudySetup): string {
  return terminalSeesY(problem) ? 'mean of the terminal cost over μ_x' : 'terminal cost';
}
