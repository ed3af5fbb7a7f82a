import type { EffectiveSolution, EpsilonSolution } from '../../solvers/index.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { memoryResults, type Results } from '../run/piece.ts';
import { type Taking, takePieces } from '../run/take-pieces.ts';
import { type CasePieces, casePieces, type Solution } from './case-pieces.ts';
import { type Case, distinct, type EffectiveCase, labelOf, type ValueCase } from './cases.ts';
import type { StudySetup } from './setup.ts';
import type { Sharp } from './sharp-value.ts';

/** The solved cases of a study, looked up by the cases that asked for them. */
export interface Solved {
  value(wanted: ValueCase): EpsilonSolution;
  effective(wanted: EffectiveCase): EffectiveSolution;
  /** A case of the sharp scheme. */
  sharp(wanted: Case): Sharp<Solution>;
}

/** The cases whose pieces are found, wherever their values are kept. */
export function solvedFrom({ keyOf }: CasePieces, read: (key: string) => unknown): Solved {
  return {
    value: (wanted) => read(keyOf(wanted)) as EpsilonSolution,
    effective: (wanted) => read(keyOf(wanted)) as EffectiveSolution,
    sharp: (wanted) => read(keyOf(wanted)) as Sharp<Solution>,
  };
}

/** Solves every distinct case in this process; by default on a WebAssembly kernel of its own. */
export async function solveCases(
  setup: StudySetup,
  cases: readonly Case[],
  run: Partial<Taking> = {},
  results: Results = memoryResults(),
): Promise<Solved> {
  const planned = casePieces(setup, cases);
  await takePieces(planned.pieces, results, { ...run, kernel: run.kernel ?? (await wasmKernel()) });
  return solvedFrom(planned, (key) => results.read(key));
}

/** What is doubtful about the solutions of a study. */
export interface Doubts {
  /** Advice of every solve that did not converge. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/** What the solutions say of themselves, in the order of the cases. */
export function doubtsOf(setup: StudySetup, cases: readonly Case[], solved: Solved): Doubts {
  const planned = distinct(cases);
  const failures: string[] = [];
  const warnings = doubtsOfFinest(planned, solved);
  for (const wanted of planned) {
    const label = labelOf(setup, wanted);
    if (wanted.scheme === 'own') judge(label, solutionOf(solved, wanted), { failures, warnings });
    else {
      // A study does not fail by what stands beside its values.
      const sharp = solved.sharp(wanted);
      if (sharp.kind === 'found') judge(label, sharp.solution, { failures: warnings, warnings });
    }
  }
  return { failures, warnings };
}

/** A case by the scheme of the study. */
export function solutionOf(solved: Solved, wanted: Case): Solution {
  return wanted.kind === 'value' ? solved.value(wanted) : solved.effective(wanted);
}

/** What the finest grid does not hold or resolve of the invariant measures: the same for every ε. */
function doubtsOfFinest(cases: readonly Case[], solved: Solved): string[] {
  const standard = cases.filter(({ box, scheme }) => box === 'standard' && scheme === 'own');
  const [finest] = standard.toSorted((a, b) => b.nx - a.nx || b.ny - a.ny);
  return finest === undefined ? [] : [...solutionOf(solved, finest).doubts];
}

/** Notes what is doubtful about a solution. */
function judge(
  label: string,
  { outcome, doubts, warnings: said }: Solution,
  { failures, warnings }: { readonly failures: string[]; readonly warnings: string[] },
): void {
  // Those about the nodes are the same for every ε: once, of the finest grid.
  const own = said.filter((warning) => !doubts.includes(warning));
  warnings.push(...own.map((warning) => `${label}: ${warning}`));
  if (outcome.status !== 'diverged') return;
  failures.push(`${label} diverged at step ${outcome.step}, node (${outcome.node}): ${outcome.advice}`);
}
