/**
 * Tried to break: drawn scenario files, formulas and words, run in this process. Every case ends with 0, 1 or 2, without
 * a stack trace; what is refused says so on one line and writes nothing (test/fuzz/run-case.ts). A failure prints its
 * seed and, shrunk, its case; HJB_FUZZ_SEED draws others. While a case runs its file stands in the temporary folder.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '../../scenarios/cli/flags/command.ts';
import { compileExpression, parseExpression } from '../../src/formula/expression.ts';
import { InputError } from '../../src/input/input-error.ts';
import { printable } from '../../src/input/printable.ts';
import { manyDraws } from '../draws.ts';
import { caseProcess } from './case-process.ts';
import { bombs, drawnFormula, noFormulas, spoiltScenario } from './drawn-scenario.ts';
import { drawnCase, everyCommand, FILE, wrongWords } from './drawn-words.ts';
import { type Case, faultOf, ran } from './run-case.ts';

const seed = Number(process.env.HJB_FUZZ_SEED ?? 20);
let folder: string;
let commands: readonly Command[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hjb-fuzz-'));
  commands = await everyCommand;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** How many cases of every kind: 2220 in the fast lane, 1.056·10⁵ more in the full one. */
const lanes = [
  { lane: 'some', tags: [], formulas: 1800, words: 300, files: 100, runs: 8, begins: seed },
  { lane: 'many', tags: ['full'], formulas: 95_000, words: 8000, files: 2500, runs: manyDraws(240), begins: seed + 1 },
];

async function expectNoFault(drawn: Case): Promise<void> {
  expect(faultOf(folder, drawn, await ran(folder, drawn))).toBeNull();
}

describe.for(lanes)('$lane drawn cases', ({ tags, formulas, words, files, runs, begins }) => {
  const seeded = (numRuns: number) => ({ numRuns, seed: begins, endOnFailure: true });

  test('a formula is a function of numbers, or refused in one line', { tags }, () => {
    const names = ['x', 'y', 'u'];
    fc.assert(
      fc.property(drawnFormula(names), fc.double(), fc.double(), (text, x, y) => {
        try {
          const read = compileExpression(parseExpression(text, { names, parameters: { a: 1, b: 0.5 } }), names);
          expect(typeof read([x, y, 1])).toBe('number');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          expect((error as InputError).message).not.toContain('\n');
        }
      }),
      seeded(formulas),
    );
  });

  test('wrong words are refused in one line', { tags }, async () => {
    const drawn = wrongWords(commands).map((given) => ({ text: '', words: given }));
    await fc.assert(fc.asyncProperty(drawn, expectNoFault), seeded(words));
  });

  test('a spoilt file is read or refused in one line', { tags }, async () => {
    const drawn = spoiltScenario.map((text) => ({ text, words: ['measure', FILE, '--at', 'q=1'] }));
    await fc.assert(fc.asyncProperty(drawn, expectNoFault), seeded(files));
  });

  test('commands on drawn files end soon, with numbers or with reasons', { tags }, async () => {
    const cases = caseProcess(folder, begins);
    const expectAnswer = async (drawn: Case) => {
      const answer = await cases.run(drawn);
      expect(typeof answer === 'string' ? answer : faultOf(folder, drawn, answer)).toBeNull();
    };
    try {
      await fc.assert(fc.asyncProperty(drawnCase(commands), expectAnswer), seeded(runs));
    } finally {
      cases.end();
    }
  });
});

test('files that grow when they are read are refused within a second or two', async () => {
  for (const text of bombs) {
    const drawn = { text, words: ['check', FILE] };
    const found = await ran(folder, drawn);
    expect(faultOf(folder, drawn, found)).toBeNull();
    expect(found.code).toBe(2);
  }
});

test('what is no formula reaches nothing: properties, definitions, assignments, texts, comments, units', () => {
  const vocabulary = { names: ['x'] };
  for (const text of noFormulas) expect(() => parseExpression(text, vocabulary), text).toThrow(InputError);
});

test('no text moves a cursor or turns around: what a terminal obeys is escaped, and JSON reads it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = printable(text);
      expect(shown).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      const document = JSON.stringify(text);
      expect(JSON.parse(printable(document))).toBe(text);
    }),
  );
});
