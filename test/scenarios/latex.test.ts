/** The tables in LaTeX, compiled. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readScenario } from '../../scenarios/read/read-scenario.ts';
import { comparisonTable } from '../../scenarios/report/comparison-table.ts';
import { latexText } from '../../scenarios/report/latex-text.ts';
import { tableToLatex } from '../../scenarios/report/table-latex.ts';
import { claimsTable } from '../../scenarios/reproduce/claims-table.ts';
import { reproduceClaims } from '../../scenarios/reproduce/reproduce.ts';
import { runStudy } from '../../scenarios/study/run-study.ts';
import { compareStudies } from '../../scenarios/sweep/compare-studies.ts';
import { sweepOf } from '../../scenarios/sweep/sweep-of.ts';
import { sweptMember } from '../../scenarios/sweep/swept-member.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';
import { manyDraws } from '../draws.ts';
import { sampleStudy } from '../fixtures/study-sample.ts';
import { smallStudy } from '../small-study.ts';

const folder = mkdtempSync(join(tmpdir(), 'latex-'));
afterAll(() => rmSync(folder, { recursive: true }));

function hasLatex(): boolean {
  try {
    execFileSync('kpsewhich', ['booktabs.sty'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if (process.env.HJB_LATEX === 'required') throw error;
    console.info('no pdflatex with booktabs: tables in LaTeX are not compiled');
    return false;
  }
}

/** The complaints of pdflatex about a document with this body. */
function complaintsOf(body: string): string[] {
  const name = join(folder, 'document.tex');
  const packages = 'amsmath,amssymb,array,booktabs,graphicx';
  writeFileSync(name, `\\documentclass{article}\\usepackage{${packages}}\\begin{document}\n${body}\n\\end{document}\n`);
  const words = ['-interaction=nonstopmode', '-no-shell-escape', name];
  try {
    execFileSync('pdflatex', words, { cwd: folder, stdio: 'ignore' });
  } catch {
    // The log says why.
  }
  const log = readFileSync(join(folder, 'document.log'), 'latin1');
  return [...log.matchAll(/^!.*(?:\n(?!!).*){0,3}|^LaTeX Warning: Label `.*/gm)].map(([complaint]) => complaint);
}

describe.skipIf(!hasLatex())('pdflatex', { tags: ['full'] }, () => {
  test('compiles every kind of table, of several scenarios in one document', async () => {
    const scenario = readScenario(smallStudy(folder));
    const paths = { count: 20, epsilon: [0.5, 0.1], seed: 1, scheme: null };
    const wanted = { ...scenario, study: { ...scenario.study, paths } };
    const study = await runStudy(wanted, { version: 'test' });
    const members = [2, 4].map((gamma) => sweptMember({ values: { gamma }, folder: `gamma=${gamma}` }, study));
    const sweep = sweepOf(
      { ...scenario, sweep: [{ name: 'gamma', values: [2, 4] }] },
      { version: 'test', name: 'r' },
      members,
    );
    const run = { kernel: await wasmKernel(), clock: () => 0, signal: new AbortController().signal };
    const quick = { ...run, effort: 'quick', seed: 1 } as const;
    const claims = await reproduceClaims(['quadratic'], quick, () => {});
    const owned: Record<string, readonly ConvergenceTable[]> = {
      small: study.tables,
      sample_of_100_percent: sampleStudy().tables,
      sweep: [sweep.table],
      compare: compareStudies(study, study).tables.map(comparisonTable),
      reproduce: [claimsTable(claims)],
    };
    const kinds = study.tables.map(({ name }) => name);
    expect(kinds).toEqual(expect.arrayContaining(['epsilon', 'cell', 'budget', 'values', 'feedback', 'paths']));
    const texts = Object.entries(owned).flatMap(([name, tables]) =>
      // No more than eighteen floats wait for a page.
      tables.map((table) => `${tableToLatex(table, { name, run: 'r' })}\\clearpage\n`),
    );
    expect(complaintsOf(texts.join(''))).toEqual([]);
  }, 120_000);

  test('compiles whatever a text says', () => {
    const characters = [...'abxyVKTdnu01.,;:()[]{}|^_*+-−=<>≤→×· ε δ ω σ τ ᵉ²ₓ\\$%&#~"\'–…éж∫∂√ℓ½⟨⟩∞\u0304\u0302'];
    const likely = fc.string({ unit: fc.constantFrom(...characters), maxLength: 18 });
    const any = fc.string({ unit: 'binary', maxLength: 8 });
    const texts = [likely, any].flatMap((text) => fc.sample(text, manyDraws(2000)));
    expect(complaintsOf(texts.map((text) => `\\par ${latexText(text)}`).join('\n'))).toEqual([]);
  });
});
