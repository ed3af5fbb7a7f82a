import { InputError } from '../input/input-error.ts';
import { nearestName } from '../input/nearest-name.ts';
import { binaryFunctions, comparisons, functionNames } from './elementary-functions.ts';
import { language, notAFormula, shownText, type Token, tokenAfter } from './tokens.ts';
import { call, constants, deepestNesting, type Tree, tooDeep, type Vocabulary } from './tree.ts';

/** Longer formulas are refused; the longest of the library has 96 characters. */
const longestText = 2000;

/** How tightly operations bind: a − b·c, 2x/3 (refused), −x², 2^−x. */
const SUM = 1;
const PRODUCT = 2;
const IMPLICIT = 3;
const SIGN = 4;
const POWER = 5;

const infix: ReadonlyMap<string, { readonly operation: string; readonly power: number }> = new Map([
  ['+', { operation: '+', power: SUM }],
  ['-', { operation: '-', power: SUM }],
  ['*', { operation: '*', power: PRODUCT }],
  ['/', { operation: '/', power: PRODUCT }],
  ['^', { operation: '^', power: POWER }],
  ['**', { operation: '^', power: POWER }],
]);

const operatorWords = ['mod', 'to', 'in', 'and', 'or', 'xor', 'not'];
const words = ['end', 'true', 'false', 'null', 'undefined', 'NaN', 'Infinity'];

interface Parser {
  readonly text: string;
  readonly vocabulary: Vocabulary;
  /** The token that is looked at, and where the one before it ends. */
  token: Token;
  last: number;
  /** Whether the expression read last is a product without a sign. */
  isImplicit: boolean;
  depth: number;
}

/**
 * Reads a formula over the names and parameters of a vocabulary (Pratt 1973); parameters and the constants pi and e
 * become numbers. Products may be written without *, as 2x, 2(x+1), (a)(b), sin(x) cos(y), x y; beside a division they
 * are ambiguous and refused, as is a number that follows something. Throws InputError for everything else.
 */
export function parseFormula(text: string, vocabulary: Vocabulary): Tree {
  if (text.length > longestText) {
    const remedy = 'name its constant parts as parameters, or simplify it';
    throw new InputError(`the formula has ${text.length} characters`, `at most ${longestText} are read`, remedy);
  }
  if (text.trim() === '') throw new InputError('the formula is empty', language, 'write a formula, or 0');
  if (/^\s*\w+\s*\([^()]*\)\s*=(?!=)/.test(text)) throw notAFormula(text, 'it is a definition of a function');
  const token = tokenAfter(text, undefined);
  const parser: Parser = { text, vocabulary, token, last: 0, isImplicit: false, depth: 0 };
  const tree = expression(parser, SUM);
  if (parser.token.kind !== 'end') throw closesNothing(parser);
  if (depthOf(tree) > deepestNesting) throw tooDeep();
  return tree;
}

function expression(p: Parser, least: number): Tree {
  if (p.depth >= deepestNesting) throw tooDeep();
  p.depth++;
  const { start } = p.token;
  let left = prefix(p);
  let isImplicit = false;
  for (;;) {
    const found = p.token.kind === 'symbol' ? infix.get(p.token.text) : undefined;
    if (found !== undefined && found.power >= least) {
      advance(p);
      // Powers take what is right of them first: 2^3^2 = 2^9, 2^−x.
      const right = expression(p, found.power === POWER ? SIGN : found.power + 1);
      if (found.operation === '/' && (isImplicit || p.isImplicit)) throw ambiguous(p.text.slice(start, p.last));
      left = call(found.operation, left, right);
      isImplicit = false;
    } else if (found === undefined && least <= IMPLICIT && startsFactor(p)) {
      left = call('*', left, expression(p, SIGN));
      isImplicit = true;
    } else {
      p.depth--;
      p.isImplicit = isImplicit;
      return left;
    }
  }
}

/** Whether what follows is a factor without *. A number is none: x 2 could be x², x₂ or a slip. */
function startsFactor(p: Parser): boolean {
  const { token, text } = p;
  const isFactor = token.kind === 'number' || token.kind === 'name' || token.text === '(';
  if (isFactor && token.isFirst) throw notAFormula(text, `column ${token.start + 1} starts a sequence of statements`);
  if (token.kind === 'number') {
    const wrong = `the number ${token.text} at column ${token.start + 1} follows without an operator`;
    throw notAFormula(text, wrong, 'write an operator before it');
  }
  return isFactor;
}

function prefix(p: Parser): Tree {
  const { token } = p;
  if (token.text === '-' || token.text === '+') {
    advance(p);
    const operand = expression(p, SIGN);
    return token.text === '-' ? call('negate', operand) : operand;
  }
  if (token.kind === 'number') {
    advance(p);
    return { kind: 'number', value: Number(token.text) };
  }
  if (token.kind === 'name') {
    advance(p);
    return p.token.text === '(' ? calledFunction(p, token.text) : namedTree(p, token.text);
  }
  if (token.text === '(') {
    advance(p);
    const inner = expression(p, SUM);
    close(p, token);
    return inner;
  }
  const where = token.kind === 'end' ? 'it ends' : `column ${token.start + 1} has "${token.text}"`;
  throw notAFormula(p.text, `${where} where a number, a name or ( is expected`, 'write it like a*x^2/2 + cos(3*x)');
}

function advance(p: Parser): void {
  p.last = p.token.end;
  p.token = tokenAfter(p.text, p.token);
}

function close(p: Parser, open: Token): void {
  if (p.token.text !== ')') {
    if (p.token.kind !== 'end') throw closesNothing(p);
    throw notAFormula(p.text, `the parenthesis at column ${open.start + 1} is not closed`, 'close it with )');
  }
  advance(p);
}

