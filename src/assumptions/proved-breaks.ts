/**
 * Where formulas jump, or have no value: proved at a point, or excluded on a box. A jump s = sign(g) is one where on
 * some small box ∂b/∂s ≠ 0 and ∂g/∂z ≠ 0 for certain, g changes its sign along z and no other jump is met; boxes on
 * which that is excluded are left out, the others halved. All searches of one question share an allowance; a question
 * that uses it up is not decided.
 */
import { isNumber, sameTree, zero } from '../formula/algebra.ts';
import { EMPTY, PARTIAL } from '../formula/interval-arithmetic.ts';
import { call, dependsOn, type Tree } from '../formula/tree.ts';
import { type EnclosedEntries, enclosedEntries } from './enclosed-entries.ts';
import { type Lifted, shareOf, slopeOf, vanishesWith } from './lifted-jumps.ts';
import type { Bounds } from './matrix-bounds.ts';
import type { Box } from './supremum.ts';

/** none: excluded; open: not decided; cut: not decided since the allowance is used up. */
export type Break =
  | { readonly status: 'none' | 'open' | 'cut' }
  | { readonly status: 'found'; readonly at: readonly number[] };

/** Where to look: the variables, which of them move, and the boxes, all ends finite. */
export interface Region {
  readonly names: readonly string[];
  readonly along: readonly string[];
  readonly boxes: readonly Box[];
}

/** Whether a jump counts, by bounds of ∂b_i/∂s and ∂g/∂z_k on a box. */
type Counts = (shares: readonly Bounds[], slopes: readonly Bounds[]) => boolean;

/** Boxes of one search, those it has if the allowance lasts at all, and what compiling it counts as. */
const BOXES = { most: 1000, least: 16, compiling: 500 };
/** Operations in all searches of one question, some 0.3 s. */
const OPERATIONS = 1e7;
/** What is said where the allowance is used up. */
export const TOO_MANY = 'its formulas have more jumps and poles than are looked at';
/** The share of the first box below which boxes are not halved. */
const NARROWEST = 2 ** -36;

/** Any jump. */
export const anyJump: Counts = (shares, slopes) => shares.some(isCertain) && slopes.some(isCertain);

/** A jump of b that grows along y: (b(y₁) − b(y₂))·(y₁ − y₂)/|y₁ − y₂|² has no upper bound. */
export const outwardJump: Counts = (shares, slopes) => {
  let [along, share, slope] = [0, 0, 0];
  for (const [k, { lower, upper }] of slopes.entries()) {
    const { lower: least, upper: most } = shares[k];
    along += Math.min(least * lower, least * upper, most * lower, most * upper);
    share += Math.max(0, least, -most) ** 2;
    slope += Math.max(0, lower, -upper) ** 2;
  }
  return along + Math.sqrt(share * slope) > 0;
};

function isCertain({ lower, upper }: Bounds): boolean {
  return lower > 0 || upper < 0;
}

/** A search, which is given what it may spend. */
type Look = (allowance: Allowance) => Break;

/** Operations that one question may still take, and the searches it still has. */
interface Allowance {
  operations: number;
  searches: number;
}

/** A jump of lifted formulas that counts, as some variables move. */
export function jumpOf(fields: Lifted, region: Region, counts: Counts = anyJump): Break {
  return firstOf(jumpLooks(fields, region, counts));
}

function jumpLooks(fields: Lifted, region: Region, counts: Counts): Look[] {
  return fields.jumps.map((jump) => (allowance) => {
    const shares = fields.trees.map((tree) => shareOf(tree, jump));
    if (shares.every((share) => vanishesWith(share, jump.argument, 'somehow'))) return { status: 'none' };
    const others = fields.jumps.filter((other) => other !== jump);
    const { argument, besides } = jump;
    return crossing(fields, region, { argument, besides, shares, others, counts }, allowance);
  });
}

/** Searches for a point of lifted formulas without a value: a root of a divisor, a pole of tan, a logarithm of 0 … */
function gapLooks(fields: Lifted, region: Region): Look[] {
  const poles = fields.trees.flatMap(divisorsIn).filter(isNew);
  const roots = poles.map(({ divisor, dividend }): Look => {
    const crossed = { argument: divisor, shares: [dividend], others: fields.jumps, counts: anyJump };
    return (allowance) => crossing(fields, region, crossed, allowance);
  });
  return [(allowance) => emptyPoint(fields, region, allowance), ...roots];
}

/** A jump that counts or a point without a value, and which of them. */
export type Broken =
  | { readonly status: 'found'; readonly at: readonly number[]; readonly cause: string }
  | { readonly status: 'none' | 'open' | 'cut' };

