/** The words by which the program judges: each stands in docs/verdicts.md, and says the worst that is known. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verdictTones, worstVerdict } from '../../scenarios/report/verdict-badge.ts';
import { BALL_TOO_SMALL } from '../../scenarios/study/cell-tables.ts';
import { studyVerdict } from '../../scenarios/study/study-verdict.ts';
import { convergenceTable } from '../../src/verification/table.ts';
import { sampleStudy } from '../fixtures/study-sample.ts';

const page = readFileSync(new URL('../../docs/verdicts.md', import.meta.url), 'utf8');
const words = Object.keys(verdictTones);

describe('the vocabulary', () => {
  test('every word that judges has a row in docs/verdicts.md, and every row there is such a word', () => {
    const rows = [...page.matchAll(/^\| `([a-z -]+)`/gm)].map(([, word]) => word);
    expect([...new Set(rows)].sort()).toEqual([...words].sort());
  });

  test('tables of any errors and any rows set aside use these words alone', () => {
    const size = 6;
    const errors = fc.array(fc.oneof(fc.double({ min: 1e-18, max: 10, noNaN: true }), fc.constant(0)), {
      ...{ minLength: size, maxLength: size },
    });
    const aside = fc.array(fc.boolean(), { minLength: size, maxLength: size });
    fc.assert(
      fc.property(errors, aside, fc.constantFrom(0, 0.5, 1, 2, Number.NaN), (found, bad, claimedOrder) => {
        const { rows, series } = tableOf(found, claimedOrder, bad);
        expect(words).toContain(series[0].found);
        rows.forEach((row, k) => {
          if (row.errorVerdict !== null) expect(words).toContain(row.errorVerdict);
          const isAlone = bad[k] || bad[k - 1] === true;
          if (isAlone) expect(row.errorOrder).toBeNull();
          if (bad[k]) expect(row.errorVerdict).toBe(BALL_TOO_SMALL);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('a column of errors h^p is as claimed, better than claimed or below the claim', () => {
    const order = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(order, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (p, c) => {
        fc.pre(Math.abs(p - 0.9) > 1e-6 && Math.abs(p - 1.1) > 1e-6);
        const [series] = tableOf(
          sizes.map((h) => c * h ** p),
          1,
        ).series;
        expect(series.found).toBe(p < 0.9 ? 'below the claim' : p > 1.1 ? 'better than claimed' : 'as claimed');
        if (p > 0.9) expect(series.overallOrder).toBeCloseTo(p, 6);
      }),
      { numRuns: 100 },
    );
  });

  test('an error that reaches a plateau of another parameter is as claimed before it, flat where it never was', () => {
    const found = (plateau: number) =>
      tableOf(
        sizes.map((h) => h + plateau),
        1,
      ).series[0].found;
    expect(found(1e-3)).toBe('as claimed');
    expect(found(3)).toBe('flat');
  });
});

const sizes = [1, 0.1, 0.01, 1e-3, 1e-4, 1e-5];

function tableOf(errors: readonly number[], claimedOrder: number, bad: readonly boolean[] = []) {
  const setAside = bad.map((isBad) => (isBad ? BALL_TOO_SMALL : null));
  return convergenceTable({
    ...{ name: 't', title: 't', caption: 't', columns: [] },
    rows: sizes.map((h) => ({ h })),
    series: [{ key: 'error', label: 'error', size: 'h', errors, claimedOrder, floor: 1e-15, setAside }],
  });
}

describe('the verdict on a study', () => {
  const calm = {
    outcome: { status: 'converged' },
    certificates: [],
    assumptions: [],
    tables: [],
    warnings: [],
  } as const;
  const certificates = sampleStudy().certificates;

  test('is the worst of its parts: nothing stands above a certificate that fails but a solve that does', () => {
    const statuses = fc.constantFrom('converged', 'stalled', 'diverged', 'cancelled' as const);
    fc.assert(
      fc.property(statuses, fc.boolean(), fc.boolean(), (status, isCertified, isCalm) => {
        const { word } = studyVerdict({
          ...{ ...calm, outcome: { status } },
          certificates: isCertified ? [] : certificates,
          warnings: isCalm ? [] : ['a doubt'],
        });
        const rest = isCertified ? (isCalm ? 'converged' : 'with doubts') : 'not certified';
        expect(word).toBe(status === 'converged' ? rest : status);
      }),
    );
  });

  test('is doubtful where a theorem loses its assumption or an order has settled below the claim', () => {
    const [assumption] = sampleStudy().assumptions;
    const fails = { ...assumption, verdict: 'fails', needed: true } as const;
    expect(studyVerdict({ ...calm, assumptions: [fails] }).word).toBe('with doubts');
    expect(studyVerdict({ ...calm, assumptions: [{ ...fails, needed: false }] }).word).toBe('converged');
    const slow = tableOf(sizes.map(Math.sqrt), 1);
    expect(studyVerdict({ ...calm, tables: [slow] }).word).toBe('with doubts');
  });

  test('of rows the worst is told', () => {
    expect(worstVerdict(['agrees', 'not decided', 'agrees'])).toBe('not decided');
    expect(worstVerdict(['not decided', 'differs', 'agrees'])).toBe('differs');
  });
});