/** After an expression there is an operator, the end, or one of these where it has no business. */
function closesNothing({ text, token }: Parser): InputError {
  const column = token.start + 1;
  if (comparisons.has(token.text)) {
    const wrong = `column ${column} has the operator "${token.text}" outside of the beginning of where(…)`;
    return notAFormula(text, wrong, 'write where(a < b, value, otherwise), one comparison in each');
  }
  return token.text === ','
    ? notAFormula(text, `column ${column} has "," outside of a function`, 'write decimals with a point')
    : notAFormula(text, `column ${column} has ")" that closes nothing`, 'remove it, or open it with (');
}

function calledFunction(p: Parser, name: string): Tree {
  if (!functionNames.includes(name)) throw notAFunction(p.vocabulary, name);
  const open = p.token;
  const operands: Tree[] = [];
  advance(p);
  if (p.token.text !== ')') {
    operands.push(name === 'where' ? condition(p) : expression(p, SUM));
    while (p.token.text === ',') {
      advance(p);
      operands.push(expression(p, SUM));
    }
  }
  close(p, open);
  checkCount(name, operands.length);
  if (name === 'huber') checkThreshold(operands[1]);
  if (name === 'relu') return call('max', operands[0], { kind: 'number', value: 0 });
  if (!binaryFunctions.has(name)) return call(name, ...operands);
  return operands.reduce((sum, operand) => call(name === 'pow' ? '^' : name, sum, operand));
}

/** The comparison of where(…), which has no place elsewhere. */
function condition(p: Parser): Tree {
  const left = expression(p, SUM);
  const { text, start } = p.token;
  if (!comparisons.has(text)) {
    const remedy = 'write it like where(x < 0, x^2, x)';
    throw notAFormula(p.text, `column ${start + 1} has no comparison, with which where(…) begins`, remedy);
  }
  advance(p);
  return call(text, left, expression(p, SUM));
}

function checkCount(name: string, count: number): void {
  if (name === 'where') {
    if (count !== 3) throw wrongCount(name, 'a comparison and two values', count, 'a < b, c, d');
  } else if (name === 'min' || name === 'max') {
    if (count < 2) throw wrongCount(name, 'at least two', count);
  } else if (binaryFunctions.has(name)) {
    if (count !== 2) throw wrongCount(name, 'two arguments', count);
  } else if (count !== 1) throw wrongCount(name, 'one argument', count, 'a');
}

function checkThreshold(threshold: Tree): void {
  if (threshold.kind !== 'number' || threshold.value > 0) return;
  throw new InputError(
    `huber has the threshold ${threshold.value}`,
    'huber(a, d) is a^2/2 up to |a| = d and linear beyond',
    'give a threshold above 0',
  );
}

function namedTree({ text, vocabulary: { names, parameters = {} } }: Parser, name: string): Tree {
  if (names.includes(name)) return { kind: 'name', name };
  const value = Object.hasOwn(parameters, name) ? parameters[name] : constants.get(name);
  if (value !== undefined) return { kind: 'number', value };
  if (functionNames.includes(name)) {
    throw new InputError(`the function ${name} stands without its argument`, language, `write ${name}(…)`);
  }
  if (operatorWords.includes(name)) throw notAFormula(text, `it has the operator "${name}"`);
  if (words.includes(name)) throw notAFormula(text, `${name} is a word`);
  const known = [...names, ...Object.keys(parameters), ...constants.keys()];
  const near = nearestName(name, known);
  throw new InputError(
    `the name "${name}" is unknown in this formula`,
    `known here: ${shownNames(known)}`,
    near === undefined || isCounted(name, names)
      ? `use a known name, or give ${name} a value as a parameter`
      : `did you mean ${near}?`,
  );
}

const MOST_NAMES = 30;

function shownNames(names: readonly string[]): string {
  const rest = names.length > MOST_NAMES ? `, … ${names.length} names` : '';
  return names.slice(0, MOST_NAMES).join(', ') + rest;
}

/** Whether a name is x3 where there are x, or x1 and x2 alone: the dimension is meant, and no slip of the keyboard. */
function isCounted(name: string, names: readonly string[]): boolean {
  const [, letter] = name.match(/^([A-Za-z]+)\d+$/) ?? [];
  return letter !== undefined && (names.includes(letter) || names.includes(`${letter}1`));
}

function notAFunction({ names, parameters = {} }: Vocabulary, name: string): InputError {
  if ([...names, ...Object.keys(parameters), ...constants.keys()].includes(name)) {
    const remedy = `write the product with *: ${name}*(…)`;
    return new InputError(`${name}(…) calls ${name} like a function`, `${name} is a number`, remedy);
  }
  const near = nearestName(name, functionNames);
  return new InputError(
    `"${name}" is not a function of the formula language`,
    language,
    near === undefined ? 'use one of these functions' : `did you mean ${near}?`,
  );
}

function wrongCount(name: string, expected: string, count: number, example = 'a, b'): InputError {
  return new InputError(
    `${name} is called with ${count} argument${count === 1 ? '' : 's'}`,
    `${name} takes ${expected}`,
    `write ${name}(${example})`,
  );
}

/** 1/2x: some read (1/2)x, others 1/(2x); neither reader nor writer should have to know. */
function ambiguous(text: string): InputError {
  return new InputError(
    `${shownText(text)} mixes a division with a product written without *`,
    'it can be read in two ways',
    'write every * and use parentheses, for example 1/(2*x)',
  );
}

function depthOf(tree: Tree): number {
  return tree.kind === 'call' ? 1 + Math.max(...tree.operands.map(depthOf)) : 0;
}
