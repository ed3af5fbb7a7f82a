import type { Study } from '../study/study.ts';
import type { Sweep } from '../sweep/sweep.ts';
import { findings } from './findings.ts';
import { typeset } from './format-number.ts';
import { badge, type Html, html, joined, nothing } from './html.ts';
import { mathematicsList, mathml } from './mathematics.ts';
import type { Section } from './page.ts';
import { toneOf, verdictBadge } from './verdict-badge.ts';

/** The worst of the parts, the parts, and more sentences. */
export function verdictLead({ verdict }: Pick<Study | Sweep, 'verdict'>, sentences: readonly string[] = []): Html {
  return html`<p class="verdict">${verdictBadge(verdict.word)}
<span class="muted">${verdict.parts.join(' · ')}</span></p>
${sentences.map((sentence) => html`<p>${typeset(sentence)}</p>\n`)}`;
}

const LIMIT = [
  '-\\partial_{t}V^{\\varepsilon} + H(x, y, D_{x}V^{\\varepsilon})' +
    ' - \\frac{1}{\\varepsilon}\\, L_{x}V^{\\varepsilon} = 0',
  '\\quad\\xrightarrow{\\;\\varepsilon \\to 0\\;}\\quad',
  '-\\partial_{t}v + \\bar{H}(x, Dv) = 0',
];

/** The ε-problem, its limit, and the formulas of this scenario. */
export function problemSection(equations: Study['equations'], display: readonly string[] = LIMIT): Section[] {
  if (equations.length === 0) return [];
  const spans = html`<div class="display">${display.map((latex) => html`<span>${mathml(latex)}</span>\n`)}</div>`;
  const body = html`${display.length === 0 ? nothing : scrollBox('The equations', spans)}
${mathematicsList(equations)}
<p class="tools"><button type="button" data-copy="equations">Copy LaTeX</button></p>`;
  return [{ id: 'problem', title: 'The problem', body }];
}

/** The order and the final error of every series. */
export function findingsSection({ tables }: Study): Section[] {
  const rows = findings(tables).map(
    ({ label, title, table, order, claimed, verdict, final }) => html`<tr><td class="text">${typeset(label)}</td>
<td class="text prose"><a href="#table-${table}">${title}</a></td><td>${order}</td><td>${claimed}</td>
<td class="text">${verdictBadge(verdict)}</td><td class="text prose">${typeset(final)}</td></tr>`,
  );
  const heads = ['error', 'in the table', 'mean order', 'claimed', 'verdict', 'at the end'];
  return plainTable('findings', 'Orders found', heads, rows);
}

/** A section of one table of texts; none without rows. */
function plainTable(id: string, title: string, heads: readonly string[], rows: readonly Html[]): Section[] {
  const isNumber = (label: string) => label === 'mean order' || label === 'claimed';
  const head = heads.map(
    (label) => html`<th scope="col"${isNumber(label) ? nothing : html` class="text"`}>${label}</th>`,
  );
  const body = scrollBox(title, html`<table><thead><tr>${head}</tr></thead><tbody>${joined(rows)}</tbody></table>`);
  return rows.length === 0 ? [] : [{ id, title, body }];
}

/** A box that what is wider scrolls in, with the keyboard too. */
export function scrollBox(label: string, content: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

/** What the theory needs, with the constants between bounds and where they were proved. */
export function assumptionsSection({ assumptions }: Study): Section[] {
  const rows = assumptions.map(({ name, statement, verdict, found, consequence }) => {
    const lost = consequence ? html`<br><span class="muted">${typeset(consequence)}</span>` : nothing;
    return html`<tr><td class="text">${name}</td><td class="text prose">${statement}${lost}</td>
<td class="text prose">${typeset(found)}</td><td class="text">${verdictBadge(verdict)}</td></tr>`;
  });
  const heads = ['name', 'statement', 'constants', 'verdict'];
  return plainTable('assumptions', 'Assumptions, decided on the formulas', heads, rows);
}

/** A badge where there are warnings; nothing where a page has none. */
export function doubtLead(warnings: readonly string[]): Html {
  return warnings.length === 0 ? nothing : html`<p>${verdictBadge('with doubts')}</p>\n`;
}

export function warningsSection({ warnings }: Pick<Study, 'warnings'>): Section[] {
  if (warnings.length === 0) return [];
  const items = joined(warnings.map((warning) => html`<li>${typeset(warning)}</li>`));
  return [{ id: 'warnings', title: 'Warnings', body: html`<ul class="warnings">${items}</ul>` }];
}

export function settingsSection(settings: Study['settings']): Section[] {
  if (settings.length === 0) return [];
  return [{ id: 'settings', title: 'Settings', body: pairs(settings), folded: true }];
}

export function sourceSection(source: string): Section {
  return {
    id: 'scenario',
    title: 'Scenario file',
    body: scrollBox('Scenario file', html`<pre>${source}</pre>`),
    folded: true,
  };
}

/** Links to the files in a folder, by its path from the page: beside it unless said. */
export function dataSection(files: readonly (readonly [string, string])[], folder = ''): Section {
  const items = files.map(
    ([file, content]) => html`<dt><a href="${encodeURI(inFolder(folder, file))}">${file}</a></dt><dd>${content}</dd>`,
  );
  return { id: 'data', title: 'Data', body: html`<dl class="pairs">\n${joined(items)}\n</dl>` };
}

/** The path of a file in a folder; a folder without a name is that of the page. */
export function inFolder(folder: string, file: string): string {
  return folder === '' ? file : `${folder}/${file}`;
}

/** A list of terms and texts. */
export function pairs(entries: Study['settings']): Html {
  const items = entries.map(([term, text]) => html`<dt>${typeset(term)}</dt><dd>${typeset(text)}</dd>`);
  return html`<dl class="pairs">\n${joined(items)}\n</dl>`;
}

/** A word that may judge, as a badge in its tone. */
export function wordBadge(word: string): Html {
  return badge(word, toneOf(word));
}
