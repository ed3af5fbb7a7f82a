import type { ConstantNode, FunctionNode, MathNode, OperatorNode, ParenthesisNode, SymbolNode } from 'mathjs/number';
import { InputError } from '../input/input-error.ts';
import { nearestName } from '../input/nearest-name.ts';
import { binaryFunctions, unaryFunctions } from './elementary-functions.ts';

/** A checked formula: numbers, declared names, and calls of known operations ("+", "^", "negate", "sin", …). */
export type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly operation: string; readonly operands: readonly Tree[] };

/** What a formula may speak of: variables by name, and parameters with their values. */
export interface Vocabulary {
  readonly names: readonly string[];
  readonly parameters?: Readonly<Record<string, number>>;
}

/** Names with a fixed meaning in every formula. */
export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
]);

/** Words the grammar of formulas keeps for itself. */
const reservedWords = 'i mod to in and or xor not end true false null undefined NaN Infinity'.split(' ');

/** Operations inside operations; deeper formulas are refused so that no formula can exhaust the stack. */
export const deepestNesting = 200;

/** Why a name cannot be declared (as a variable, control or parameter), or undefined if it can. */
export function reasonAgainstName(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) return 'a name is a letter followed by letters, digits or _';
  if (constants.has(name)) return `${name} is the constant ${constants.get(name)}`;
  if (unaryFunctions.has(name) || binaryFunctions.has(name)) return `${name} is a function`;
  if (reservedWords.includes(name)) return `${name} is a reserved word of the formula language`;
  return undefined;
}

/**
 * Accept a syntax tree node by node from a list of what is allowed; parameters and constants become numbers.
 * Throws InputError for everything else, naming it, and below `levels` levels.
 */
export function checkedTree(node: MathNode, vocabulary: Vocabulary, levels = deepestNesting): Tree {
  if (levels < 0) throw tooDeep();
  const child = (inner: MathNode) => checkedTree(inner, vocabulary, levels - 1);
  switch (node.type) {
    case 'ConstantNode':
      return checkedNumber(node as ConstantNode);
    case 'SymbolNode':
      return checkedName((node as SymbolNode).name, vocabulary);
    case 'ParenthesisNode':
      return child((node as ParenthesisNode).content);
    case 'OperatorNode':
      return checkedOperation(node as OperatorNode, child);
    case 'FunctionNode':
      return checkedCall(node as FunctionNode, vocabulary, child);
    default:
      throw refusal(`${shown(node)} is ${descriptions[node.type] ?? `a ${node.type}`}`);
  }
}

/** A call with its operands. A call of numbers becomes a number; 1·a, a·1, a+0, a−0, 0+a and a¹ become a. */
export function call(operation: string, ...operands: Tree[]): Tree {
  const [first, second] = operands;
  const is = (tree: Tree, value: number) => tree.kind === 'number' && tree.value === value;
  const values = operands.map((operand) => (operand.kind === 'number' ? operand.value : undefined));
  if (values.every((value) => value !== undefined)) return { kind: 'number', value: applied(operation, values) };
  if (operation === '*' && is(first, 1)) return second;
  if (operation === '+' && is(first, 0)) return second;
  const neutral: Readonly<Record<string, number>> = { '*': 1, '+': 0, '-': 0, '^': 1 };
  if (operation in neutral && is(second, neutral[operation])) return first;
  return { kind: 'call', operation, operands };
}

/** The formula with other formulas in the place of names. */
export function substituted(tree: Tree, parts: Readonly<Record<string, Tree>>): Tree {
  if (tree.kind === 'number') return tree;
  if (tree.kind === 'name') return Object.hasOwn(parts, tree.name) ? parts[tree.name] : tree;
  return call(tree.operation, ...tree.operands.map((operand) => substituted(operand, parts)));
}

