import {
  difference,
  isNumber,
  negated,
  numberTree,
  one,
  power,
  product,
  quotient,
  sameTree,
  sum,
  zero,
} from './algebra.ts';
import { call, type Tree } from './tree.ts';

/**
 * ∂/∂name of a formula, as a formula, lightly simplified; every operation and function of the language has one.
 *
 * Its value is that of the derivative wherever the formula is differentiable and the rules give no ∞ − ∞ or 0·∞. Kinks
 * of abs, min and max get the middle slope; jumps of sign and comparisons are not seen. Evaluated over intervals,
 * with sign = [−1, 1] at 0, it encloses all slopes of a kink (Clarke 1975). Throws RangeError for an unknown operation.
 */
export function derivative(tree: Tree, name: string): Tree {
  const found = new Map<Tree, Tree>();
  const of = (inner: Tree): Tree => {
    const known = found.get(inner);
    if (known !== undefined) return known;
    const result = slopeOf(inner, name, of);
    found.set(inner, result);
    return result;
  };
  return of(tree);
}

function slopeOf(tree: Tree, name: string, of: (inner: Tree) => Tree): Tree {
  if (tree.kind === 'number') return zero;
  if (tree.kind === 'name') return tree.name === name ? one : zero;
  if (tree.operation === 'where') return slopeOfWhere(tree.operands, of);
  const [a, b] = tree.operands;
  const slope = of(a);
  // 0 for operations of one operand.
  const other = b === undefined ? zero : of(b);
  if (isNumber(slope, 0) && isNumber(other, 0)) return zero;
  switch (tree.operation) {
    case '+':
      return sum(slope, other);
    case '-':
      return difference(slope, other);
    case 'negate':
      return negated(slope);
    case '*':
      return sum(product(slope, b), product(a, other));
    case '/':
      return slopeOfQuotient(tree, a, b, slope, other);
    case '^':
    case 'pow':
      return sum(slopeInBase(a, b, slope, of), slopeInExponent(tree, a, other));
    case 'atan2':
      return quotient(difference(product(b, slope), product(a, other)), sum(power(a, 2), power(b, 2)));
    case 'min':
      return slopeOfExtremum(difference(b, a), slope, other);
    case 'max':
      return slopeOfExtremum(difference(a, b), slope, other);
    case 'huber':
      return slopeOfHuber(a, b, slope, other);
    case 'sqrt':
      if (evenPower(a) !== undefined) return slopeInBase(a, numberTree(0.5), slope, of);
  }
  const chained = slopes[tree.operation];
  if (chained === undefined) throw new RangeError(`derivative: unknown operation ${tree.operation}`);
  return chained(slope, a, tree);
}

/** (a/b)' = −ab'/b² where a is constant, (a' − (a/b)b')/b else: the formula itself is known already. */
function slopeOfQuotient(tree: Tree, a: Tree, b: Tree, slope: Tree, other: Tree): Tree {
  if (isNumber(other, 0)) return quotient(slope, b);
  if (isNumber(slope, 0)) return negated(quotient(product(a, other), power(b, 2)));
  return quotient(difference(slope, product(tree, other)), b);
}

/** b a^(b−1) a', and (aⁿ)^c with even n as |a|^(nc): √(a⁴) = a² has a slope at 0. */
function slopeInBase(a: Tree, b: Tree, slope: Tree, of: (inner: Tree) => Tree): Tree {
  if (isNumber(slope, 0) || isNumber(b, 0)) return zero;
  if (b.kind !== 'number') return product(product(b, call('^', a, difference(b, one))), slope);
  const even = Number.isInteger(b.value) ? undefined : evenPower(a);
  if (even === undefined) return product(product(b, power(a, b.value - 1)), slope);
  const exponent = even.exponent * b.value;
  const size = product(numberTree(exponent), power(call('abs', even.base), exponent - 1));
  return product(product(size, call('sign', even.base)), of(even.base));
}

function evenPower(tree: Tree): { readonly base: Tree; readonly exponent: number } | undefined {
  if (tree.kind !== 'call') return undefined;
  const [base, second] = tree.operands;
  if (tree.operation === '*' && sameTree(base, second)) return { base, exponent: 2 };
  const even = tree.operation === '^' && second.kind === 'number' && second.value > 0 && second.value % 2 === 0;
  return even ? { base, exponent: second.value } : undefined;
}

/** a^b log(a) b'. */
function slopeInExponent(tree: Tree, a: Tree, other: Tree): Tree {
  return isNumber(other, 0) || isNumber(a, 0) ? zero : product(product(tree, call('log', a)), other);
}

/**
 * Slope of the chosen one, where `lead` is positive if it is the first: (1+s)/2 a' + (1−s)/2 b', s = sign(lead). One
 * weight is exactly 0, so that a steep branch which is not chosen leaves no round-off.
 */
function slopeOfExtremum(lead: Tree, slope: Tree, other: Tree): Tree {
  if (sameTree(slope, other)) return slope;
  const half = numberTree(0.5);
  const side = product(half, call('sign', lead));
  return sum(product(sum(half, side), slope), product(difference(half, side), other));
}

/** min(max(a, −d), d) a' + max(|a| − d, 0) d'. */
function slopeOfHuber(a: Tree, d: Tree, slope: Tree, other: Tree): Tree {
  const clamped = call('min', call('max', a, negated(d)), d);
  return sum(product(clamped, slope), product(call('max', difference(call('abs', a), d), zero), other));
}

/** Almost everywhere: the slope of the branch that is chosen. */
function slopeOfWhere([condition, a, b]: readonly Tree[], of: (inner: Tree) => Tree): Tree {
  const [slope, other] = [of(a), of(b)];
  return sameTree(slope, other) ? slope : call('where', condition, slope, other);
}

const oneMinusSquare = (a: Tree) => difference(one, power(a, 2));

/** Slopes of the functions of one argument a with slope da; `value` is the function at a. */
const slopes: Readonly<Record<string, (da: Tree, a: Tree, value: Tree) => Tree>> = {
  sin: (da, a) => product(call('cos', a), da),
  cos: (da, a) => negated(product(call('sin', a), da)),
  tan: (da, a) => product(power(call('sec', a), 2), da),
  sec: (da, a, value) => product(product(value, call('tan', a)), da),
  asin: (da, a) => quotient(da, call('sqrt', oneMinusSquare(a))),
  acos: (da, a) => negated(quotient(da, call('sqrt', oneMinusSquare(a)))),
  atan: (da, a) => quotient(da, sum(one, power(a, 2))),
  sinh: (da, a) => product(call('cosh', a), da),
  cosh: (da, a) => product(call('sinh', a), da),
  tanh: (da, a) => product(power(call('sech', a), 2), da),
  sech: (da, a, value) => negated(product(product(value, call('tanh', a)), da)),
  exp: (da, _, value) => product(value, da),
  log: (da, a) => quotient(da, a),
  log10: (da, a) => quotient(da, product(numberTree(Math.LN10), a)),
  sigmoid: (da, a) => product(product(numberTree(0.25), power(call('sech', product(numberTree(0.5), a)), 2)), da),
  softplus: (da, a) => product(call('sigmoid', a), da),
  logcosh: (da, a) => product(call('tanh', a), da),
  sqrt: (da, _, value) => quotient(product(numberTree(0.5), da), value),
  abs: (da, a) => product(call('sign', a), da),
  sign: () => zero,
  erf: (da, a) => product(numberTree(2 / Math.sqrt(Math.PI)), product(call('exp', negated(power(a, 2))), da)),
};
