/** docs/messages.md has every warning of the program, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { verdictTones } from '../scenarios/report/verdict-badge.ts';

const root = resolve(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/messages.md'), 'utf8');

/** What a warning puts between fact, cause and remedy; the page writes … for what is filled in. */
const [DASH, HOLE] = [' – ', '…'];

/** The text of a string, a template or a sum of them, with … for what is filled in; null for what is none. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => HOLE + literal.text).join('');
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === null && right === null ? null : (left ?? HOLE) + (right ?? HOLE);
}

function textsIn(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text === null) ts.forEachChild(node, visit);
    else found.push(text);
  };
  visit(source);
  return found;
}

const texts = ['src', 'solvers', 'scenarios'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/-binary\.ts$|kernel-sources|digits-data/.test(name))
    .flatMap((name) => textsIn(join(root, folder, name))),
);

/** Lines that end a command, which say what they are: `hjb: …`; frames that other texts are put into; bad input. */
const isFrame = (text: string) =>
  /^…?hjb\b/.test(text) ||
  text.replaceAll(HOLE, '').replace(/\W/g, '').length < 20 ||
  text === 'a thread of the kernel failed – … – start another kernel' ||
  text === 'the kernel is closed – its threads have ended – start another kernel';
const warnings = texts.filter((text) => text.includes(DASH) && !isFrame(text));

/** The first column of the tables, as far as it is quoted; "a … b" stands for a, anything, b. */
const symptoms = [...page.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted),
);
const pattern = (symptom: string) =>
  new RegExp(
    symptom
      .split(HOLE)
      .map((piece) => piece.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*'),
  );

test('every warning is on the page', () => {
  expect(warnings.length).toBeGreaterThan(20);
  for (const warning of warnings)
    expect(
      symptoms.some((symptom) => pattern(symptom).test(warning)),
      warning,
    ).toBe(true);
});

test('every symptom on the page is one that the program prints', () => {
  expect(symptoms.length).toBeGreaterThan(20);
  const signals = ['SIGINT', 'SIGHUP'];
  for (const symptom of symptoms.filter((each) => !signals.includes(each)))
    expect(
      texts.some((text) => pattern(symptom.replace('SIGTERM', HOLE)).test(text)),
      symptom,
    ).toBe(true);
});

test('every verdict that is not good has an action on the page, and no other word has', () => {
  const shown = [...page.matchAll(/^\| verdict ([^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word),
  );
  const asking = Object.entries(verdictTones).filter(([, tone]) => tone !== 'good');
  expect(shown.sort()).toEqual(asking.map(([word]) => word).sort());
});