/**
 * Looks for a jump that counts, `counts` null for none, then for a point without a value. Of the latter it is not said
 * whether they are excluded, unless the allowance is used up.
 */
export function breakOf(fields: Lifted, region: Region, counts: Counts | null = anyJump): Broken {
  const jump: Break = counts === null ? { status: 'none' } : jumpOf(fields, region, counts);
  if (jump.status === 'found') return { ...jump, cause: 'it jumps there' };
  const gap = firstOf(gapLooks(fields, region));
  if (gap.status === 'found') return { ...gap, cause: 'it has no value there' };
  return gap.status === 'cut' ? gap : jump;
}

function firstOf(looks: readonly Look[]): Break {
  const allowance = { operations: OPERATIONS, searches: looks.length };
  const all: Break['status'][] = [];
  for (const look of looks) {
    const found = allowance.operations > 0 ? look(allowance) : ({ status: 'cut' } as const);
    if (found.status === 'found') return found;
    all.push(found.status);
    allowance.searches--;
  }
  return { status: all.includes('cut') ? 'cut' : all.includes('open') ? 'open' : 'none' };
}

interface Pole {
  readonly divisor: Tree;
  readonly dividend: Tree;
}

function divisorsIn(tree: Tree): Pole[] {
  if (tree.kind !== 'call') return [];
  if (tree.operation === 'where') return divisorsOfBranches(tree.operands);
  const inner = tree.operands.flatMap(divisorsIn);
  const [a, b] = tree.operands;
  const one: Tree = { kind: 'number', value: 1 };
  if (tree.operation === '/' && b.kind !== 'number') return [...inner, { divisor: b, dividend: a }];
  if (tree.operation === 'tan' || tree.operation === 'sec') {
    return [...inner, { divisor: call('cos', a), dividend: one }];
  }
  const isReciprocal = tree.operation === '^' && b.kind === 'number' && b.value < 0;
  return isReciprocal ? [...inner, { divisor: a, dividend: one }] : inner;
}

/** A pole counts in the branch that is chosen. */
function divisorsOfBranches([condition, a, b]: readonly Tree[]): Pole[] {
  return [
    ...divisorsIn(condition),
    ...divisorsIn(a).map((pole) => ({ ...pole, dividend: call('where', condition, pole.dividend, zero) })),
    ...divisorsIn(b).map((pole) => ({ ...pole, dividend: call('where', condition, zero, pole.dividend) })),
  ];
}

function isNew(pole: Pole, k: number, all: readonly Pole[]): boolean {
  return all.findIndex((each) => sameTree(each.divisor, pole.divisor) && sameTree(each.dividend, pole.dividend)) === k;
}

/** A root of `argument` where shares and slopes count. */
interface Crossing {
  readonly argument: Tree;
  /** atan2 jumps only where its second argument is negative. */
  readonly besides?: Tree;
  readonly shares: readonly Tree[];
  readonly others: Lifted['jumps'];
  readonly counts: Counts;
}

function crossing(fields: Lifted, { names, along, boxes }: Region, asked: Crossing, allowance: Allowance): Break {
  const { argument, besides = argument, shares, others, counts } = asked;
  const isAngle = asked.besides !== undefined;
  const slopes = along.map((name) => slopeOf(argument, name, fields.jumps));
  if (slopes.every((slope) => isNumber(slope, 0))) return { status: 'none' };
  const entries = [argument, besides, ...shares, ...slopes, ...others.map((other) => other.argument)];
  const found = enclosedEntries(entries, { names, jumps: fields.jumps, given: fields.trees });
  const bounds = (k: number): Bounds => ({ lower: found.lower[k], upper: found.upper[k] });
  const all = (from: number, count: number) => Array.from({ length: count }, (_, k) => bounds(from + k));
  // The other jumps must be left behind too.
  const looked = [argument, besides, ...shares, ...others.map((other) => other.call)];
  const moving = names.map((name) => looked.some((tree) => dependsOn(tree, name)));
  const judge = (box: Box): Verdict => {
    found.evaluate(box.lower, box.upper);
    if (isCertain(bounds(0)) || (isAngle && bounds(1).lower > 0)) return 'excluded';
    const [share, slope] = [all(2, shares.length), all(2 + shares.length, slopes.length)];
    if (share.every(isZero) || slope.every(isZero)) return 'excluded';
    const isAlone = all(2 + shares.length + slopes.length, others.length).every(isCertain);
    if (!isAlone || (isAngle && bounds(1).upper >= 0) || !counts(share, slope)) return 'halved';
    for (const [k, each] of slope.entries()) {
      const root = isCertain(each) ? rootAlong(found, box, names.indexOf(along[k])) : null;
      if (root !== null) return root;
    }
    return 'halved';
  };
  return search(boxes, moving, judge, { allowance, operations: found.operations });
}

