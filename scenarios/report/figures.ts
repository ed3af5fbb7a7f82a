import type { Study } from '../study/study.ts';
import { budgetFigure } from './budget-figure.ts';
import { controlFigures } from './control-figures.ts';
import { errorPlot } from './error-plot.ts';
import { frozenFigures } from './frozen-figures.ts';
import { motionFigures } from './motion-figures.ts';
import { pathFigures } from './path-figures.ts';
import type { Figure } from './plot-style.ts';
import { valueFigures } from './value-figures.ts';

/** All figures of a study in reading order, those without data left out: of fields and paths, then of its tables. */
export function studyFigures(study: Study): { readonly fields: readonly Figure[]; readonly tables: TableFigures } {
  const { fields, paths, tables } = study;
  const drawn = tables.map((table) => [table.name, tableFigure(table)] as const);
  return {
    fields: [
      ...valueFigures(fields),
      ...controlFigures(fields),
      ...motionFigures(fields),
      ...frozenFigures(fields),
      ...(paths === null ? [] : pathFigures(paths)),
    ],
    tables: new Map(drawn.filter((entry): entry is readonly [string, Figure] => entry[1] !== null)),
  };
}

/** The figure of each table, by the name of the table; tables without errors have none. */
export type TableFigures = ReadonlyMap<string, Figure>;

function tableFigure(table: Study['tables'][number]): Figure | null {
  return table.name === 'budget' ? budgetFigure(table) : errorPlot(table);
}

/** What a study is about: Vᵉ and v, slices of them, and the distance of the two over ε. */
const LEADING = ['value-surface', 'limit-surface', 'value-slices', 'value-lines', 'errors-epsilon'];
const LEADING_HEIGHT = 400;

/** The figures a page begins with, all of one height. */
export function leadingFigures(figures: readonly Figure[]): Figure[] {
  return figures
    .filter(({ id }) => LEADING.includes(id))
    .map((figure) => ({ ...figure, layout: { ...figure.layout, height: LEADING_HEIGHT } }));
}
