import type { Comparison } from '../optimise/comparison.ts';
import { comparisonTable } from '../optimise/comparison-table.ts';
import { writeTexts } from './atomic-file.ts';
import { descentFigures } from './descent-figures.ts';
import { html, nothing } from './html.ts';
import { formulaHtml, pageFooter, pageHeader, pairs } from './html-sections.ts';
import { figureGrid, studyTable } from './html-table.ts';
import { renderPage } from './page.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Writes report.html and optimize.json; the paths written. */
export function writeComparison(
  comparison: Comparison,
  directory: string,
  { version }: { readonly version: string },
): Promise<string[]> {
  const { landscape: _, ...record } = comparison;
  return writeTexts(directory, {
    'report.html': renderComparison(comparison, version),
    'optimize.json': `${JSON.stringify({ command: 'optimize', version, ...record }, null, 1)}\n`,
  });
}

/** A comparison of methods as one self-contained page; the same comparison gives the same bytes. */
function renderComparison(comparison: Comparison, version: string): string {
  const { name, title, facts, methods, rate } = comparison;
  const figures = descentFigures(comparison);
  const formulas = methods.map(({ title: method, formula }) => [method, formula] as const);
  const rateWords =
    rate === 'fixed'
      ? 'fixed at its upper end'
      : 'that of the limit problem: ν(x,y) = u₁ where (x−y)·p ≥ 0, else u₀, with p = γ(x−μ), an estimate of −∇F';
  const diverged = methods.some((method) => method.diverged > 0);
  const sections = [
    pageHeader(
      `Comparison of optimisers · ${name}`,
      title,
      diverged ? html`<p>${verdictBadge('diverged')}</p>\n` : nothing,
    ),
    html`<section id="results"><h2>What was found</h2>${studyTable(comparisonTable(comparison), undefined)}</section>`,
    html`<section id="figures-of-runs"><h2>Figures</h2>\n${figureGrid(figures)}</section>`,
    html`<section id="loss"><h2>The loss</h2>
<div class="card">${pairs(facts, 'formulas', formulaHtml)}</div></section>`,
    html`<section id="methods"><h2>The methods</h2><div class="card">
<p class="muted">g is the gradient, of a minibatch where the loss is a mean over data. Learning rate u of the entropic
methods: ${rateWords}.</p>
${pairs(formulas, 'settings')}</div></section>`,
    pageFooter(version, 'The numbers: optimize.json beside this page.'),
  ];
  return renderPage({ title: `${title}: optimisers`, sections, figures });
}
