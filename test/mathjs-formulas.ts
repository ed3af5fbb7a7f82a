/**
 * Formulas as mathjs reads and differentiates them: an oracle for the parser and the derivatives of src/formula, which
 * took their place.
 */
import {
  type ConstantNode,
  derivative,
  type FunctionNode,
  type MathNode,
  type OperatorNode,
  type ParenthesisNode,
  parse,
  type SymbolNode,
} from 'mathjs/number';
import { binaryFunctions, functionNames, unaryFunctions } from '../src/formula/elementary-functions.ts';
import { call, constants, deepestNesting, type Tree, tooDeep, type Vocabulary } from '../src/formula/tree.ts';
import { InputError } from '../src/input/input-error.ts';

/** The tree of a text. Throws InputError. */
export function treeByMathjs(text: string, vocabulary: Vocabulary): Tree {
  return checkedTree(syntaxTree(text), vocabulary);
}

/** The derivative of a text by a name. Throws InputError. */
export function derivativeByMathjs(text: string, vocabulary: Vocabulary, name: string): Tree {
  return checkedTree(derivativeOf(syntaxTree(text), name), vocabulary, 5 * deepestNesting);
}

function syntaxTree(text: string): MathNode {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw new InputError(
      `"${shown(text)}" is not a formula`,
      error instanceof Error ? error.message : String(error),
      'write it like a*x^2/2 + cos(3*x)',
    );
  }
}

/**
 * Accept a syntax tree node by node from a list of what is allowed; parameters and constants become numbers.
 * Throws InputError for everything else, naming it, and below `levels` levels.
 */
function checkedTree(node: MathNode, vocabulary: Vocabulary, levels = deepestNesting): Tree {
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
      return checkedCall(node as FunctionNode, child);
    default:
      throw refusal(`${shown(node)} is ${descriptions[node.type] ?? `a ${node.type}`}`);
  }
}

/** A formula or a part of it in a message: one line, its beginning when it is long. */
function shown(formula: MathNode | string): string {
  const line = String(formula).replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
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

const allowed = `a formula consists of numbers, names, + - * / ^, parentheses and the functions ${functionNames.join(', ')}`;

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
  if (functionNames.includes(name)) {
    throw refusal(`the function ${name} stands without its argument`);
  }
  throw refusal(`the name "${name}" is unknown in this formula`);
}

const operators: ReadonlyMap<string, string> = new Map([
  ['add', '+'],
  ['subtract', '-'],
  ['multiply', '*'],
  ['divide', '/'],
  ['pow', '^'],
  ['unaryMinus', 'negate'],
  ['unaryPlus', 'unaryPlus'],
  ['smaller', '<'],
  ['smallerEq', '<='],
  ['larger', '>'],
  ['largerEq', '>='],
]);

const comparisonNames = ['smaller', 'smallerEq', 'larger', 'largerEq'];

function isComparison(node: MathNode): boolean {
  return node.type === 'OperatorNode' && comparisonNames.includes((node as OperatorNode).fn);
}

function checkedOperation(node: OperatorNode, child: (node: MathNode) => Tree): Tree {
  const operation = operators.get(node.fn);
  if (operation === undefined || isComparison(node)) throw refusal(`${shown(node)} uses the operator "${node.op}"`);
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

function checkedCall(node: FunctionNode, child: (node: MathNode) => Tree): Tree {
  const head: MathNode = node.fn as unknown as MathNode;
  if (head.type !== 'SymbolNode') throw refusal(`${shown(node)} calls something that is not the name of a function`);
  const name = (head as SymbolNode).name;
  const count = node.args.length;
  if (name === 'where') {
    const [condition, a, b] = node.args;
    if (count !== 3 || !isComparison(condition)) throw refusal(`${shown(node)} is no comparison with two values`);
    const [left, right] = (condition as OperatorNode).args.map(child);
    return call('where', call(operators.get((condition as OperatorNode).fn) ?? '', left, right), child(a), child(b));
  }
  if (name === 'relu') {
    if (count !== 1) throw refusal(`${name} is called with ${count} arguments`);
    return call('max', child(node.args[0]), { kind: 'number', value: 0 });
  }
  if (unaryFunctions.has(name)) {
    if (count !== 1) throw refusal(`${name} is called with ${count} arguments`);
    return call(name, child(node.args[0]));
  }
  if (binaryFunctions.has(name)) {
    const many = name === 'min' || name === 'max';
    if (count < 2 || (count > 2 && !many)) throw refusal(`${name} is called with ${count} arguments`);
    return node.args.map(child).reduce((sum, operand) => call(name === 'pow' ? '^' : name, sum, operand));
  }
  throw refusal(`${shown(node)} calls what is no function of the formula language`);
}

/** Slopes of the functions for which mathjs has none, or one that is NaN at a kink; `inner` is the argument. */
const slopes: Readonly<Record<string, string>> = {
  abs: 'sign(inner)',
  erf: '2 / sqrt(pi) * exp(-inner^2)',
};

/**
 * Chain rule around abs and erf: each occurrence s = abs(inner) becomes a name of its own, then
 * dF = ∂F/∂x + Σ ∂F/∂s · slope(inner) · d inner.
 */
function derivativeOf(syntax: MathNode, name: string): MathNode {
  const replaced = new Map<string, FunctionNode>();
  const outer = syntax.transform((node) => {
    const head = functionName(node);
    if (head === undefined || !dependsOn(node, name)) return node;
    if (head === 'sign' || head === 'min' || head === 'max' || head === 'atan2') throw noDerivative(node, head);
    if (!(head in slopes)) return node;
    const symbol = `_${replaced.size}`;
    replaced.set(symbol, node as FunctionNode);
    return parse(symbol);
  });
  let sum = derivative(outer, name, { simplify: false });
  for (const [symbol, node] of replaced) {
    const inner = node.args[0];
    const slope = substituted(parse(slopes[functionName(node) ?? '']), { inner });
    const partial = derivative(outer, symbol, { simplify: false });
    const change = derivativeOf(inner, name);
    sum = substituted(parse('sum + partial * slope * change'), { sum, partial, slope, change });
  }
  return substituted(sum, Object.fromEntries(replaced));
}

function substituted(syntax: MathNode, parts: Readonly<Record<string, MathNode>>): MathNode {
  return syntax.transform((node) => {
    const name = node.type === 'SymbolNode' ? (node as SymbolNode).name : '';
    return Object.hasOwn(parts, name) ? parts[name] : node;
  });
}

function functionName(node: MathNode): string | undefined {
  return node.type === 'FunctionNode' ? ((node as FunctionNode).fn as unknown as SymbolNode).name : undefined;
}

function dependsOn(node: MathNode, name: string): boolean {
  return node.filter((inner) => inner.type === 'SymbolNode' && (inner as SymbolNode).name === name).length > 0;
}

function noDerivative(node: MathNode, head: string): InputError {
  return new InputError(
    `${shown(node)} cannot be differentiated`,
    `${head} has no derivative among formulas`,
    'write it with differentiable functions (abs, tanh and erf are), or give the drift itself',
  );
}
