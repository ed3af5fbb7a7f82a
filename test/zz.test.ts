import { test } from 'vitest';
import { measureAxes, supportBox } from '../solvers/averaging/fast-support.ts';
import { jumpBound, quadratureBound } from '../solvers/verification/quadrature-bound.ts';
import { weightBreakBound } from '../solvers/verification/weight-breaks.ts';
import { hamiltonianAt } from '../src/control/hamiltonian.ts';
import { potentialAt } from '../src/generator/rises.ts';
import { forEachNode, tensorGrid } from '../src/grid/grid.ts';
import { cellAverages } from '../src/measure/cell-averages.ts';
import { gibbsWeights } from '../src/measure/gibbs-weights.ts';
import { slowBreaks, weightBreaks } from '../src/model/breaks.ts';
import { inSpace } from './problems.ts';

test('parts', () => {
  for (const n of [49, 101, 401]) {
    const problem = inSpace(2, { potential: '.54*y1^2/2 + 2.16*y2^2/2 ', slow: ['-1.068*sign(y1+2*y2-.262)'] });
    const axes = measureAxes(problem, supportBox(problem, [0]), n);
    const grid = tensorGrid(axes);
    const t = performance.now();
    const h = cellAverages(grid, hamiltonianAt(problem, [0], [1]), slowBreaks(problem, [0]));
    const t1 = performance.now();
    const pot = new Float64Array(grid.size);
    forEachNode(grid, (i, y) => {
      pot[i] = potentialAt(problem, [0], y);
    });
    const { weights } = gibbsWeights(pot);
    const w = weightBreaks(problem, [0]);
    const noDoubt = h.jumps.map((c) => ({ ...c, doubt: 0 }));
    console.log(
      n,
      t1 - t,
      h.jumps.length,
      axes.map((a) => a.spacing),
      'total',
      quadratureBound(grid, h, weights, w),
      'jump',
      jumpBound(grid, h.jumps, weights, w),
      'change',
      jumpBound(grid, noDoubt, weights, w),
      'weights',
      weightBreakBound(grid, h.values, weights, w),
    );
  }
});
