import type { Tree } from './tree.ts';

/**
 * An upper bound of the degree of a formula as a polynomial in the given names, from its structure: sums take the
 * larger, products the sum, integer powers the multiple, a where whose condition is free of them the larger of its
 * branches; a quotient by or a function of what varies gives Infinity.
 * Whatever depends on names `apart` alone counts as one more name: of degree 1 in y with x apart is g(x) + Ky.
 */
export function degreeIn(tree: Tree, names: readonly string[], apart: readonly string[] = []): number {
  if (tree.kind === 'number') return 0;
  if (tree.kind === 'name') return names.includes(tree.name) || apart.includes(tree.name) ? 1 : 0;
  if (apart.length > 0 && degreeIn(tree, names) === 0) return Math.min(degreeIn(tree, apart), 1);
  const degrees = tree.operands.map((operand) => degreeIn(operand, names, apart));
  const [first, second, third] = degrees;
  switch (tree.operation) {
    case '+':
    case '-':
      return Math.max(first, second);
    case 'negate':
      return first;
    case '*':
      return first + second;
    case '/':
      return second === 0 ? first : Number.POSITIVE_INFINITY;
    case 'where':
      return first === 0 ? Math.max(second, third) : Number.POSITIVE_INFINITY;
    case '^':
      return powerDegree(first, second, tree.operands[1]);
    default:
      return degrees.every((each) => each === 0) ? 0 : Number.POSITIVE_INFINITY;
  }
}

function powerDegree(base: number, exponentDegree: number, exponent: Tree): number {
  if (base === 0 && exponentDegree === 0) return 0;
  const whole = exponent.kind === 'number' && Number.isInteger(exponent.value) && exponent.value >= 0;
  if (!whole) return Number.POSITIVE_INFINITY;
  return exponent.value === 0 ? 0 : base * exponent.value;
}
