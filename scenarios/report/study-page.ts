import type { Study } from '../study/study.ts';
import { certificatesSection } from './certificates-section.ts';
import { errorPlots, fieldFigures } from './figures.ts';
import { type Html, html, joined, nothing } from './html.ts';
import {
  assumptionsSection,
  findingsSection,
  footer,
  heading,
  problemSection,
  settingsSection,
  warningsSection,
} from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
import { renderPage } from './page.ts';
import type { Figure } from './plot-style.ts';

/** The report of a study as one self-contained page. The same study gives the same bytes, whatever its timings. */
export function renderReport(study: Study): string {
  const plots = errorPlots(study);
  const figures = fieldFigures(study);
  const sections = [
    heading(study),
    problemSection(study),
    findingsSection(study),
    assumptionsSection(study),
    certificatesSection(study),
    warningsSection(study),
    settingsSection(study.settings),
    tablesSection(study, plots),
    figuresSection(figures),
    footer(study),
  ];
  return renderPage({ title: study.scenario.title, sections, figures: [...plots.values(), ...figures] });
}

function tablesSection({ tables }: Study, plots: ReadonlyMap<string, Figure>): Html {
  if (tables.length === 0) return nothing;
  const studies = tables.map((table) => studyTable(table, plots.get(table.name)));
  return html`<section id="tables"><h2>Convergence</h2>\n${joined(studies)}\n</section>`;
}

function figuresSection(figures: readonly Figure[]): Html {
  if (figures.length === 0) return nothing;
  return html`<section id="fields"><h2>Figures</h2>\n${figureGrid(figures)}</section>`;
}
