import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison } from '../optimise/comparison.ts';
import { comparisonTable } from '../optimise/comparison-table.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { descentFigures } from './descent-figures.ts';
import { escapeHtml } from './escape.ts';
import { formulaHtml, pairs } from './html-sections.ts';
import { plotFigure, studyTable } from './html-table.ts';
import { renderPage } from './page.ts';

/** Writes report.html and optimize.json, each file whole; the paths written. */
export async function writeComparison(
  comparison: Comparison,
  directory: string,
  { version }: { readonly version: string },
): Promise<string[]> {
  await mkdir(directory, { recursive: true });
  const paths = [join(directory, 'report.html'), join(directory, 'optimize.json')];
  await writeFileAtomically(paths[0], renderComparison(comparison, version));
  const { landscape: _, ...record } = comparison;
  await writeFileAtomically(paths[1], `${JSON.stringify({ command: 'optimize', version, ...record }, null, 1)}\n`);
  return paths;
}

/** A comparison of methods as one self-contained page; the same comparison gives the same bytes. */
export function renderComparison(comparison: Comparison, version: string): string {
  const { name, title, facts, methods, rate } = comparison;
  const figures = descentFigures(comparison);
  const cards = figures.map((figure) => `<div class="card">${plotFigure(figure)}</div>`);
  const formulas = methods.map(({ title: method, formula }) => [method, formula] as const);
  const rateWords =
    rate === 'fixed'
      ? 'fixed at its upper end'
      : 'that of the limit problem: ν(x,y) = u₁ where (x−y)·p ≥ 0, else u₀, with p = γ(x−μ), an estimate of −∇F';
  const sections = [
    `<header>
<p class="kicker">Comparison of optimisers · ${escapeHtml(name)}</p>
<h1>${escapeHtml(title)}</h1>
</header>`,
    `<section id="results"><h2>What was found</h2>${studyTable(comparisonTable(comparison), undefined)}</section>`,
    `<section id="figures-of-runs"><h2>Figures</h2>
<div class="grid">\n${cards.join('\n')}\n</div></section>`,
    `<section id="loss"><h2>The loss</h2><div class="card">${pairs(facts, 'formulas', formulaHtml)}</div></section>`,
    `<section id="methods"><h2>The methods</h2><div class="card">
<p class="muted">g is the gradient, of a minibatch where the loss is a mean over data. Learning rate u of the entropic
methods: ${escapeHtml(rateWords)}.</p>
${pairs(formulas, 'settings', escapeHtml)}</div></section>`,
    `<footer><p class="muted">hjb-homogenization ${escapeHtml(version)}. The numbers: optimize.json beside this
page.</p></footer>`,
  ];
  return renderPage({ title: `${title}: optimisers`, sections, figures });
}