/** A formula or a part of it in a message: one line, its beginning when it is long. */
export function shown(formula: MathNode | string): string {
  const line = String(formula).replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

export function tooDeep(): InputError {
  return new InputError(
    'the formula is nested too deeply',
    `at most ${deepestNesting} operations may stand inside each other`,
    'split the formula with parameters or simplify it',
  );
}

const descriptions: Readonly<Record<string, string>> = {
  AccessorNode: 'an access to a property or an element',
  IndexNode: 'an index',
  ArrayNode: 'a list',
  AssignmentNode: 'an assignment',
  BlockNode: 'a sequence of statements',
  ConditionalNode: 'a condition',
  FunctionAssignmentNode: 'a definition of a function',
  ObjectNode: 'an object',
  RangeNode: 'a range',
  RelationalNode: 'a comparison',
};

const allowed = `a formula consists of numbers, names, + - * / ^, parentheses and the functions ${[
  ...unaryFunctions.keys(),
  ...binaryFunctions.keys(),
].join(', ')}`;

function refusal(fact: string): InputError {
  return new InputError(fact, allowed, 'write the formula with these alone');
}

function checkedNumber(node: ConstantNode): Tree {
  const value: unknown = node.value;
  if (value === undefined) throw refusal('the formula is empty');
  if (typeof value !== 'number') throw refusal(`${shown(node)} is a ${typeof value === 'string' ? 'text' : 'word'}`);
  if (!Number.isFinite(value)) throw refusal(`${shown(node)} is not a finite number`);
  return { kind: 'number', value };
}

function checkedName(name: string, vocabulary: Vocabulary): Tree {
  if (vocabulary.names.includes(name)) return { kind: 'name', name };
  const parameters = vocabulary.parameters ?? {};
  const value = Object.hasOwn(parameters, name) ? parameters[name] : constants.get(name);
  if (value !== undefined) return { kind: 'number', value };
  if (unaryFunctions.has(name) || binaryFunctions.has(name)) {
    throw new InputError(`the function ${name} stands without its argument`, allowed, `write ${name}(…)`);
  }
  const known = [...vocabulary.names, ...Object.keys(parameters), ...constants.keys()];
  const near = nearestName(name, known);
  throw new InputError(
    `the name "${name}" is unknown in this formula`,
    `known here: ${known.join(', ')}`,
    near === undefined ? `use a known name, or give ${name} a value as a parameter` : `did you mean ${near}?`,
  );
}

const operators: ReadonlyMap<string, string> = new Map([
  ['add', '+'],
  ['subtract', '-'],
  ['multiply', '*'],
  ['divide', '/'],
  ['pow', '^'],
  ['unaryMinus', 'negate'],
  ['unaryPlus', 'unaryPlus'],
]);

function checkedOperation(node: OperatorNode, child: (node: MathNode) => Tree): Tree {
  const operation = operators.get(node.fn);
  if (operation === undefined) throw refusal(`${shown(node)} uses the operator "${node.op}"`);
  if ((node as OperatorNode & { isPercentage?: boolean }).isPercentage) throw refusal(`${shown(node)} is a percentage`);
  refuseAmbiguousProduct(node);
  const operands = node.args.map(child);
  if (operation === 'unaryPlus') return operands[0];
  // Some rewritings produce n-ary sums and products.
  return operands.length <= 2
    ? call(operation, ...operands)
    : operands.reduce((sum, operand) => call(operation, sum, operand));
}

/** 1/2x: the grammar reads (1/2)x, but 1/(a x) for 1/a x; neither reader nor writer should have to know. */
function refuseAmbiguousProduct(node: OperatorNode): void {
  const isDivision = (inner: MathNode) => (inner as OperatorNode).fn === 'divide';
  const isImplicit = (inner: MathNode) => (inner as OperatorNode).implicit === true;
  const ambiguous =
    (isImplicit(node) && node.args.some(isDivision)) || (isDivision(node) && node.args.some(isImplicit));
  if (!ambiguous) return;
  throw new InputError(
    `${shown(node)} mixes a division with a product written without *`,
    'it can be read in two ways',
    'write every * and use parentheses, for example 1/(2*x)',
  );
}

function checkedCall(node: FunctionNode, vocabulary: Vocabulary, child: (node: MathNode) => Tree): Tree {
  const head: MathNode = node.fn as unknown as MathNode;
  if (head.type !== 'SymbolNode') throw refusal(`${shown(node)} calls something that is not the name of a function`);
  const name = (head as SymbolNode).name;
  const count = node.args.length;
  if (unaryFunctions.has(name)) {
    if (count !== 1) throw wrongCount(name, 'one argument', count);
    return call(name, child(node.args[0]));
  }
  if (binaryFunctions.has(name)) {
    const many = name === 'min' || name === 'max';
    if (count < 2 || (count > 2 && !many)) throw wrongCount(name, many ? 'at least two' : 'two arguments', count);
    return node.args.map(child).reduce((sum, operand) => call(name === 'pow' ? '^' : name, sum, operand));
  }
  const parameters = Object.keys(vocabulary.parameters ?? {});
  if ([...vocabulary.names, ...parameters, ...constants.keys()].includes(name)) {
    throw new InputError(
      `${shown(node)} calls ${name} like a function`,
      `${name} is a number`,
      `write the product with *: ${name}*(…)`,
    );
  }
  const near = nearestName(name, [...unaryFunctions.keys(), ...binaryFunctions.keys()]);
  throw new InputError(
    `"${name}" is not a function of the formula language`,
    allowed,
    near === undefined ? 'use one of these functions' : `did you mean ${near}?`,
  );
}

function wrongCount(name: string, expected: string, count: number): InputError {
  return new InputError(
    `${name} is called with ${count} argument${count === 1 ? '' : 's'}`,
    `${name} takes ${expected}`,
    `write ${name}(${expected === 'one argument' ? 'a' : 'a, b'})`,
  );
}

function applied(operation: string, [a, b]: readonly number[]): number {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '^':
      return a ** b;
    case 'negate':
      return -a;
    default:
      return unaryFunctions.get(operation)?.(a) ?? binaryFunctions.get(operation)?.(a, b) ?? Number.NaN;
  }
}
