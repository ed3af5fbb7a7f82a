import { isNumber, negated, one, power, product, quotient, sum, zero } from './algebra.ts';
import { call, type Tree } from './tree.ts';

/** Coefficients by exponents in the order of the names: 2u²v + 3 over u, v is {"2,1": 2, "0,0": 3}. */
export type Polynomial = ReadonlyMap<string, Tree>;

/** Parts may have a higher degree than the whole, up to here: (u+1)⁴ − u⁴ has degree 3. */
const highestPart = 8;

/**
 * A formula as a polynomial of at most this total degree in the names: Σ coefficient · Π nameᵏ, coefficients free of
 * the names. It equals the formula wherever that has a value, but for the rounding of numbers put together: a proof,
 * not a fit. Null where the structure does not show it: sums, products, whole powers, quotients by, functions of and
 * conditions on what is free of the names do. Terms that cancel are left out where their numbers fold to 0.
 */
export function polynomialIn(tree: Tree, names: readonly string[], degree: number): Polynomial | null {
  const found = new Map<Tree, Polynomial | null>();
  const of = (inner: Tree): Polynomial | null => {
    const known = found.get(inner);
    if (known !== undefined) return known;
    const result = polynomialOf(inner, names, of);
    found.set(inner, result);
    return result;
  };
  const result = of(tree);
  if (result === null) return null;
  const isNone = (coefficient: Tree) => coefficient.kind === 'number' && !Number.isFinite(coefficient.value);
  const refused = [...result].some(([key, coefficient]) => totalDegree(key) > degree || isNone(coefficient));
  return refused ? null : result;
}

/** The formula Σ coefficient · monomial again. */
export function polynomialTree(polynomial: Polynomial, names: readonly string[]): Tree {
  return [...polynomial].reduce<Tree>((whole, [key, coefficient]) => {
    const monomial = exponentsOf(key).reduce<Tree>(
      (part, exponent, k) => product(part, power({ kind: 'name', name: names[k] }, exponent)),
      one,
    );
    return sum(whole, product(coefficient, monomial));
  }, zero);
}

function polynomialOf(tree: Tree, names: readonly string[], of: (inner: Tree) => Polynomial | null): Polynomial | null {
  const constant = names.map(() => 0).join();
  if (tree.kind === 'number') return monomial(constant, tree);
  if (tree.kind === 'name') {
    const place = names.indexOf(tree.name);
    return place < 0 ? monomial(constant, tree) : monomial(names.map((_, k) => (k === place ? 1 : 0)).join(), one);
  }
  const operands = tree.operands.map(of);
  if (!operands.every((operand) => operand !== null)) return null;
  const [a, b] = operands;
  const isConstant = (polynomial: Polynomial) => [...polynomial.keys()].every((key) => key === constant);
  const constantPart = (polynomial: Polynomial) => polynomial.get(constant) ?? zero;
  if (operands.every(isConstant)) return monomial(constant, call(tree.operation, ...operands.map(constantPart)));
  switch (tree.operation) {
    case '+':
      return added(a, b);
    case '-':
      return added(a, mapped(b, negated));
    case 'negate':
      return mapped(a, negated);
    case '*':
      return multiplied(a, b);
    case '/':
      return isConstant(b) ? mapped(a, (coefficient) => quotient(coefficient, constantPart(b))) : null;
    case '^':
    case 'pow':
      return isConstant(b) ? raised(a, constantPart(b), constant) : null;
    case 'where':
      return isConstant(a) ? chosen(constantPart(a), b, operands[2]) : null;
    default:
      return null;
  }
}

/** where(condition, a, b), coefficient by coefficient. */
function chosen(condition: Tree, a: Polynomial, b: Polynomial): Polynomial {
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  return new Map(keys.map((key) => [key, call('where', condition, a.get(key) ?? zero, b.get(key) ?? zero)]));
}

function raised(base: Polynomial, exponent: Tree, constant: string): Polynomial | null {
  if (exponent.kind !== 'number' || !Number.isInteger(exponent.value)) return null;
  if (exponent.value < 0 || exponent.value > highestPart) return null;
  let result: Polynomial | null = monomial(constant, one);
  for (let k = 0; k < exponent.value && result !== null; k++) result = multiplied(result, base);
  return result;
}

function multiplied(a: Polynomial, b: Polynomial): Polynomial | null {
  const terms = new Map<string, Tree>();
  for (const [keyA, coefficientA] of a) {
    for (const [keyB, coefficientB] of b) {
      const other = exponentsOf(keyB);
      const key = exponentsOf(keyA)
        .map((exponent, k) => exponent + other[k])
        .join();
      if (totalDegree(key) > highestPart) return null;
      addTo(terms, key, product(coefficientA, coefficientB));
    }
  }
  return terms;
}

function added(a: Polynomial, b: Polynomial): Polynomial {
  const terms = new Map(a);
  for (const [key, coefficient] of b) addTo(terms, key, coefficient);
  return terms;
}

function addTo(terms: Map<string, Tree>, key: string, coefficient: Tree): void {
  const whole = sum(terms.get(key) ?? zero, coefficient);
  if (isNumber(whole, 0)) terms.delete(key);
  else terms.set(key, whole);
}

function mapped(polynomial: Polynomial, by: (coefficient: Tree) => Tree): Polynomial {
  return new Map([...polynomial].map(([key, coefficient]) => [key, by(coefficient)]));
}

function monomial(key: string, coefficient: Tree): Polynomial {
  return isNumber(coefficient, 0) ? new Map() : new Map([[key, coefficient]]);
}

function exponentsOf(key: string): readonly number[] {
  return key.split(',').map(Number);
}

function totalDegree(key: string): number {
  return exponentsOf(key).reduce((total, exponent) => total + exponent, 0);
}
