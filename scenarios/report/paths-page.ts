import { integrators } from '../study/path-record.ts';
import { type PathStudy, pathTable } from '../study/path-study.ts';
import { writeTexts } from './atomic-file.ts';
import { dataSection, doubtLead, settingsSection, warningsSection } from './html-sections.ts';
import { figureGrid, tableBody } from './html-table.ts';
import { renderPage } from './page.ts';
import { pathFigures } from './path-figures.ts';
import { tableToCsv } from './table-csv.ts';

/** Where an ensemble comes from. */
interface PathsOrigin {
  readonly version: string;
  readonly scenario: string;
  readonly title: string;
  readonly warnings: readonly string[];
}

/** Writes report.html, simulate.json and paths.csv; the paths written. */
export function writePaths(study: PathStudy, directory: string, origin: PathsOrigin): Promise<string[]> {
  return writeTexts(directory, {
    'report.html': renderPaths(study, origin),
    'simulate.json': `${JSON.stringify({ command: 'simulate', ...origin, ...study }, null, 1)}\n`,
    'paths.csv': tableToCsv(pathTable(study)),
  });
}

/** Ensembles as one self-contained page; the same ensembles give the same bytes. */
export function renderPaths(study: PathStudy, { version, scenario, title, warnings }: PathsOrigin): string {
  const figures = pathFigures(study);
  const [record] = study.records;
  const settings = [
    ['control', study.control],
    ['integrator', `${integrators[record.method]}, ${record.steps} steps, weak order 2`],
    ['paths', `${record.paths}, seed ${record.seed}`],
  ] as const;
  const table = pathTable(study);
  const sections = [
    { id: 'results', title: 'What was found', body: tableBody(table) },
    { id: 'figures-of-paths', title: 'Figures', body: figureGrid(figures) },
    ...warningsSection({ warnings }),
    dataSection([
      ['paths.csv', table.title],
      ['simulate.json', 'the ensembles: JSON'],
    ]),
    ...settingsSection(settings),
  ];
  return renderPage({
    ...{ kicker: `Paths · ${scenario}`, title, lead: doubtLead(warnings), version },
    ...{ sections, figures, tables: [table], owner: { name: scenario } },
  });
}
