/**
 * Linear-quadratic control without bounds on u, any n, m and ε:
 *
 *   dz = (F z + B u) dt + noise with covariance Σ dt,
 *   minimise E[∫ e^{−λt}(½ zᵀQz + zᵀNu + ½ uᵀRu) dt + e^{−λT} ½ z_TᵀG z_T],
 *   V(τ,z) = ½ zᵀP(τ)z + r(τ),   P′ = Q̃ + F̃ᵀP + P F̃ − P S P,  P(0) = G,   r′ = ½ tr(Σ P) − λr,  r(0) = 0,
 *   F̃ = F − λ/2 − B R⁻¹Nᵀ,   Q̃ = Q − N R⁻¹Nᵀ,   S = B R⁻¹Bᵀ,   u* = −R⁻¹(Nᵀ + BᵀP) z      (Wonham 1968).
 *
 * The flow over a time h is the map P ↦ γ + αᵀP(I + βP)⁻¹α; two flows compose to one of the same form, so that
 * those over h, 2h, 4h, … come from a short one by doublings (Anderson 1978; Chu, Fan, Lin, Wang 2004). Doublings add
 * matrices of one sign, and α is kept as α − I, so that slow rows, 1/ε times smaller than the fast ones, lose nothing.
 */
import { gaussLegendre } from '../grid/quadrature.ts';
import {
  inverseOf,
  type Matrix,
  plusIdentity,
  product,
  scaled,
  sum,
  symmetricPart,
  transposed,
} from '../linalg/small-matrix.ts';

/** The data of a linear-quadratic problem; d states, c controls. */
export interface LinearQuadratic {
  /** F, d × d. */
  readonly drift: Matrix;
  /** B, d × c. */
  readonly input: Matrix;
  /** Σ, d × d symmetric. */
  readonly covariance: Matrix;
  /** Q, d × d symmetric. */
  readonly stateCost: Matrix;
  /** N, d × c. */
  readonly crossCost: Matrix;
  /** R, c × c symmetric and positive definite. */
  readonly controlCost: Matrix;
  /** G, d × d symmetric. */
  readonly terminalCost: Matrix;
  /** λ; absent means 0. */
  readonly discount?: number;
}

/** V(τ,z) = ½ zᵀ`quadratic` z + `constant`, attained by u* = `feedback` z. */
export interface QuadraticValue {
  readonly quadratic: Matrix;
  readonly constant: number;
  readonly feedback: Matrix;
}

/** Σ h‖M‖ at which the Taylor series of a first short flow starts; its rest is then below 1e-22. */
const SHORT = 0.25;
const TAYLOR_TERMS = 14;
/** Points per panel of the integral of tr(ΣP); panels double in length away from τ = 0. */
const POINTS = 10;

/** The value at τ ≥ 0; accurate to about 1e-12 of its size for ε from 1 to 1e-8. */
export function quadraticValue(problem: LinearQuadratic, tau: number): QuadraticValue {
  const { covariance, crossCost, input, controlCost, terminalCost, discount = 0 } = problem;
  const reduced = withoutCrossCost(problem);
  const panels = 1 + Math.max(0, Math.ceil(Math.log2((tau * size(reduced)) / SHORT)));
  const { nodes, weights } = gaussLegendre(POINTS);
  let length = tau / 2 ** (panels - 1);
  let whole = shortFlow(reduced, length);
  let parts = Array.from(nodes, (node) => shortFlow(reduced, node * length));
  let [quadratic, constant, start]: [Matrix, number, number] = [terminalCost, 0, 0];
  for (let panel = 0; panel < panels; panel++) {
    // From the panel [0, h] on, [h, 2h], [2h, 4h], … are as long as all before.
    if (panel > 1) [length, whole, parts] = [2 * length, doubled(whole), parts.map(doubled)];
    for (const [k, part] of parts.entries()) {
      const left = Math.exp(-discount * (tau - start - nodes[k] * length));
      constant += 0.5 * length * weights[k] * traceWith(covariance, image(part, quadratic)) * left;
    }
    quadratic = image(whole, quadratic);
    start += length;
  }
  const gain = sum(transposed(crossCost), product(transposed(input), quadratic));
  return { quadratic, constant, feedback: scaled(product(inverseOf(controlCost), gain), -1) };
}

