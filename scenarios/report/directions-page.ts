import { type DirectionStudy, directionTable } from '../study/direction-study.ts';
import { writeTexts } from './atomic-file.ts';
import { directionFigures } from './directions-figures.ts';
import { html } from './html.ts';
import { formulaHtml, pageFooter, pageHeader, pairs, verdictLine, warningsSection } from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
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

/** H̄ over directions as one self-contained page; the same study gives the same bytes. */
export function renderDirections(study: DirectionStudy, { version, warnings }: Origin): string {
  const figures = directionFigures(study);
  const sections = [
    pageHeader(`Effective Hamiltonian · ${study.name}`, study.title, verdictLine(warnings)),
    html`<section id="exchange"><h2>Extended controls</h2><div class="card">
<div class="pde">
<span><i>H̄</i>(<i>x</i>, <i>p</i>) = ∫ −min<sub><i>u</i></sub> [<i>φ</i>·<i>p</i> + <i>ℓ</i>] d<i>μ<sub>x</sub></i>
= max<sub><i>ν</i></sub> −[<i>φ̄</i>(<i>x</i>, <i>ν</i>)·<i>p</i> + <i>ℓ̄</i>(<i>x</i>, <i>ν</i>)]</span>
<span><i>φ̄</i>(<i>x</i>, <i>ν</i>) = ∫ <i>φ</i>(<i>x</i>, <i>y</i>, <i>ν</i>(<i>y</i>))
d<i>μ<sub>x</sub></i>(<i>y</i>)</span>
</div>
<p>A control <i>ν</i> that sees the fast variable moves the slow one with any velocity of a convex body; a constant one
only with those of a smaller body. The control <i>ν<sub>p</sub></i>(<i>y</i>) that attains the minimum at every
<i>y</i> gives the point farthest along −<i>p</i>; for |<i>p</i>| = 1 and no running cost <i>H̄</i> is how far that
is.</p>
${pairs(study.equations, 'formulas', formulaHtml)}
</div></section>`,
    warningsSection({ warnings }),
    html`<section id="figures-of-directions"><h2>Figures</h2>\n${figureGrid(figures)}</section>`,
    html`<section id="table"><h2>Table</h2>${studyTable(directionTable(study), undefined)}</section>`,
    pageFooter(version, 'The numbers: hamiltonian.json and directions.csv beside this page.'),
  ];
  return renderPage({ title: `${study.title}: H̄ and velocities`, sections, figures });
}
