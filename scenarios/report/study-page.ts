import type { ConvergenceTable } from '../../src/verification/table.ts';
import type { Study } from '../study/study.ts';
import { certificatesSection } from './certificates-section.ts';
import { leadingFigures, studyFigures } from './figures.ts';
import { leadingSentences } from './findings.ts';
import { joined } from './html.ts';
import {
  assumptionsSection,
  dataSection,
  findingsSection,
  problemSection,
  settingsSection,
  sourceSection,
  verdictLead,
  warningsSection,
} from './html-sections.ts';
import { figureGrid, studyTable, tableBody } from './html-table.ts';
import { renderPage, type Section } from './page.ts';
import type { Figure } from './plot-style.ts';

/**
 * The report of a study as one self-contained page; its data stand in a folder, by its path from the page. The same
 * study gives the same bytes, whatever its timings.
 */
export function renderReport(study: Study, data = ''): string {
  const { scenario, equations, tables, run, version } = study;
  const drawn = studyFigures(study);
  const all = [...drawn.fields, ...drawn.tables.values()];
  const leading = leadingFigures(all);
  const ids = leading.map(({ id }) => id);
  const others = drawn.fields.filter(({ id }) => !ids.includes(id));
  const tableFigures = new Map([...drawn.tables].filter(([, { id }]) => !ids.includes(id)));
  const named = (name: string, title: string): Section[] =>
    tables
      .filter((table) => table.name === name)
      .map((table) => ({ id: `table-${name}`, title, body: tableBody(table, tableFigures.get(name)) }));
  const further = tables.filter(({ name }) => name !== 'epsilon' && name !== 'budget');
  const tableOf = (table: ConvergenceTable) => studyTable(table, tableFigures.get(table.name));
  const sections = [
    ...figuresSection('values', 'Vᵉ and its limit v', leading, 'row'),
    ...named('epsilon', 'Convergence in ε'),
    ...warningsSection(study),
    ...problemSection(equations),
    ...named('budget', 'Error budget'),
    ...findingsSection(study),
    ...(further.length === 0 ? [] : [{ id: 'tables', title: 'Refinement', body: joined(further.map(tableOf)) }]),
    ...figuresSection('fields', 'Further figures', others),
    ...assumptionsSection(study),
    dataSection(dataOf(study), data),
    ...certificatesSection(study),
    ...settingsSection(study.settings),
    sourceSection(scenario.source),
  ];
  const { advice } = study.outcome;
  return renderPage({
    ...{ kicker: `Homogenization study · ${scenario.name}`, title: scenario.title, version },
    lead: verdictLead(study, [...(advice === undefined ? [] : [advice]), ...leadingSentences(tables)]),
    ...{ sections, tables, equations, owner: { name: scenario.name, run } },
    figures: [...leading, ...others, ...tableFigures.values()],
  });
}

function figuresSection(id: string, title: string, figures: readonly Figure[], shape?: string): Section[] {
  return figures.length === 0 ? [] : [{ id, title, body: figureGrid(figures, shape) }];
}

function dataOf({ tables }: Study): [string, string][] {
  return [
    ['fields.h5', 'every field in full: HDF5'],
    ['study.json', 'the whole study: JSON'],
    ...tables.map(({ name, title }): [string, string] => [`tables/${name}.csv`, title]),
  ];
}
