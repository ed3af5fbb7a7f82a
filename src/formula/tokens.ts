import { InputError } from '../input/input-error.ts';
import { functionNames } from './elementary-functions.ts';

/** A piece of a formula; `start` and `end` are places in its text. */
export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether a line ends before it. */
  readonly isFirst: boolean;
}

/** What a formula may consist of: the cause in messages. */
const signs = 'numbers, names, + - * / ^, parentheses';
export const language = `a formula consists of ${signs} and the functions ${functionNames.join(', ')}`;

const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const name = /[A-Za-z_][A-Za-z0-9_]*/;
const symbol = /\*\*|[<>]=?(?![<>=])|[-+*/^(),]/;
/** Blanks, then a number, a name, a symbol or the end. */
const lexeme = new RegExp(`([ \\t\\r\\n\\u00a0]*)(?:(${number.source})|(${name.source})|(${symbol.source})|$)`, 'y');

/** The token that starts at or after a place; `previous` is the one before. Throws InputError for what is foreign. */
export function tokenAfter(text: string, previous: Token | undefined): Token {
  const from = previous?.end ?? 0;
  lexeme.lastIndex = from;
  const found = lexeme.exec(text);
  if (found === null) throw foreign(text, from, previous);
  const [whole, blank, number, name, symbol = ''] = found;
  const start = from + blank.length;
  if (number !== undefined) checkNumber(text, start, number);
  const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : symbol !== '' ? 'symbol' : 'end';
  return { kind, text: number ?? name ?? symbol, start, end: from + whole.length, isFirst: blank.includes('\n') };
}

/** A refusal of text: what is wrong where; the cause and the remedy are general unless given. */
export function notAFormula(text: string, wrong: string, remedy = 'write the formula with these alone'): InputError {
  return new InputError(`"${shownText(text)}" is not a formula: ${wrong}`, language, remedy);
}

/** A text in a message: one line, its beginning when it is long. */
export function shownText(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function checkNumber(text: string, start: number, number: string): void {
  const column = start + 1;
  const based = matchAt(/0[xXbBoO][A-Za-z0-9_]*/y, text, start);
  if (based !== undefined) {
    const remedy = 'write decimal digits, or * after the 0';
    throw notAFormula(text, `${based} at column ${column} looks like a number in another base`, remedy);
  }
  const open = matchAt(/[eE](?![A-Za-z0-9_])/y, text, start + number.length);
  if (open !== undefined) {
    const remedy = `write ${number}e0 for the number, ${number}*e for the product with the constant e`;
    throw notAFormula(text, `${number}${open} at column ${column} is a number without its exponent`, remedy);
  }
  if (!Number.isFinite(Number(number))) {
    throw new InputError(`${number} is not a finite number`, language, 'write a number below 1.8e308');
  }
}

/** Signs that other languages have or that look like ours, and what to write instead. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ...[...'−–—'].map((sign) => [sign, '-'] as const),
  ...[...'×·⋅∙'].map((sign) => [sign, '*'] as const),
  ...[...'÷∕'].map((sign) => [sign, '/'] as const),
  ['²', '^2'],
  ['³', '^3'],
  ['π', 'pi'],
  ['√', 'sqrt(…)'],
]);

const meanings: ReadonlyMap<string, string> = new Map([
  ['#', 'a comment'],
  ['"', 'a text'],
  ["'", 'a text'],
  ['{', 'an object'],
  [';', 'a sequence of statements'],
  ['?', 'a condition'],
  [':', 'a range'],
  ['=', 'an assignment'],
  ['%', 'a percentage or a remainder'],
]);

function foreign(text: string, from: number, previous: Token | undefined): InputError {
  const start = from + (matchAt(/[ \t\r\n\u00a0]*/y, text, from)?.length ?? 0);
  const sign = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const isAfterOperand = previous !== undefined && (previous.kind !== 'symbol' || previous.text === ')');
  const at = (what: string, remedy?: string) => notAFormula(text, `column ${start + 1} has ${what}`, remedy);
  const plain = lookalikes.get(sign);
  if (plain !== undefined) return at(`the character "${sign}"`, `write ${plain}`);
  if (sign === '[') return at(isAfterOperand ? '"[", an access to a property or an element' : '"[", a list');
  const operator = matchAt(/\.[*/^]|[=!<>]=+|[<>]+|[!&|~]+/y, text, start);
  if (operator !== undefined) return at(`the operator "${operator}"`);
  if (sign === '.') return at(isAfterOperand ? '".", an access to a property' : '"." without digits');
  const meaning = meanings.get(sign);
  if (meaning !== undefined) return at(`"${sign}", ${meaning}`);
  const isShown = /[\p{L}\p{N}\p{P}\p{S}]/u.test(sign);
  const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return at(
    `the character ${isShown ? `"${sign}"` : `U+${code}`}`,
    'names consist of the letters a to z, digits and _',
  );
}
