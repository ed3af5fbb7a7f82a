import { type DirectionStudy, directionTable } from '../study/direction-study.ts';
import { writeTexts } from './atomic-file.ts';
import { directionFigures } from './directions-figures.ts';
import { html } from './html.ts';
import { dataSection, doubtLead, problemSection, warningsSection } from './html-sections.ts';
import { figureGrid, tableBody } from './html-table.ts';
import { renderPage } from './page.ts';
import { tableToCsv } from './table-csv.ts';

/** What made a page, and what is to be known when reading it. */
interface Origin {
  readonly version: string;
  readonly warnings: readonly string[];
}

/** Writes report.html, hamiltonian.json and directions.csv; the paths written. */
export function writeDirections(study: DirectionStudy, directory: string, origin: Origin): Promise<string[]> {
  return writeTexts(directory, {
    'report.html': renderDirections(study, origin),
    'hamiltonian.json': `${JSON.stringify({ command: 'hamiltonian', ...origin, ...study }, null, 1)}\n`,
    'directions.csv': tableToCsv(directionTable(study)),
  });
}

const EXCHANGE = [
  '\\bar{H}(x, p) = \\int -\\min_{u}\\,[\\varphi\\cdot p + \\ell]\\,\\mathrm{d}\\mu_{x}',
  ' = \\max_{\\nu}\\,-[\\bar{\\varphi}(x, \\nu)\\cdot p + \\bar{\\ell}(x, \\nu)],',
  '\\bar{\\varphi}(x, \\nu) = \\int \\varphi(x, y, \\nu(y))\\,\\mathrm{d}\\mu_{x}(y)',
];

const EXPLANATION = html`<p>A control <i>ν</i> that sees the fast variable moves the slow one with any velocity of a
convex body; a constant one only with those of a smaller body. The control <i>ν<sub>p</sub></i>(<i>y</i>) that attains
the minimum at every <i>y</i> gives the point farthest along −<i>p</i>; for |<i>p</i>| = 1 and no running cost <i>H̄</i>
is how far that is.</p>`;

/** H̄ over directions as one self-contained page; the same study gives the same bytes. */
export function renderDirections(study: DirectionStudy, { version, warnings }: Origin): string {
  const figures = directionFigures(study);
  const { name, title, equations } = study;
  const table = directionTable(study);
  const sections = [
    { id: 'figures-of-directions', title: 'Velocities and H̄', body: html`${EXPLANATION}${figureGrid(figures)}` },
    ...warningsSection({ warnings }),
    ...problemSection(equations, EXCHANGE),
    { id: 'table', title: 'Every direction', body: tableBody(table) },
    dataSection([
      ['directions.csv', table.title],
      ['hamiltonian.json', 'the study: JSON'],
    ]),
  ];
  return renderPage({
    ...{ kicker: `Effective Hamiltonian · ${name}`, title, lead: doubtLead(warnings), version },
    ...{ sections, figures, tables: [table], equations, owner: { name } },
  });
}
