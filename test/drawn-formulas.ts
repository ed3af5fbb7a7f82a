/** Formulas drawn at random, for properties that hold for all of them. */
import fc from 'fast-check';
import { comparisons, unaryFunctions } from '../src/formula/elementary-functions.ts';
import { call, type Tree } from '../src/formula/tree.ts';

const everyFunction = [...unaryFunctions.keys()];
const infix = ['+', '-', '*', '/'];

/** Which operations are drawn; all of the language by default. */
export interface Drawn {
  readonly unary?: readonly string[];
  /** `where` among them. */
  readonly binary?: readonly string[];
  readonly exponents?: readonly number[];
  /** How deep: fast-check's words. */
  readonly size?: 'xsmall' | 'small' | 'medium';
}

/** Trees over these names. Built by `call`, as a parser builds them: what consists of numbers is a number. */
export function drawnTree(names: readonly string[], drawn: Drawn = {}): fc.Arbitrary<Tree> {
  const unary = drawn.unary ?? everyFunction;
  const binary = drawn.binary ?? [...infix, '^', 'atan2', 'min', 'max'];
  const hasBranches = drawn.binary === undefined || drawn.binary.includes('where');
  const hasHuber = drawn.binary === undefined;
  const exponents = drawn.exponents ?? [-2, -1, 0.5, 1.5, 2, 3, 4];
  const number = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -4000, max: 4000 }).map((thousandths) => thousandths / 1000),
  );
  const leaf: fc.Arbitrary<Tree> = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...names).map((name): Tree => ({ kind: 'name', name })) },
    { weight: 1, arbitrary: number.map((value): Tree => ({ kind: 'number', value })) },
  );
  return fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: drawn.size ?? 'small', withCrossShrink: true },
      leaf,
      fc
        .tuple(fc.constantFrom(...binary.filter((of) => of !== 'where')), tie('tree'), tie('tree'))
        .map(([of, a, b]) => call(of, a, b)),
      fc.tuple(fc.constantFrom('negate', ...unary), tie('tree')).map(([of, a]) => call(of, a)),
      ...(hasHuber ? [fc.tuple(tie('tree'), threshold).map(([a, d]) => call('huber', a, d))] : []),
      ...(hasBranches ? [branches(tie('tree'))] : []),
      fc.tuple(tie('tree'), fc.constantFrom(...exponents)).map(([a, value]) => call('^', a, { kind: 'number', value })),
    ),
  })).tree;
}

const threshold = fc.integer({ min: 1, max: 4000 }).map((value): Tree => ({ kind: 'number', value: value / 1000 }));

/** where(a < b, c, d) and the like. */
function branches(tree: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  return fc
    .tuple(fc.constantFrom(...comparisons.keys()), tree, tree, tree, tree)
    .map(([of, a, b, c, d]) => call('where', call(of, a, b), c, d));
}

/** Number of operations and leaves. */
export function sizeOf(tree: Tree): number {
  return tree.kind === 'call' ? tree.operands.reduce((size, operand) => size + sizeOf(operand), 1) : 1;
}
