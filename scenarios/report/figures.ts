import type { Study } from '../study/study.ts';
import { controlFigures } from './control-figures.ts';
import { errorPlot } from './error-plot.ts';
import { frozenFigures } from './frozen-figures.ts';
import { motionFigures } from './motion-figures.ts';
import { pathFigures } from './path-figures.ts';
import type { Figure } from './plot-style.ts';
import { valueFigures } from './value-figures.ts';

/** Figures of the fields, in reading order; those without data are left out. */
export function fieldFigures({ fields, paths }: Study): Figure[] {
  return [
    ...valueFigures(fields),
    ...controlFigures(fields),
    ...motionFigures(fields),
    ...frozenFigures(fields),
    ...(paths === null ? [] : pathFigures(paths)),
  ];
}

/** The error plot of each table, by the name of the table; tables without errors have none. */
export function errorPlots(study: Study): ReadonlyMap<string, Figure> {
  const figures = study.tables.map((table) => [table.name, errorPlot(table)] as const);
  return new Map(figures.filter((entry): entry is readonly [string, Figure] => entry[1] !== null));
}
