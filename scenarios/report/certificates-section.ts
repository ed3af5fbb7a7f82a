import { type Certificate, certified, type Finding, shownWhere } from '../../src/verification/certificate.ts';
import type { Study } from '../study/study.ts';
import { escapeHtml } from './escape.ts';
import { formatParameter } from './format-number.ts';

/** What the convergence theorem asks of the steps that ran, with the figures found. */
export function certificatesSection({ certificates }: Study): string {
  if (certificates.length === 0) return '';
  return `<section id="certificates"><h2>Certificates of the steps that ran</h2>
${certificates.map(card).join('\n')}</section>`;
}

function card(certificate: Certificate): string {
  const rows = certified.map(([name, statement]) => row(name, statement, certificate[name]));
  return `<div class="card scroll"><header><h3>${escapeHtml(title(certificate))}</h3></header><table class="full">
<thead><tr><th class="text">property</th><th class="text">statement</th><th class="text">measured</th>
<th class="text">verdict</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function title({ of }: Certificate): string {
  const value = of.epsilon === null ? 'v' : `Vᵉ, ε = ${of.epsilon}`;
  const nodes = [...of.nodes.x, ...of.nodes.y].join(' × ');
  return `${value}: ${of.scheme} with ${of.time}, ${nodes} nodes, ${of.steps} steps`;
}

const badges: Record<Finding['status'], string> = {
  holds: '<span class="badge good">holds</span>',
  fails: '<span class="badge bad">fails</span>',
  'not-claimed': '<span class="badge">not claimed</span>',
};

function row(name: string, statement: string, finding: Finding): string {
  const measured = Object.entries(finding.measured).map(
    ([label, value]) => `${escapeHtml(label)} = ${escapeHtml(formatParameter(value))}`,
  );
  const remarks = (finding.status === 'fails' ? failure(finding) : [finding.note]).map(escapeHtml).join('<br>');
  return `<tr><td class="text">${escapeHtml(name)}</td>
<td class="text prose">${escapeHtml(statement)}<br><span class="muted">${remarks}</span></td>
<td class="text">${measured.join('<br>')}</td><td class="text">${badges[finding.status]}</td></tr>`;
}

function failure({ where, cause, remedy }: Extract<Finding, { status: 'fails' }>): string[] {
  return [...(where === null ? [] : [`at ${shownWhere(where)}`]), cause, remedy];
}
