import type { Comparison } from '../optimise/comparison.ts';
import { comparisonTable } from '../optimise/comparison-table.ts';
import { writeTexts } from './atomic-file.ts';
import { descentFigures } from './descent-figures.ts';
import { html, nothing } from './html.ts';
import { dataSection, pairs, problemSection } from './html-sections.ts';
import { figureGrid, tableBody } from './html-table.ts';
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
  const table = comparisonTable(comparison);
  const sections = [
    { id: 'results', title: 'What was found', body: tableBody(table) },
    { id: 'figures-of-runs', title: 'Figures', body: figureGrid(figures) },
    ...problemSection(facts, []).map((section) => ({ ...section, title: 'The loss' })),
    {
      id: 'methods',
      title: 'The methods',
      body: html`<p class="muted">g is the gradient, of a minibatch where the loss is a mean over data. Learning rate u
of the entropic methods: ${rateWords}.</p>
${pairs(formulas)}`,
    },
    dataSection([['optimize.json', 'the comparison: JSON']]),
  ];
  return renderPage({
    ...{ kicker: `Comparison of optimisers · ${name}`, title, version },
    lead: diverged ? html`<p>${verdictBadge('diverged')}</p>\n` : nothing,
    ...{ sections, figures, tables: [table], equations: facts, owner: { name } },
  });
}
