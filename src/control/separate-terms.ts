/** A formula of several controls as a sum of formulas that share none: each can be minimised alone. */
import { isNumber, negated, product, quotient, sum, zero } from '../formula/algebra.ts';
import { dependsOn, type Tree } from '../formula/tree.ts';

export interface SeparateTerm {
  /** The controls it speaks of, in the order given; none for what is left over. */
  readonly controls: readonly string[];
  readonly tree: Tree;
}

/** Sums are taken apart, and factors free of the controls moved into them; what has no control is left out. */
export function separateTerms(tree: Tree, controls: readonly string[]): SeparateTerm[] {
  const isFree = (part: Tree) => !controls.some((name) => dependsOn(part, name));
  let terms: SeparateTerm[] = [];
  for (const part of summands(tree, isFree)) {
    if (isFree(part) || isNumber(part, 0)) continue;
    const own = controls.filter((name) => dependsOn(part, name));
    const sharing = terms.filter((term) => term.controls.some((name) => own.includes(name)));
    const joined = [...own, ...sharing.flatMap((term) => term.controls)];
    terms = [
      ...terms.filter((term) => !sharing.includes(term)),
      {
        controls: controls.filter((name) => joined.includes(name)),
        tree: sum(
          sharing.reduce<Tree>((whole, term) => sum(whole, term.tree), zero),
          part,
        ),
      },
    ];
  }
  return terms;
}

function summands(tree: Tree, isFree: (part: Tree) => boolean): readonly Tree[] {
  if (tree.kind !== 'call') return [tree];
  const [a, b] = tree.operands;
  const of = (part: Tree) => summands(part, isFree);
  switch (tree.operation) {
    case '+':
      return [...of(a), ...of(b)];
    case '-':
      return [...of(a), ...of(b).map(negated)];
    case 'negate':
      return of(a).map(negated);
    case '*':
      if (isFree(a)) return of(b).map((part) => product(a, part));
      return isFree(b) ? of(a).map((part) => product(b, part)) : [tree];
    case '/':
      return isFree(b) ? of(a).map((part) => quotient(part, b)) : [tree];
    default:
      return [tree];
  }
}
