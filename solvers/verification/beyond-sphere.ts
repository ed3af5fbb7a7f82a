/**
 * What a ball |y| < n leaves out of an invariant measure μ, estimated from the mass inside near the sphere.
 *
 * Per sector (the axis and the sign of the largest coordinate) M_0, M_1, M_2 are the masses of three shells of equal
 * thickness, outermost first, and G ≥ 1 the growth of max|h| from shell 1 to shell 0. If mass goes on to fall at least
 * as steeply as it does, which the tails of log-concave measures do, then, r = M_0/M_1,
 *
 *   μ(outside) ≤ Σ_sectors M_0 r/(1 − r),   ∫_outside |h| dμ ≤ max_{|y|<n}|h| · Σ_sectors M_0 rG/(1 − rG).
 *
 * That it does is an assumption, of which the ball shows M_0/M_1 ≤ M_1/M_2: where this fails nothing is concluded.
 */

interface Beyond {
  /** Bound of μ(outside), relative to the mass inside. */
  readonly mass: number;
  /** Bound of ∫_outside |h| dμ, likewise. */
  readonly moment: number;
}

/** Nodes of a uniform lattice in the ball, with weights of sum 1 and the values of h. */
export interface WeighedBall {
  readonly dimension: 1 | 2 | 3;
  readonly radius: number;
  readonly spacing: number;
  /** `dimension` per node. */
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly h: Float64Array;
}

/** Shells to the radius, and their least thickness in spacings: thin ones tell more, thick ones are less noisy. */
const SHELLS = { 1: 32, 2: 12, 3: 8 } as const;
const THINNEST = 2;
/** By how much M_0/M_1 may exceed M_1/M_2: rounding on a line, and few nodes per shell in space. */
const NOISE = { 1: 1e-9, 2: 0.02, 3: 0.05 } as const;
/** Mass of a shell that is round-off, and mass outside beyond which the ball tells too little of μ. */
const NEGLIGIBLE = 1e-14;
const MOST_OUTSIDE = 0.1;

/** The bounds, or why there are none, as the end of a sentence. */
export function beyondSphere(ball: WeighedBall): Beyond | string {
  const { masses, largest, growth } = shellsOf(ball);
  let [mass, moment] = [0, 0];
  for (const [outer, middle, inner] of masses) {
    const ratio = outer / middle;
    if (outer <= NEGLIGIBLE) {
      mass += NEGLIGIBLE;
      moment += NEGLIGIBLE * largest;
    } else if (!(ratio * growth < 1)) return 'h times the mass does not decay towards the sphere';
    else if (ratio > (middle / inner) * (1 + NOISE[ball.dimension])) return 'the mass decays ever more slowly';
    else {
      mass += (outer * ratio) / (1 - ratio);
      moment += (largest * outer * ratio * growth) / (1 - ratio * growth);
    }
  }
  return mass <= MOST_OUTSIDE ? { mass, moment } : `about ${mass.toPrecision(1)} of the mass lies outside the ball`;
}

function shellsOf({ dimension, radius, spacing, points, weights, h }: WeighedBall) {
  const thickness = spacing * Math.max(THINNEST, Math.round(radius / SHELLS[dimension] / spacing));
  const sectors = 2 * dimension;
  const sums = Array.from({ length: sectors }, () => [0, 0, 0]);
  const counts = Array.from({ length: sectors }, () => [0, 0, 0]);
  const most = [0, 0, 0];
  let largest = 0;
  for (let i = 0; i < weights.length; i++) {
    const y = points.subarray(i * dimension, (i + 1) * dimension);
    const depth = (radius - Math.hypot(...y)) / thickness;
    largest = Math.max(largest, Math.abs(h[i]));
    // Nodes on the sphere between two shells belong to the outer one, up to rounding.
    const shell = Math.max(0, Math.ceil(depth - 1e-9) - 1);
    if (shell > 2) continue;
    const sector = sectorOf(y);
    sums[sector][shell] += weights[i];
    counts[sector][shell]++;
    most[shell] = Math.max(most[shell], Math.abs(h[i]));
  }
  const volume = (shell: number) =>
    (radius - shell * thickness) ** dimension - (radius - (shell + 1) * thickness) ** dimension;
  // Mean weights times volumes, in units of the outermost shell: counts of nodes fluctuate.
  const reference = counts.map(([outer]) => outer / volume(0));
  const masses = sums.map((sum, s) => sum.map((m, k) => (m / counts[s][k]) * volume(k) * reference[s]));
  return { masses, largest, growth: most[0] > most[1] ? most[0] / most[1] : 1 };
}

function sectorOf(y: Float64Array): number {
  let axis = 0;
  for (let a = 1; a < y.length; a++) if (Math.abs(y[a]) > Math.abs(y[axis])) axis = a;
  return 2 * axis + (y[axis] < 0 ? 0 : 1);
}
