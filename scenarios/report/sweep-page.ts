import { MOST_REPORTS, type Sweep } from '../sweep/sweep.ts';
import { html, joined } from './html.ts';
import {
  dataSection,
  inFolder,
  problemSection,
  settingsSection,
  sourceSection,
  verdictLead,
  warningsSection,
  wordBadge,
} from './html-sections.ts';
import { figureGrid, tableBody } from './html-table.ts';
import { renderPage, type Section } from './page.ts';
import { sweepFigures } from './sweep-figures.ts';

/** The report of a sweep as one self-contained page with links to those of its members, which stand beside its data. */
export function renderSweep(sweep: Sweep, data = ''): string {
  const { scenario, equations, settings, table, run, version } = sweep;
  const figures = sweepFigures(sweep);
  const sections = [
    { id: 'fields', title: 'Against the parameter', body: figureGrid(figures) },
    { id: 'tables', title: 'Side by side', body: tableBody(table) },
    ...warningsSection(sweep),
    membersSection(sweep, data),
    ...problemSection(equations),
    dataSection(
      [
        ['fields.h5', 'the fields of all members: HDF5'],
        ['sweep.json', 'the whole sweep: JSON; every member has a folder of its own'],
        [`tables/${table.name}.csv`, table.title],
      ],
      data,
    ),
    ...settingsSection(settings),
    sourceSection(scenario.source),
  ];
  return renderPage({
    ...{ kicker: `Parameter study · ${scenario.name}`, title: scenario.title, lead: verdictLead(sweep), version },
    ...{ sections, figures, tables: [table], equations, owner: { name: scenario.name, run } },
  });
}

/** Every member with its verdict and its report; one that could not be solved has none. */
function membersSection({ members, swept }: Sweep, data: string): Section {
  const items = members.map(({ values, folder, verdict, advice }) => {
    const name = swept.map((each) => `${each.name} = ${values[each.name]}`).join(', ');
    const link =
      verdict === 'not solved' || members.length > MOST_REPORTS
        ? html`${name}`
        : html`<a href="${inFolder(data, folder)}/report.html">${name}</a>`;
    const why = advice === null ? '' : html` <span class="muted">${advice}</span>`;
    return html`<li>${link} ${wordBadge(verdict)}${why}</li>`;
  });
  return { id: 'members', title: 'Members', body: html`<ul>\n${joined(items)}\n</ul>` };
}
