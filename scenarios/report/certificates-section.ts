import { type Certificate, certified, type Finding, shownWhere } from '../../src/verification/certificate.ts';
import type { Study } from '../study/study.ts';
import { formatParameter, pageCell, ROUND_OFF, typeset } from './format-number.ts';
import { type Html, html, joined } from './html.ts';
import { scrollBox } from './html-sections.ts';
import type { Section } from './page.ts';
import { verdictBadge } from './verdict-badge.ts';

/** What the convergence theorem asks of the steps that ran, with the figures found. */
export function certificatesSection({ certificates }: Study): Section[] {
  if (certificates.length === 0) return [];
  const title = 'Certificates of the steps that ran';
  return [{ id: 'certificates', title, body: joined(certificates.map(table)), folded: true }];
}

function table(certificate: Certificate): Html {
  const rows = certified.map(([name, statement]) => row(name, statement, certificate[name]));
  const name = title(certificate);
  const grid = html`<table>
<thead><tr><th class="text">property</th><th class="text">statement</th><th class="text">measured</th>
<th class="text">verdict</th></tr></thead>
<tbody>${joined(rows)}</tbody></table>`;
  return html`<div class="study"><h3>${name}</h3>${scrollBox(name, grid)}</div>`;
}

function title({ of }: Certificate): string {
  const value = of.epsilon === null ? 'v' : `Vᵉ, ε = ${typeset(formatParameter(of.epsilon))}`;
  const nodes = [...of.nodes.x, ...of.nodes.y].join(' × ');
  return `${value}: ${of.scheme} with ${of.time}, ${nodes} nodes, ${of.steps} steps`;
}

function row(name: string, statement: string, finding: Finding): Html {
  const measured = Object.entries(finding.measured).map(
    ([label, value]) => `${typeset(label)} = ${pageCell(value, Math.abs(value) < ROUND_OFF ? 'error' : 'parameter')}`,
  );
  const remarks = finding.status === 'fails' ? failure(finding) : [finding.note];
  return html`<tr><td class="text">${name}</td>
<td class="text prose">${statement}<br><span class="muted">${joined(remarks.map(typeset), '<br>')}</span></td>
<td class="text">${joined(measured, '<br>')}</td><td class="text">${verdictBadge(finding.status)}</td></tr>`;
}

function failure({ where, cause, remedy }: Extract<Finding, { status: 'fails' }>): string[] {
  return [...(where === null ? [] : [`at ${shownWhere(where)}`]), cause, remedy];
}
