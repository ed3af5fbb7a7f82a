import type { Study } from '../study/study.ts';
import { escapeHtml } from './escape.ts';
import { type Finding, findings } from './findings.ts';
import { formatParameter } from './format-number.ts';

/** Title, outcome. */
export function heading({ scenario, outcome }: Study): string {
  const tone = { converged: 'good', stalled: 'warn', diverged: 'bad', cancelled: 'warn' }[outcome.status] ?? 'warn';
  const advice = outcome.advice ? `<p>${escapeHtml(outcome.advice)}</p>` : '';
  return `<header>
<p class="kicker">Homogenization study · ${escapeHtml(scenario.name)}</p>
<h1>${escapeHtml(scenario.title)}</h1>
<p><span class="badge ${tone}">${escapeHtml(outcome.status)}</span></p>${advice}
</header>`;
}

const V = '<i>V</i><sup><i>ε</i></sup>';

/** The ε-problem, its limit, and the formulas of this scenario. */
export function problemSection({ equations }: Study): string {
  return `<section id="problem"><h2>The problem</h2><div class="card">
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
export function findingsSection({ tables }: Study): string {
  const found = findings(tables);
  if (found.length === 0) return '';
  return `<section id="findings"><h2>What was found</h2><div class="strip">
${found.map(findingCard).join('\n')}
</div></section>`;
}

function findingCard(finding: Finding): string {
  const tone = { 'as claimed': 'good', 'below the claim': 'warn', 'no asymptotic rows': '', 'no order claimed': '' }[
    finding.verdict
  ];
  const claim = finding.verdict === 'no order claimed' ? 'order' : `order, claimed ${escapeHtml(finding.claimed)}`;
  return `<div class="card finding is-${tone}">
<span class="label">${escapeHtml(finding.label)}</span>
<span class="figure">${escapeHtml(finding.order)}<small>${claim}</small></span>
<span><span class="badge ${tone}">${finding.verdict}</span></span>
<p>${escapeHtml(finding.final)}<br><a href="#table-${escapeHtml(finding.table)}">${escapeHtml(finding.title)}</a></p>
</div>`;
}

/** What the theory needs, checked, with the constants. */
export function assumptionsSection({ assumptions }: Study): string {
  if (assumptions.length === 0) return '';
  const rows = assumptions.map((assumption) => {
    const constants = Object.entries(assumption.constants).map(
      ([name, value]) => `${escapeHtml(name)} = ${escapeHtml(formatParameter(value))}`,
    );
    const state = assumption.holds ? '<span class="badge good">holds</span>' : '<span class="badge bad">fails</span>';
    const lost = assumption.consequence ? `<br><span class="muted">${escapeHtml(assumption.consequence)}</span>` : '';
    return `<tr><td class="text">${escapeHtml(assumption.name)}</td>
<td class="text prose">${escapeHtml(assumption.statement)}${lost}</td>
<td class="text">${constants.join('<br>')}</td><td class="text">${state}</td></tr>`;
  });
  return `<section id="assumptions"><h2>Assumptions, checked numerically</h2>
<div class="card scroll"><table class="full">
<thead><tr><th class="text">name</th><th class="text">statement</th><th class="text">constants</th>
<th class="text">verdict</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></section>`;
}

export function warningsSection({ warnings }: Pick<Study, 'warnings'>): string {
  if (warnings.length === 0) return '';
  const items = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('\n');
  return `<section id="warnings"><h2>Warnings</h2><div class="card warnings"><ul>${items}</ul></div></section>`;
}

export function settingsSection({ settings }: Study): string {
  if (settings.length === 0) return '';
  const list = pairs(settings, 'settings', escapeHtml);
  return `<section id="settings"><h2>Settings</h2><div class="card">${list}</div></section>`;
}

/** Version and the scenario as it was written. */
export function footer({ version, scenario }: Study): string {
  return `<footer>
<details><summary>Scenario file</summary><pre>${escapeHtml(scenario.source)}</pre></details>
<p class="muted">hjb-homogenization ${escapeHtml(version)}. The numbers behind every figure: fields.h5, tables/ and
study.json beside this page.</p>
</footer>`;
}

/** A list of terms and texts. */
export function pairs(entries: Study['settings'], name: string, html: (text: string) => string): string {
  const items = entries.map(([term, text]) => `<dt>${html(term)}</dt><dd>${html(text)}</dd>`);
  return `<dl class="${name}">\n${items.join('\n')}\n</dl>`;
}

/** X_T and x^2 with their index and exponent in place; names such as learning_rate stay as they are. */
export function formulaHtml(text: string): string {
  return escapeHtml(text)
    .replace(/((?<![A-Za-z])[A-Za-z]|[Α-ω])_([A-Za-z0-9])/gu, '$1<sub>$2</sub>')
    .replace(/\^(\d+|[A-Za-z]\b)/g, '<sup>$1</sup>');
}
