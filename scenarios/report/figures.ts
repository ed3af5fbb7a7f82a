import type { Study } from '../study/study.ts';
import { controlFigures } from './control-figures.ts';
import { errorPlot } from './error-plot.ts';
import { cellFigures, limitFigures } from './limit-figures.ts';
import { pathFigures } from './path-figures.ts';
import { valueFigures } from './plane-figures.ts';
import { frozenFigures } from './plane-frozen-figures.ts';
import { motionFigures } from './plane-motion-figures.ts';
import type { Figure } from './plot-style.ts';
import { lineFigures } from './value-figures.ts';

/** Figures of the fields, in reading order; those without data are left out. */
export function fieldFigures({ fields, paths }: Study): Figure[] {
  return [...figuresOf(fields), ...(paths === null ? [] : pathFigures(paths))];
}

function figuresOf(fields: Study['fields']): Figure[] {
  const controls = controlFigures(fields.controls);
  if ('kind' in fields) {
    return [...valueFigures(fields), ...controls, ...motionFigures(fields), ...frozenFigures(fields)];
  }
  const [values, limits] = [lineFigures(fields), limitFigures(fields)].map((figures) =>
    figures.filter((figure) => figure !== null),
  );
  return [...values, ...controls, ...limits, ...cellFigures(fields)];
}

/** The error plot of each table, by the name of the table; tables without errors have none. */
export function errorPlots(study: Study): ReadonlyMap<string, Figure> {
  const figures = study.tables.map((table) => [table.name, errorPlot(table)] as const);
  return new Map(figures.filter((entry): entry is readonly [string, Figure] => entry[1] !== null));
}
