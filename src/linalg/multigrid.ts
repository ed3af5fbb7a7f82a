/**
 * Multigrid for A w = r, A = killing − L an M-matrix given by rates on a lattice: V-cycles with one forward and one
 * backward Gauss–Seidel sweep, Galerkin coarse processes (coarsening.ts) and subtraction-free elimination of the
 * coarsest one (band-elimination.ts). Memory and work per cycle are proportional to the number of states.
 *
 * Small killing is no difficulty: row sums are exact on every level and the coarsest process is eliminated exactly,
 * and with it the slow, nearly constant components.
 */
import { bandWidth, eliminateBand } from './band-elimination.ts';
import { coarsen, type Lattice, type Transfer } from './coarsening.ts';
import { reverseEntries, type SparseRates, totalRates } from './sparse-rates.ts';

/** One V-cycle from zero, as a linear map. */
export interface Multigrid {
  readonly size: number;
  /** States per level, finest first. */
  readonly levels: readonly number[];
  /** out ≈ A⁻¹ right. */
  cycle(out: Float64Array, right: Float64Array): void;
  /** out ≈ A⁻ᵀ right. */
  cycleTransposed(out: Float64Array, right: Float64Array): void;
  /** The same with A⁻¹ in place of a cycle, for where cycles do not converge; null where it costs too much. */
  exactly(): Multigrid | null;
}

/** size·band² up to which a process is eliminated: a tenth of a second, at most 130 MB. */
const CHEAP_ELIMINATION = 1e8;
/** size·band² up to which it is where all else fails: 251² nodes in the plane, five seconds and 250 MB. */
const AFFORDABLE_ELIMINATION = 4e9;

/** The hierarchy of A. Some killing must be positive. */
export function multigrid(jumps: SparseRates, lattice: Lattice): Multigrid {
  const levels: Level[] = [];
  const sizes = [jumps.size];
  let [current, nodes] = [jumps, lattice];
  while (current.size * bandWidth(current) ** 2 > CHEAP_ELIMINATION) {
    const next = coarsen(current, nodes);
    levels.push(levelOf(current, next.transfer, next.jumps.size));
    [current, nodes] = [next.jumps, next.lattice];
    sizes.push(current.size);
  }
  const coarsest = eliminateBand(current);
  const run = (out: Float64Array, right: Float64Array, side: Side, solve: Solve) =>
    cycle(levels, 0, { out, right, side, solve });
  return {
    size: jumps.size,
    levels: sizes,
    cycle: (out, right) => run(out, right, 'rows', coarsest.solve),
    cycleTransposed: (out, right) => run(out, right, 'columns', coarsest.solveTransposed),
    exactly: () => (levels.length === 0 ? null : eliminated(jumps)),
  };
}

function eliminated(jumps: SparseRates): Multigrid | null {
  const { size } = jumps;
  if (size * bandWidth(jumps) ** 2 > AFFORDABLE_ELIMINATION) return null;
  const { solve, solveTransposed } = eliminateBand(jumps);
  return { size, levels: [size], cycle: solve, cycleTransposed: solveTransposed, exactly: () => null };
}

type Side = 'rows' | 'columns';
type Solve = (out: Float64Array, right: Float64Array) => void;

interface Level {
  readonly size: number;
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  /** Jump rates out of a state, the rows of A, and into it, the columns; these only once they are asked for. */
  readonly rates: (side: Side) => Float64Array;
  readonly total: Float64Array;
  readonly transfer: Transfer;
  readonly residual: Float64Array;
  readonly coarseRight: Float64Array;
  readonly coarse: Float64Array;
}

function levelOf(jumps: SparseRates, transfer: Transfer, coarseSize: number): Level {
  const { size, starts, targets, rates } = jumps;
  let columns: Float64Array | null = null;
  const inward = () => {
    columns ??= Float64Array.from(reverseEntries(jumps), (entry) => rates[entry]);
    return columns;
  };
  return {
    size,
    starts,
    targets,
    rates: (side) => (side === 'rows' ? rates : inward()),
    total: totalRates(jumps),
    transfer,
    residual: new Float64Array(size),
    coarseRight: new Float64Array(coarseSize),
    coarse: new Float64Array(coarseSize),
  };
}

interface Cycling {
  readonly out: Float64Array;
  readonly right: Float64Array;
  readonly side: Side;
  readonly solve: Solve;
}

function cycle(levels: readonly Level[], depth: number, { out, right, side, solve }: Cycling): void {
  if (depth === levels.length) {
    solve(out, right);
    return;
  }
  const level = levels[depth];
  const { transfer, residual, coarseRight, coarse } = level;
  const { restriction, prolongation } = transfer;
  const [down, up] = side === 'rows' ? [restriction, prolongation] : [prolongation, restriction];
  const rates = level.rates(side);
  sweepFromZero(out, level, rates, right);
  remainderOfSweep(residual, level, rates, out);
  restrict(coarseRight, transfer, down, residual);
  cycle(levels, depth + 1, { out: coarse, right: coarseRight, side, solve });
  prolong(out, transfer, up, coarse);
  sweepBack(out, level, rates, right);
}

/** Gauss–Seidel from w = 0, w_i = (r_i + Σ_{j<i} rate w_j)/total_i: what is 0 yet is left out. */
function sweepFromZero(w: Float64Array, level: Level, rates: Float64Array, right: Float64Array): void {
  const { size, starts, targets, total } = level;
  for (let i = 0; i < size; i++) {
    let sum = right[i];
    for (let e = starts[i]; e < starts[i + 1]; e++) if (targets[e] < i) sum += rates[e] * w[targets[e]];
    w[i] = sum / total[i];
  }
}

/** r − A w after that sweep, Σ_{j>i} rate w_j: the rest of the row has been solved. */
function remainderOfSweep(out: Float64Array, level: Level, rates: Float64Array, w: Float64Array): void {
  const { size, starts, targets } = level;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let e = starts[i]; e < starts[i + 1]; e++) if (targets[e] > i) sum += rates[e] * w[targets[e]];
    out[i] = sum;
  }
}

/** Gauss–Seidel against the order of the numbers, w_i = (r_i + Σ_j rate w_j)/total_i. */
function sweepBack(w: Float64Array, level: Level, rates: Float64Array, right: Float64Array): void {
  const { size, starts, targets, total } = level;
  for (let i = size - 1; i >= 0; i--) {
    let sum = right[i];
    for (let e = starts[i]; e < starts[i + 1]; e++) sum += rates[e] * w[targets[e]];
    w[i] = sum / total[i];
  }
}

function restrict(out: Float64Array, transfer: Transfer, weights: Float64Array, fine: Float64Array): void {
  const { width, counts, columns } = transfer;
  out.fill(0);
  for (let i = 0; i < fine.length; i++) {
    for (let s = i * width; s < i * width + counts[i]; s++) out[columns[s]] += weights[s] * fine[i];
  }
}

function prolong(out: Float64Array, transfer: Transfer, weights: Float64Array, coarse: Float64Array): void {
  const { width, counts, columns } = transfer;
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let s = i * width; s < i * width + counts[i]; s++) sum += weights[s] * coarse[columns[s]];
    out[i] += sum;
  }
}
