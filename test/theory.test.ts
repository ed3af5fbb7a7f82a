import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const theory = readFileSync(join(root, 'docs/theory.md'), 'utf8');
const sections = [...theory.matchAll(/^(#{2,3}) (\d+(?:\.\d+)?)\.? /gm)].map((heading) => heading[2]);

/** Everything written by hand but this file, which names what must not be named. */
const files = ['README.md', ...['src', 'solvers', 'scenarios', 'test', 'docs'].flatMap(filesIn)].filter(
  (file) => file !== join('test', 'theory.test.ts'),
);

function filesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.(ts|mjs|md|yaml)$/.test(name)).map((name) => join(folder, name));
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The sections in "docs/theory.md §2.3, §4.10", in a link and across the lines of a comment. */
function citedIn(text: string): string[] {
  const lists = text.matchAll(/theory\.md\)?((?:(?:[\s,*/]|and|to)*§\d+(?:\.\d+)?)+)/g);
  return [...lists].flatMap(([, list]) => list.match(/\d+(?:\.\d+)?/g) ?? []);
}

describe('docs/theory.md', () => {
  test('its sections are numbered in order', () => {
    const count = { section: 0, subsection: 0 };
    const expected = sections.map((number) => {
      if (!number.includes('.')) {
        count.section++;
        count.subsection = 0;
        return `${count.section}`;
      }
      count.subsection++;
      return `${count.section}.${count.subsection}`;
    });
    expect(sections).toEqual(expected);
    expect(sections.length).toBeGreaterThan(50);
  });

  test('it refers to sections of its own that exist', () => {
    for (const [, number] of theory.matchAll(/§(\d+(?:\.\d+)?)/g)) expect(sections).toContain(number);
  });

  test('Markdown eats nothing of its formulas: no backslash stands before punctuation', () => {
    const formulas = theory.match(/^\$\$(?:[^$]+)\$\$$/gm) ?? [];
    expect(formulas.length).toBeGreaterThan(50);
    for (const formula of formulas) expect(formula).not.toMatch(/\\[^A-Za-z]/);
  });
});

describe('citations', () => {
  const citing = files.filter((file) => citedIn(textOf(file)).length > 0);

  test.each(citing)('%s cites sections of docs/theory.md that exist', (file) => {
    for (const number of citedIn(textOf(file))) expect(sections, `${file} cites §${number}`).toContain(number);
  });

  test('docstrings cite it, and nothing else of that name', () => {
    expect(citing.length).toBeGreaterThan(20);
    for (const file of files) expect(textOf(file), file).not.toContain('THEORY');
  });
});