/** P′ = Q + FᵀP + PF − PSP. */
interface Riccati {
  readonly Q: Matrix;
  readonly F: Matrix;
  readonly S: Matrix;
}

function withoutCrossCost(problem: LinearQuadratic): Riccati {
  const { drift, input, stateCost, crossCost, controlCost, discount = 0 } = problem;
  const inverse = inverseOf(controlCost);
  const along = product(inverse, transposed(crossCost));
  return {
    Q: sum(stateCost, scaled(product(crossCost, along), -1)),
    F: sum(drift, scaled(product(input, along), -1)).map((row, i) =>
      row.map((value, j) => (i === j ? value - discount / 2 : value)),
    ),
    S: product(product(input, inverse), transposed(input)),
  };
}

/** P ↦ γ + αᵀP(I + βP)⁻¹α with α = I + a. */
interface Flow {
  readonly a: Matrix;
  readonly beta: Matrix;
  readonly gamma: Matrix;
}

/** Largest row sum of the Hamiltonian matrix ((−F, S), (Q, Fᵀ)). */
function size({ Q, F, S }: Riccati): number {
  const rows = [...F.map((row, i) => [...row, ...S[i]]), ...Q.map((row, i) => [...row, ...F.map((each) => each[i])])];
  return Math.max(...rows.map((row) => row.reduce((total, value) => total + Math.abs(value), 0)));
}

/** By the exponential of h((−F, S), (Q, Fᵀ)), minus I, from its Taylor series. */
function shortFlow({ Q, F, S }: Riccati, h: number): Flow {
  const d = F.length;
  const Ft = transposed(F);
  const A = [...F.map((row, i) => [...row.map((v) => -v), ...S[i]]), ...Q.map((row, i) => [...row, ...Ft[i]])].map(
    (row) => row.map((value) => h * value),
  );
  let E: Matrix = A;
  for (let k = TAYLOR_TERMS; k >= 2; k--) E = sum(A, scaled(product(A, E), 1 / k));
  const block = (i: number, j: number) => E.slice(i * d, (i + 1) * d).map((row) => row.slice(j * d, (j + 1) * d));
  // (I + e)⁻¹ = I − (I + e)⁻¹e.
  const inverse = inverseOf(plusIdentity(block(0, 0)));
  return {
    a: scaled(product(inverse, block(0, 0)), -1),
    beta: symmetricPart(product(inverse, block(0, 1))),
    gamma: symmetricPart(product(block(1, 0), inverse)),
  };
}

/** The flow over twice the time. */
function doubled({ a, beta, gamma }: Flow): Flow {
  // W = (I + βγ)⁻¹ = I + w.
  const both = product(beta, gamma);
  const W = inverseOf(plusIdentity(both));
  const w = scaled(product(W, both), -1);
  const wa = product(w, a);
  const alpha = plusIdentity(a);
  const middle = sum(sum(a, w), wa);
  return {
    // (I + a)(I + w)(I + a) − I.
    a: sum(sum(a, middle), product(a, middle)),
    beta: symmetricPart(sum(beta, product(product(product(alpha, W), beta), transposed(alpha)))),
    gamma: symmetricPart(sum(gamma, product(product(transposed(alpha), product(gamma, W)), alpha))),
  };
}

function image({ a, beta, gamma }: Flow, P: Matrix): Matrix {
  const alpha = plusIdentity(a);
  const inner = product(P, inverseOf(plusIdentity(product(beta, P))));
  return symmetricPart(sum(gamma, product(product(transposed(alpha), inner), alpha)));
}

/** tr(ΣP). */
function traceWith(covariance: Matrix, P: Matrix): number {
  return covariance.reduce((total, row, i) => row.reduce((sum, value, j) => sum + value * P[i][j], total), 0);
}
