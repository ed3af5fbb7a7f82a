import type { Study } from '../study/study.ts';
import { type Finding, findings } from './findings.ts';
import { type Html, html, joined, nothing, raw, textOf } from './html.ts';
import { toneOf, verdictBadge } from './verdict-badge.ts';

/** What a page is about, and more under its title. */
export function pageHeader(kicker: string, title: string, more: Html = nothing): Html {
  return html`<header>
<p class="kicker">${kicker}</p>
<h1>${title}</h1>
${more}</header>`;
}

/** Title, and the worst that is known of the parts. */
export function heading({ scenario, outcome, verdict }: Study): Html {
  const advice = outcome.advice ? html`<p>${outcome.advice}</p>` : nothing;
  const parts = html`<span class="muted">${verdict.parts.join(' · ')}</span>`;
  const status = html`<p class="verdict">${verdictBadge(verdict.word)} ${parts}</p>${advice}\n`;
  return pageHeader(`Homogenization study · ${scenario.name}`, scenario.title, status);
}

const V = html`<i>V</i><sup><i>ε</i></sup>`;

/** The ε-problem, its limit, and the formulas of this scenario. */
export function problemSection({ equations }: Study): Html {
  return html`<section id="problem"><h2>The problem</h2><div class="card">
<div class="pde">
<span>−∂<sub><i>t</i></sub>${V} + <i>H</i>(<i>x</i>, <i>y</i>, D<sub><i>x</i></sub>${V}) −
<sup>1</sup>⁄<sub><i>ε</i></sub> <i>L</i><sub><i>x</i></sub>${V} = 0</span>
<span class="to"><i>ε</i> → 0 ⟹</span>
<span>−∂<sub><i>t</i></sub><i>v</i> + <i>H̄</i>(<i>x</i>, D<i>v</i>) = 0</span>
</div>
${pairs(equations, 'formulas', formulaHtml)}
</div></section>`;
}

/** The order and the final error of every series, before any table. */
export function findingsSection({ tables }: Study): Html {
  const found = findings(tables);
  if (found.length === 0) return nothing;
  return html`<section id="findings"><h2>What was found</h2><div class="strip">
${joined(found.map(findingCard))}
</div></section>`;
}

function findingCard({ verdict, claimed, label, order, final, table, title }: Finding): Html {
  const claim = verdict === 'no order claimed' ? 'order' : `order, claimed ${claimed}`;
  return html`<div class="card finding is-${toneOf(verdict)}">
<span class="label">${label}</span>
<span class="figure">${order}<small>${claim}</small></span>
<span>${verdictBadge(verdict)}</span>
<p>${final}<br><a href="#table-${table}">${title}</a></p>
</div>`;
}

/** What the theory needs, with the constants between bounds and where they were proved. */
export function assumptionsSection({ assumptions }: Study): Html {
  if (assumptions.length === 0) return nothing;
  const rows = assumptions.map(({ name, statement, verdict, found, consequence }) => {
    const lost = consequence ? html`<br><span class="muted">${consequence}</span>` : nothing;
    return html`<tr><td class="text">${name}</td>
<td class="text prose">${statement}${lost}</td>
<td class="text">${found}</td>
<td class="text">${verdictBadge(verdict)}</td></tr>`;
  });
  return html`<section id="assumptions"><h2>Assumptions, decided on the formulas</h2>
<div class="card scroll"><table class="full">
<thead><tr><th class="text">name</th><th class="text">statement</th><th class="text">constants</th>
<th class="text">verdict</th></tr></thead>
<tbody>${joined(rows)}</tbody></table></div></section>`;
}

/** A badge where there are warnings; nothing where a page has none. */
export function verdictLine(warnings: readonly string[]): Html {
  return warnings.length === 0 ? nothing : html`<p>${verdictBadge('with doubts')}</p>\n`;
}

export function warningsSection({ warnings }: Pick<Study, 'warnings'>): Html {
  if (warnings.length === 0) return nothing;
  const items = joined(warnings.map((warning) => html`<li>${warning}</li>`));
  return html`<section id="warnings"><h2>Warnings</h2><div class="card warnings"><ul>${items}</ul></div></section>`;
}

export function settingsSection(settings: Study['settings']): Html {
  if (settings.length === 0) return nothing;
  return html`<section id="settings"><h2>Settings</h2><div class="card">${pairs(settings, 'settings')}</div></section>`;
}

/** Version and the scenario as it was written. */
export function footer({ version, scenario, run }: Study): Html {
  const source = html`
<details><summary>Scenario file</summary><pre>${scenario.source}</pre></details>
`;
  return pageFooter(
    version,
    `The numbers behind every figure: fields.h5, tables/ and\nstudy.json beside this page. Run ${run}.`,
    source,
  );
}

/** Version, and where the numbers are. */
export function pageFooter(version: string, numbers: string, before: Html = nothing): Html {
  return html`<footer>${before}<p class="muted">hjb-homogenization ${version}. ${numbers}</p>
</footer>`;
}

/** A list of terms and texts. */
export function pairs(
  entries: Study['settings'],
  name: string,
  shown: (text: string) => Html | string = (text) => text,
): Html {
  const items = entries.map(([term, text]) => html`<dt>${shown(term)}</dt><dd>${shown(text)}</dd>`);
  return html`<dl class="${name}">\n${joined(items)}\n</dl>`;
}

/** X_T and x^2 with their index and exponent in place; names such as learning_rate stay as they are. */
export function formulaHtml(text: string): Html {
  return raw(
    textOf(text)
      .replace(/((?<![A-Za-z])[A-Za-z]|[Α-ω])_([A-Za-z0-9])/gu, '$1<sub>$2</sub>')
      .replace(/\^(\d+|[A-Za-z]\b)/g, '<sup>$1</sup>'),
  );
}
