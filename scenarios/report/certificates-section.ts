import { type Certificate, certified, type Finding, shownWhere } from '../../src/verification/certificate.ts';
import type { Study } from '../study/study.ts';
import { formatParameter } from './format-number.ts';
import { type Html, html, joined, nothing } from './html.ts';
import { verdictBadge } from './verdict-badge.ts';

/** What the convergence theorem asks of the steps that ran, with the figures found. */
export function certificatesSection({ certificates }: Study): Html {
  if (certificates.length === 0) return nothing;
  return html`<section id="certificates"><h2>Certificates of the steps that ran</h2>
${joined(certificates.map(card))}</section>`;
}

function card(certificate: Certificate): Html {
  const rows = certified.map(([name, statement]) => row(name, statement, certificate[name]));
  return html`<div class="card scroll"><header><h3>${title(certificate)}</h3></header><table class="full">
<thead><tr><th class="text">property</th><th class="text">statement</th><th class="text">measured</th>
<th class="text">verdict</th></tr></thead>
<tbody>${joined(rows)}</tbody></table></div>`;
}

function title({ of }: Certificate): string {
  const value = of.epsilon === null ? 'v' : `Vᵉ, ε = ${of.epsilon}`;
  const nodes = [...of.nodes.x, ...of.nodes.y].join(' × ');
  return `${value}: ${of.scheme} with ${of.time}, ${nodes} nodes, ${of.steps} steps`;
}

function row(name: string, statement: string, finding: Finding): Html {
  const measured = Object.entries(finding.measured).map(([label, value]) => `${label} = ${formatParameter(value)}`);
  const remarks = finding.status === 'fails' ? failure(finding) : [finding.note];
  return html`<tr><td class="text">${name}</td>
<td class="text prose">${statement}<br><span class="muted">${joined(remarks, '<br>')}</span></td>
<td class="text">${joined(measured, '<br>')}</td><td class="text">${verdictBadge(finding.status)}</td></tr>`;
}

function failure({ where, cause, remedy }: Extract<Finding, { status: 'fails' }>): string[] {
  return [...(where === null ? [] : [`at ${shownWhere(where)}`]), cause, remedy];
}
