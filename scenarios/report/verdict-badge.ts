import type { Finding } from '../../src/verification/certificate.ts';
import type { SeriesVerdict, Verdict } from '../../src/verification/order.ts';
import type { Claim } from '../reproduce/claim.ts';
import type { BALL_TOO_SMALL } from '../study/cell-tables.ts';
import type { Agreement } from '../study/path-study.ts';
import type { Study } from '../study/study.ts';
import type { StudyVerdict } from '../study/study-verdict.ts';
import type { BoundVerdict } from '../sweep/compare-studies.ts';
import type { SweptMember } from '../sweep/sweep.ts';
import { badge, type Html } from './html.ts';

type Tone = 'good' | 'warn' | 'bad' | '';

type VerdictWord =
  | Study['outcome']['status']
  | StudyVerdict['word']
  | SweptMember['verdict']
  | Verdict
  | SeriesVerdict
  | Finding['status']
  | Study['assumptions'][number]['verdict']
  | Claim['verdict']
  | Agreement
  | BoundVerdict
  | typeof BALL_TOO_SMALL;

/** Every word that judges, with its tone, in the terminal as in reports; docs/verdicts.md says what each means. */
export const verdictTones: Readonly<Record<VerdictWord, Tone>> = {
  converged: 'good',
  stalled: 'bad',
  diverged: 'bad',
  cancelled: 'warn',
  'not certified': 'bad',
  'not solved': 'bad',
  'with doubts': 'warn',
  'as claimed': 'good',
  'better than claimed': 'good',
  'below the claim': 'warn',
  'pre-asymptotic': 'warn',
  flat: 'warn',
  'round-off': '',
  'no order claimed': '',
  'not observed': '',
  'ball too small': 'warn',
  holds: 'good',
  fails: 'bad',
  'not claimed': '',
  'not decided': 'warn',
  agrees: 'good',
  differs: 'bad',
  'within the bounds': 'good',
  'beyond the bounds': 'warn',
  'no bound': '',
};

/** The tone of a word; none for one that is no verdict. */
export function toneOf(word: string): Tone {
  return Object.hasOwn(verdictTones, word) ? verdictTones[word as VerdictWord] : '';
}

/** A verdict as a badge in its tone. */
export function verdictBadge(word: VerdictWord): Html {
  return badge(word, toneOf(word));
}

/** The worst of some verdicts by their tones; of equal ones the first. */
export function worstVerdict<Word extends VerdictWord>(words: readonly [Word, ...Word[]]): Word {
  const rank = (word: Word) => (['bad', 'warn', '', 'good'] as const).indexOf(verdictTones[word]);
  return words.reduce((worst, word) => (rank(word) < rank(worst) ? word : worst));
}
