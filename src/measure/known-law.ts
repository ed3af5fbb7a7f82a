/**
 * Invariant measures known in closed form by (b, r), m = 1, read off the formulas at frozen x: with b = κ(θ − y), κ > 0
 * and α = r²/2 the density e^−Θ/α is (Pearson 1895; Wong 1964)
 *
 *   α = α₀           Gaussian    N(θ, α₀/κ);
 *   α = c(y − l)     Gamma       of y − l, shape κ(θ − l)/c, rate κ/c (for c < 0 of l − y);
 *   α = c(y − l)(u − y), c > 0   Beta of (y − l)/(u − l), shapes κ(θ − l)/c(u − l), κ(u − θ)/c(u − l).
 */
import { numberTree, one, quotient, squared } from '../formula/algebra.ts';
import { treeIn } from '../formula/formula.ts';
import { polynomialIn } from '../formula/polynomial.ts';
import { substituted, type Tree } from '../formula/tree.ts';
import { noiseOf } from '../model/fast-scale.ts';
import { type Coordinates, dimensionsOf, type Problem } from '../model/problem.ts';
import { namesOf } from '../model/trees.ts';

/** A law of y with its moments, exact up to rounding of its parameters. */
export interface KnownLaw {
  readonly name: 'Gaussian' | 'Gamma' | 'Beta';
  /** As mathematics: "Gamma(1.778, 44.44)", of the variable named. */
  readonly text: string;
  readonly mean: number;
  readonly variance: number;
}

/** The law of μ_x where formulas show one; null for others, for closures, and for several fast variables. */
export function knownLaw(problem: Problem, x: Coordinates): KnownLaw | null {
  if (dimensionsOf(problem).m !== 1) return null;
  const [ofX, ofY] = namesOf(problem);
  const [r] = noiseOf(problem.fast);
  const [b, noise] = [problem.fast.drift[0], r].map((field) => field && treeIn(field, ofX, ofY));
  if (b === undefined || (r !== undefined && noise === undefined)) return null;
  const numbers = (tree: Tree) => coefficients(tree, { names: ofX, x, variable: ofY[0] });
  const drift = numbers(b);
  const alpha = numbers(noise === undefined ? one : quotient(squared(noise), numberTree(2)));
  if (drift === null || alpha === null || drift[2] !== 0 || !(drift[1] < 0)) return null;
  const kappa = -drift[1];
  return lawOf({ kappa, theta: drift[0] / kappa }, alpha);
}

interface Reversion {
  readonly kappa: number;
  readonly theta: number;
}

function lawOf({ kappa, theta }: Reversion, [constant, slope, square]: readonly number[]): KnownLaw | null {
  if (slope === 0 && square === 0) {
    const variance = constant / kappa;
    return constant > 0 ? law('Gaussian', [theta, variance], 'y', { mean: theta, variance }) : null;
  }
  if (square === 0) {
    const zero = -constant / slope;
    const [shape, rate] = [(kappa * (theta - zero)) / slope, kappa / Math.abs(slope)];
    const of = slope > 0 ? shifted('y', zero) : `${shown(zero)} − y`;
    return shape > 0 ? law('Gamma', [shape, rate], of, { mean: theta, variance: shape / rate ** 2 }) : null;
  }
  const discriminant = slope * slope - 4 * square * constant;
  if (!(square < 0 && discriminant > 0)) return null;
  const width = Math.sqrt(discriminant) / -square;
  const lower = -slope / (2 * square) - width / 2;
  const [p, q] = [theta - lower, lower + width - theta].map((part) => (kappa * part) / (-square * width));
  if (!(p > 0 && q > 0)) return null;
  const variance = (width ** 2 * p * q) / ((p + q) ** 2 * (p + q + 1));
  const of = width === 1 ? shifted('y', lower) : `(${shifted('y', lower)})/${shown(width)}`;
  return law('Beta', [p, q], of, { mean: theta, variance });
}

function law(
  name: KnownLaw['name'],
  parameters: readonly number[],
  of: string,
  moments: Pick<KnownLaw, 'mean' | 'variance'>,
): KnownLaw {
  return { name, text: `${of} ~ ${name}(${parameters.map(shown).join(', ')})`, ...moments };
}

function shifted(name: string, by: number): string {
  return by === 0 ? name : by > 0 ? `${name} − ${shown(by)}` : `${name} + ${shown(-by)}`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The numbers of a polynomial of degree 2 at most in one variable, at frozen x. */
function coefficients(
  tree: Tree,
  { names, x, variable }: { readonly names: readonly string[]; readonly x: Coordinates; readonly variable: string },
): readonly number[] | null {
  const frozen = substituted(tree, Object.fromEntries(names.map((name, i) => [name, numberTree(x[i])])));
  const polynomial = polynomialIn(frozen, [variable], 2);
  if (polynomial === null) return null;
  const numbers = [0, 1, 2].map((degree) => {
    const found = polynomial.get(String(degree));
    return found === undefined ? 0 : found.kind === 'number' ? found.value : Number.NaN;
  });
  return numbers.every(Number.isFinite) ? numbers : null;
}