function isZero({ lower, upper }: Bounds): boolean {
  return lower === 0 && upper === 0;
}

/** Roots may lie on a face of the box: signs are compared this share of its width outside. */
const OUTSIDE = 2 ** -30;

/** A point where the first entry changes its sign along a variable, on a line through the middle of a box. */
function rootAlong(found: EnclosedEntries, box: Box, k: number): readonly number[] | null {
  const point = box.lower.map((low, i) => low / 2 + box.upper[i] / 2);
  const signAt = (place: number): number => {
    point[k] = place;
    found.evaluate(point, point);
    return found.lower[0] > 0 ? 1 : found.upper[0] < 0 ? -1 : 0;
  };
  const outside = OUTSIDE * (box.upper[k] - box.lower[k]);
  let [from, to] = [box.lower[k] - outside, box.upper[k] + outside];
  const start = signAt(from);
  if (start * signAt(to) !== -1) return null;
  for (let middle = from / 2 + to / 2; middle > from && middle < to; middle = from / 2 + to / 2) {
    const sign = signAt(middle);
    if (sign === start) from = middle;
    else to = middle;
    if (sign === 0) from = middle;
  }
  point[k] = to;
  return to >= box.lower[k] && to <= box.upper[k] ? point : null;
}

/** A point at which some formula has no value. */
function emptyPoint(fields: Lifted, { names, boxes }: Region, allowance: Allowance): Break {
  const found = enclosedEntries(fields.trees, { names, jumps: fields.jumps, given: fields.trees });
  const moving = names.map((name) => fields.trees.some((tree) => dependsOn(tree, name)));
  const judge = (box: Box): Verdict => {
    found.evaluate(box.lower, box.upper);
    if (!found.flags.some((flags) => (flags & (PARTIAL | EMPTY)) !== 0)) return 'excluded';
    for (const point of [box.lower.map((low, i) => low / 2 + box.upper[i] / 2), box.lower, box.upper]) {
      found.evaluate(point, point);
      const isMissing = (flags: number, e: number) =>
        (flags & EMPTY) !== 0 || ((flags & PARTIAL) !== 0 && !(found.upper[e] - found.lower[e] < Infinity));
      if (found.flags.some(isMissing)) return point;
    }
    return 'halved';
  };
  return search(boxes, moving, judge, { allowance, operations: found.operations });
}

type Verdict = 'excluded' | 'halved' | readonly number[];

/** What a search may spend, and what one of its boxes costs. */
interface Cost {
  readonly allowance: Allowance;
  readonly operations: number;
}

/** Depth first, the upper half before the lower one. Searches that follow leave what they do not use to the next. */
function search(
  boxes: readonly Box[],
  moving: readonly boolean[],
  judge: (box: Box) => Verdict,
  { allowance, operations }: Cost,
): Break {
  const waiting = boxes.map((box) => ({ box, narrowest: box.upper.map((up, k) => NARROWEST * (up - box.lower[k])) }));
  allowance.operations -= BOXES.compiling * operations;
  const share = Math.max(BOXES.least, allowance.operations / allowance.searches / operations);
  let isOpen = false;
  for (let looks = 0; waiting.length > 0; looks++) {
    const last = waiting.pop();
    if (last === undefined || looks > BOXES.most + 2 * boxes.length) return { status: 'open' };
    if (looks > share) return { status: 'cut' };
    allowance.operations -= operations;
    const { box, narrowest } = last;
    const verdict = judge(box);
    if (verdict === 'excluded') continue;
    if (verdict !== 'halved') return { status: 'found', at: verdict };
    const [side, times] = widestSide(box, narrowest, moving);
    if (!(times > 1)) {
      isOpen = true;
      continue;
    }
    const middle = box.lower[side] / 2 + box.upper[side] / 2;
    const cut = (ends: readonly number[]) => ends.map((end, k) => (k === side ? middle : end));
    waiting.push({ box: { lower: box.lower, upper: cut(box.upper) }, narrowest });
    waiting.push({ box: { lower: cut(box.lower), upper: box.upper }, narrowest });
  }
  return { status: isOpen ? 'open' : 'none' };
}

/** The side that is longest beside the shortest it may be, and how much longer it is. */
function widestSide(box: Box, narrowest: readonly number[], moving: readonly boolean[]): [number, number] {
  let [side, share] = [-1, 0];
  for (let k = 0; k < moving.length; k++) {
    const here = moving[k] && narrowest[k] > 0 ? (box.upper[k] - box.lower[k]) / narrowest[k] : 0;
    if (here > share) [side, share] = [k, here];
  }
  return [side, share];
}
