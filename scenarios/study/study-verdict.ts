import type { Outcome } from '../../solvers/index.ts';
import type { Assumption } from '../../src/assumptions/assumption.ts';
import { type Certificate, certified } from '../../src/verification/certificate.ts';
import type { ConvergenceTable } from '../../src/verification/table.ts';

/** From the worst on; the words of docs/verdicts.md. */
export const studyVerdicts = ['diverged', 'stalled', 'cancelled', 'not certified', 'with doubts', 'converged'] as const;

/** A study in one word, and what stands behind it. */
export interface StudyVerdict {
  readonly word: (typeof studyVerdicts)[number];
  /** Sentences, "orders: as claimed 7, flat 1"; one for every kind of part. */
  readonly parts: readonly string[];
}

/** What is judged of a study. */
interface Judged {
  readonly outcome: { readonly status: Outcome['status'] };
  readonly certificates: readonly Certificate[];
  readonly assumptions: readonly Assumption[];
  readonly tables: readonly ConvergenceTable[];
  readonly warnings: readonly string[];
}

/** The worst of the parts: outcome of the solves, certificates, assumptions, orders, warnings. */
export function studyVerdict({ outcome, certificates, assumptions, tables, warnings }: Judged): StudyVerdict {
  const properties = certificates.flatMap((certificate) => certified.map(([name]) => certificate[name].status));
  const needed = assumptions.filter((assumption) => assumption.needed).map(({ verdict }) => verdict);
  const orders = tables.flatMap(({ series }) => series.map(({ found }) => found));
  const fails = count(properties, 'fails');
  const isDoubtful = warnings.length > 0 || count(needed, 'fails') > 0 || count(orders, 'below the claim') > 0;
  const whole = isDoubtful ? 'with doubts' : 'converged';
  return {
    word: outcome.status !== 'converged' ? outcome.status : fails > 0 ? 'not certified' : whole,
    parts: [
      `solves: ${outcome.status}`,
      ...counted('certified properties', properties),
      ...counted('assumptions', needed),
      ...counted('orders', orders),
      ...(warnings.length === 0 ? [] : [`warnings: ${warnings.length}`]),
    ],
  };
}

/** "assumptions: holds 4, not decided 1"; nothing of an empty list. */
function counted(what: string, words: readonly string[]): string[] {
  if (words.length === 0) return [];
  const shown = [...new Set(words)].map((word) => `${word} ${count(words, word)}`);
  return [`${what}: ${shown.join(', ')}`];
}

function count(words: readonly string[], word: string): number {
  return words.filter((each) => each === word).length;
}
