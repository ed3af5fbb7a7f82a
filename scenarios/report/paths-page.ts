import { integrators } from '../study/path-record.ts';
import { type PathStudy, pathTable } from '../study/path-study.ts';
import { writeTexts } from './atomic-file.ts';
import { html } from './html.ts';
import { pageFooter, pageHeader, settingsSection, verdictLine, warningsSection } from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
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
  const sections = [
    pageHeader(`Paths · ${scenario}`, title, verdictLine(warnings)),
    warningsSection({ warnings }),
    html`<section id="results"><h2>What was found</h2>${studyTable(pathTable(study), undefined)}</section>`,
    html`<section id="figures-of-paths"><h2>Figures</h2>\n${figureGrid(figures)}</section>`,
    settingsSection(settings),
    pageFooter(version, 'The numbers: simulate.json beside this page.'),
  ];
  return renderPage({ title: `${title}: paths`, sections, figures });
}
