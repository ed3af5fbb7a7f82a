import { ATOM, COMPARISON, POWER, PRODUCT, SIGN, SUM } from './binding.ts';
import type { Tree } from './tree.ts';

const infix: Readonly<Record<string, number>> = {
  ...{ '<': COMPARISON, '<=': COMPARISON, '>': COMPARISON, '>=': COMPARISON },
  ...{ '+': SUM, '-': SUM, '*': PRODUCT, '/': PRODUCT },
};

/**
 * A formula as text with as few parentheses as keep its meaning, operation by operation: read again it has the same
 * value, but for the digits of its numbers (12, so that 0.3·3 is 0.9; 17 keep every number). pi and e have their names.
 */
export function printed(tree: Tree, digits = 12): string {
  return shown(tree, digits).text;
}

interface Shown {
  readonly text: string;
  /** How tightly its outermost operation binds. */
  readonly power: number;
}

function shown(tree: Tree, digits: number): Shown {
  if (tree.kind === 'number') return shownNumber(tree.value, digits);
  if (tree.kind === 'name') return { text: tree.name, power: ATOM };
  const [a, b] = tree.operands;
  const within = (operand: Tree, least: number): string => {
    const { text, power } = shown(operand, digits);
    return power < least ? `(${text})` : text;
  };
  const { operation } = tree;
  if (operation === 'negate') {
    // −(a·b) has the value of (−a)·b, which is how −a·b is read.
    const { text, power } = shown(a, digits);
    if (power === PRODUCT && !text.startsWith('-')) return { text: `-${text}`, power: PRODUCT };
    return { text: `-${within(a, POWER)}`, power: SIGN };
  }
  if (operation === '^' || operation === 'pow')
    return { text: `${within(a, ATOM)} ^ ${within(b, SIGN)}`, power: POWER };
  const power = infix[operation];
  if (power === undefined) {
    return { text: `${operation}(${tree.operands.map((each) => shown(each, digits).text).join(', ')})`, power: ATOM };
  }
  if (power === SUM && b.kind === 'number' && b.value < 0) {
    return { text: `${within(a, SUM)} ${operation === '+' ? '-' : '+'} ${shownNumber(-b.value, digits).text}`, power };
  }
  return { text: `${within(a, power)} ${operation} ${within(b, power + 1)}`, power };
}

function shownNumber(value: number, digits: number): Shown {
  if (value === Math.PI) return { text: 'pi', power: ATOM };
  if (value === Math.E) return { text: 'e', power: ATOM };
  const text = Object.is(value, -0) ? '-0' : String(Number(value.toPrecision(digits)));
  return { text, power: text.startsWith('-') ? SIGN : ATOM };
}
