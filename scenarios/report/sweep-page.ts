import { MOST_REPORTS, type Sweep } from '../sweep/sweep.ts';
import { badge, type Html, html, joined } from './html.ts';
import { formulaHtml, pageFooter, pageHeader, pairs, settingsSection, warningsSection } from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
import { renderPage } from './page.ts';
import { sweepFigures } from './sweep-figures.ts';
import { toneOf, verdictBadge } from './verdict-badge.ts';

/** The report of a sweep as one self-contained page with links to those of its members. */
export function renderSweep(sweep: Sweep): string {
  const { scenario, verdict, equations, settings, table, warnings, version } = sweep;
  const figures = sweepFigures(sweep);
  const status = html`<p class="verdict">${verdictBadge(verdict.word)}
<span class="muted">${verdict.parts.join(' · ')}</span></p>\n`;
  const sections = [
    pageHeader(`Parameter study · ${scenario.name}`, scenario.title, status),
    html`<section id="problem"><h2>The problem</h2><div class="card">
${pairs(equations, 'formulas', formulaHtml)}
</div></section>`,
    membersSection(sweep),
    html`<section id="tables"><h2>Side by side</h2>${studyTable(table, undefined)}</section>`,
    html`<section id="fields"><h2>Figures</h2>\n${figureGrid(figures)}</section>`,
    warningsSection({ warnings }),
    settingsSection(settings),
    pageFooter(
      version,
      'The numbers behind every figure: fields.h5, tables/ and sweep.json beside this page; every member has a folder.',
      html`\n<details><summary>Scenario file</summary><pre>${scenario.source}</pre></details>\n`,
    ),
  ];
  return renderPage({ title: scenario.title, sections, figures });
}

/** Every member with its verdict and its report; one that could not be solved has none. */
function membersSection({ members, swept }: Sweep): Html {
  const items = members.map(({ values, folder, verdict, advice }) => {
    const name = swept.map((each) => `${each.name} = ${values[each.name]}`).join(', ');
    const link =
      verdict === 'not solved' || members.length > MOST_REPORTS
        ? html`${name}`
        : html`<a href="${folder}/report.html">${name}</a>`;
    const why = advice === null ? '' : html` <span class="muted">${advice}</span>`;
    return html`<li>${link} ${badge(verdict, toneOf(verdict))}${why}</li>`;
  });
  return html`<section id="members"><h2>Members</h2><div class="card"><ul>
${joined(items)}
</ul></div></section>`;
}
