/**
 * Manufactured solutions of the general system (Roache 2002): slow noise with any a ≥ 0, fast noise r, a discount λ,
 * n, m ≤ 3. For any problem without running cost and any smooth w₀, w₁ and decay k,
 *
 *   V(τ,x,y) = e^{−kτ} w(x,y),   w = w₀ + ε w₁,
 *
 * solves ∂_τV + λV = min_u {tr(a D²V) + φ·DV} + (1/ε) LV + e^{−kτ} S,  V(0) = w, L = b·D_y + tr(α D²_y), with
 *
 *   S = (λ − k) w − min_u {tr(a D²_x w) + φ·D_x w} − (1/ε) L w,
 *
 * since the minimum is positively 1-homogeneous. With k = 0 a running cost is taken too, inside the minimum. Derivatives
 * are symbolic. Where w₀ is free of y, S is bounded as ε → 0, w₁ is the corrector, and v = e^{−kτ} w₀.
 */
import { minimumOver } from '../src/control/pointwise-minimum.ts';
import { difference, numberTree, product, quotient, sum, zero } from '../src/formula/algebra.ts';
import { derivative } from '../src/formula/derivative.ts';
import { formula } from '../src/formula/expression.ts';
import { type Formula, type PointNames, treeIn } from '../src/formula/formula.ts';
import { printed } from '../src/formula/print.ts';
import { compileTogether } from '../src/formula/program.ts';
import { dependsOn, type Tree } from '../src/formula/tree.ts';
import { InputError } from '../src/input/input-error.ts';
import { diffusionTrees } from '../src/model/diffusion.ts';
import type { ControlledField, Coordinates, FastField, Problem } from '../src/model/problem.ts';
import { namesOf, treesOf } from '../src/model/trees.ts';

/** The parts of V = e^{−decay·τ}(value + ε·corrector), formulas in the names of x and y. */
export interface ManufacturedSolution {
  /** w₀. */
  readonly value: string;
  /** w₁; absent means 0. */
  readonly corrector?: string;
  /** k. */
  readonly decay: number;
}

/**
 * The problem with the dynamics, noise, controls, discount and, for decay 0, running cost of `base` whose value is V at
 * this ε ≥ 0, by a source and the terminal cost w; ε = 0 gives the limit problem with exact v. Where there is no
 * corrector and w₀ is free of y, the same problem is exact at every ε and in the limit.
 * Throws InputError for closures, a source, a running cost with decay ≠ 0, a minimum over U that only samples find, and
 * at ε = 0 for a w₀ of y. The exact value throws RangeError at another ε.
 */
export function manufacturedGeneral(base: Problem, solution: ManufacturedSolution, epsilon: number): Problem {
  const [x, y] = namesOf(base);
  const { decay } = solution;
  const [first, second] = [solution.value, solution.corrector ?? '0'].map((text) => formula(text, x, y).tree);
  const isSlow = !y.some((name) => dependsOn(first, name));
  refuseUnsuitable(base, decay, isSlow || epsilon > 0);
  const w = sum(first, product(numberTree(epsilon), second));
  const value = compiled(w, x, y);
  const least = leastRate(base, w);
  // (1/ε) L w, in which only w₁ is left where w₀ is free of y.
  const ofSecond = generator(base, second);
  const mixing = isSlow ? ofSecond : sum(ofSecond, quotient(generator(base, first), numberTree(epsilon)));
  const steady = difference(product(numberTree((base.discount ?? 0) - decay), w), mixing);
  const rest = compiled(steady, x, y);
  const origin = y.map(() => 0);
  const isFree = isSlow && solution.corrector === undefined;
  return {
    ...base,
    name: `manufactured-${base.name}`,
    title: `${base.title}, with a source that makes the value known`,
    terminalCost: y.some((name) => dependsOn(w, name)) ? value : compiled(w, x),
    source: { decay, value: (atX, atY) => rest(atX, atY) - least(atX, atY) },
    exact: {
      ...((epsilon > 0 || isFree) && {
        value: ({ tau, epsilon: asked, x: atX, y: atY }) => {
          if (asked !== epsilon && !isFree)
            throw new RangeError(`the manufactured value is exact at ε = ${epsilon}, not ${asked}`);
          return Math.exp(-decay * tau) * value(atX, atY);
        },
      }),
      ...((epsilon === 0 || isFree) && {
        limit: (tau, at) => Math.exp(-decay * tau) * value(at, origin),
      }),
      source: 'manufactured: V = e^{−kτ}(w₀ + εw₁)',
    },
    formulas: [],
  };
}

function compiled(tree: Tree, ...names: PointNames): Formula<FastField> {
  return Object.assign(compileTogether([tree], ...names)[0] as FastField, { tree, names, text: printed(tree) });
}

/** min_u {tr(a D²w) + φ·Dw + ℓ}. */
function leastRate(base: Problem, w: Tree): (x: Coordinates, y: Coordinates) => number {
  const trees = treesOf(base);
  const slow = diffusionTrees(base)?.slow;
  if (trees === null || slow === undefined) throw unsuitable(base, 'it has coefficients without a formula');
  const [x, y, u] = trees.names;
  const slopes = x.map((name) => derivative(w, name));
  let rate = trees.runningCost ?? zero;
  slopes.forEach((slope, i) => {
    rate = sum(rate, product(trees.slowDrift[i], slope));
    for (const [k, name] of x.entries()) rate = sum(rate, product(slow[i][k], derivative(slope, name)));
  });
  const { name, title, horizon, controls, fast, terminalCost } = base;
  const runningCost: Formula<ControlledField> = compiled(rate, x, y, u);
  const slowDrift = x.map(() => compiled(zero, x, y, u));
  const minimum = minimumOver({
    ...{ name, title, horizon, controls, fast, terminalCost, slowDrift, runningCost },
    formulas: [],
  });
  if (minimum.kind === 'sampled') throw unsuitable(base, 'its minimum over U would be one over samples');
  const none = x.map(() => 0);
  return (atX, atY) => minimum.leastAt(atX, atY, none).value;
}

/** L w = b·D_y w + Σ α_k ∂²w/∂y_k². */
function generator(base: Problem, w: Tree): Tree {
  const [x, y] = namesOf(base);
  const fast = diffusionTrees(base)?.fast ?? [];
  return y.reduce<Tree>((total, name, k) => {
    const slope = derivative(w, name);
    const drift = treeIn(base.fast.drift[k], x, y) ?? zero;
    return sum(sum(total, product(drift, slope)), product(fast[k], derivative(slope, name)));
  }, zero);
}

function refuseUnsuitable(base: Problem, decay: number, hasLimit: boolean): void {
  if (base.source !== undefined) throw unsuitable(base, 'it has a source');
  if (base.runningCost !== undefined && decay !== 0) throw unsuitable(base, 'it has a running cost, and V decays');
  if (!hasLimit) throw unsuitable(base, 'at ε = 0 the value must be free of y');
}

function unsuitable({ name }: Problem, cause: string): InputError {
  return new InputError(`${name} is no base for a manufactured value`, cause, 'choose another base or another value');
}
