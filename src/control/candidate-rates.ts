/**
 * The candidate controls of a problem evaluated once on slow × fast nodes: signed rates φ_i/dx_i and running costs, all
 * slow nodes at a fast one at once. At the ends of an axis they meet box-ends.ts. In a moving frame z = y − m(x) the
 * controls move z at −Mφ, with rates −(Mφ)_a/dz_a; what points over an end in z is dropped, as the ends reflect.
 */
import { type Allocate, onHeap } from '../grid/allocate.ts';
import { forEachNode, type Grid } from '../grid/grid.ts';
import type { Matrix } from '../linalg/small-matrix.ts';
import type { Problem } from '../model/problem.ts';
import { dropOutwardParts, endsOf, reflectParts } from './box-ends.ts';
import { type CandidateControls, candidateControls, type Edge } from './candidate-controls.ts';
import {
  type ControlRow,
  controlRow,
  movedAxesOf,
  type Nodes,
  notFinite,
  requireFiniteRows,
  rowEvaluator,
} from './control-rows.ts';
import { crossingRow, writeSigns } from './crossing-rows.ts';
import { evaluateFamily } from './family-rates.ts';
import { type FormulaFamily, formulasOn, pointAt } from './formula-families.ts';
import { type LazyField, lazyField } from './lazy-field.ts';
import type { Family } from './quadratic-families.ts';

/** One candidate control at every node: signed rates φ_i/dx_i per slow axis and the running cost. */
export interface Candidate {
  /** rates[i][node] = φ_i/dx_i, in a moving frame then −(Mφ)_a/dz_a; node = j·slowSize + s. */
  readonly rates: readonly Float64Array[];
  /** ℓ at every node; null when the problem has none. */
  readonly cost: Float64Array | null;
}

/** The candidates of a problem on its nodes. */
export interface CandidateRates {
  readonly candidates: readonly Candidate[];
  readonly canRest: boolean;
  /** Pairs of candidates between which all controls are admissible; −1 is rest. */
  readonly edges: readonly Edge[];
  readonly families: readonly Family[];
  readonly formulas: readonly FormulaFamily[];
  readonly isSampled: boolean;
}

/** Where fields of coefficients come from, and M of a moving frame. */
export interface CandidateOptions {
  readonly allocate?: Allocate;
  readonly slope?: Matrix;
}

/** Evaluates φ and ℓ once on slow × fast nodes. Throws InputError where one of them is not finite. */
export function evaluateCandidates(
  problem: Problem,
  slow: Grid,
  fast: Grid,
  { allocate = onHeap, slope = [] }: CandidateOptions,
): CandidateRates {
  const nodes = { slow, fast, slope };
  const axes = movedAxesOf(nodes);
  const controls = candidateControls(problem, axes.length);
  const { edges, families, formulas, isSampled } = controls;
  const field = () => lazyField(() => allocate(slow.size * fast.size));
  const slots = [...controls.fixed, ...controls.crossings].map((): Slot => {
    return { rates: axes.map(field), cost: field(), isUsed: false };
  });
  if (slots.length > 0) {
    forEachRow(problem, nodes, controls, (j, rows) => {
      rows.forEach((row, c) => {
        if (row !== null && !slots[c].isUsed) startFrom(slots[c], slots[0]);
      });
      rows.forEach((row, c) => {
        if (row === null) return;
        row.drift.forEach((values, i) => {
          slots[c].rates[i].setRow(j * slow.size, values, axes[i].spacing);
        });
        if (row.cost !== null) slots[c].cost.setRow(j * slow.size, row.cost, 1);
      });
    });
  }
  const present = slots.filter(({ isUsed }) => isUsed);
  const moving = present.filter(({ rates, cost }) => [...rates, cost].some((f) => f.array() !== null));
  const placeOf = (c: number) => moving.indexOf(slots[c]);
  return {
    candidates: moving.map(({ rates, cost }) => ({ rates: rates.map((f) => f.filled()), cost: cost.array() })),
    canRest: moving.length < present.length,
    edges: edges.map(({ from, to }) => ({ from: placeOf(from), to: placeOf(to) })),
    families: families.map((family) => evaluateFamily(problem, family, nodes, allocate)),
    formulas: formulas.map((written) => finite(formulasOn(written, slow, fast))),
    isSampled,
  };
}

/** The family, whose φ and ℓ have values at the ends of U and between. */
function finite(family: FormulaFamily): FormulaFamily {
  const { lower, upper, control, isAffine, names } = family.written;
  const n = isAffine.length;
  for (let j = 0; j < family.fastBlock.length; j++) {
    for (let s = 0; s < family.slowBlock.length; s++) {
      const point = pointAt(family, s, j);
      for (const u of [lower, lower / 2 + upper / 2, upper]) {
        point[control] = u;
        for (let q = 0; q <= n; q++) {
          const value = family.values[q](point);
          if (Number.isFinite(value)) continue;
          const at = Object.fromEntries(names.map((name, k) => [name, [point[k]]]));
          throw notFinite(value, q < n ? 'slowDrift' : 'runningCost', at);
        }
      }
    }
  }
  return family;
}

/** The fields of a candidate. */
interface Slot {
  readonly rates: readonly LazyField[];
  readonly cost: LazyField;
  isUsed: boolean;
}

/** A crossing that appears first in this row has repeated the first candidate so far. */
function startFrom(slot: Slot, first: Slot): void {
  slot.isUsed = true;
  if (slot === first) return;
  slot.rates.forEach((to, i) => {
    to.copy(first.rates[i]);
  });
  slot.cost.copy(first.cost);
}

/**
 * Visits the rows of the fixed candidates and of the crossings at every fast node, null for crossings that had no
 * solution yet. Where a crossing has none the row repeats the first candidate, which changes no minimum.
 */
function forEachRow(
  problem: Problem,
  nodes: Nodes,
  { fixed, crossings }: CandidateControls,
  visit: (j: number, rows: readonly (ControlRow | null)[]) => void,
): void {
  const { slow, fast, slope } = nodes;
  const evaluate = rowEvaluator(problem, nodes);
  const ends = endsOf(slow);
  const fixedRows = fixed.map((control) => controlRow(control, problem, nodes));
  const crossed = crossings.map((crossing) => {
    const solver = crossingRow(crossing, fixed, slow.size);
    return { solver, row: controlRow(solver.control, problem, nodes), isUsed: false };
  });
  const signs = crossings.length === 0 ? [] : fixedRows[0].drift.map(() => new Uint8Array(slow.size));
  forEachNode(fast, (j, y) => {
    for (const row of fixedRows) evaluate(row, y);
    writeSigns(signs, fixedRows);
    for (const each of crossed) {
      if (each.solver.solve(fixedRows, signs)) {
        evaluate(each.row, y);
        each.isUsed = true;
      } else copyRow(each.row, fixedRows[0]);
    }
    const rows = [...fixedRows, ...crossed.map(({ row, isUsed }) => (isUsed ? row : null))];
    const used = rows.filter((row) => row !== null);
    requireFiniteRows(used, nodes, y);
    for (const { solver, row } of crossed) solver.vanish(row.drift);
    dropOutwardParts(used, fixedRows, ends, slope);
    if (slope.length > 0) reflectParts(used, fast, y, slow.axes.length);
    visit(j, rows);
  });
}

function copyRow(to: ControlRow, from: ControlRow): void {
  for (let i = 0; i < to.drift.length; i++) to.drift[i].set(from.drift[i]);
  if (from.cost !== null) to.cost?.set(from.cost);
}
