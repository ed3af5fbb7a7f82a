/**
 * Controls that fill a box (control/quadratic-families.ts, control/formula-families.ts) over an implicit step: the
 * minimum of the bracket at a node for given differences of V, as the cells it moves and its cost.
 */
import { type FormulaFamily, pointAt } from '../control/formula-families.ts';
import { leastFormula } from '../control/least-formula.ts';
import { leastOf } from '../control/least-quadratic.ts';
import { type NodeQuadratic, quadraticAt } from '../control/node-bracket.ts';
import { type Family, leastRate, type QuadraticField } from '../control/quadratic-families.ts';
import { allFormulasLeave } from '../differencing/formula-increment.ts';

/** A family over a step. A node takes no memory: its answers stand where the last ones did. */
export interface StepFamily {
  /** Per axis V_{i+1} − V_i, V_i − V_{i−1} and their difference, of the node looked at. */
  readonly seen: { readonly forward: Float64Array; readonly backward: Float64Array; readonly second: Float64Array };
  /**
   * The control with the least dt·(Σ_i φ_i D_iV + Σ_i ν_i D_i²V/2 + ℓ) at node q for what is seen, ν_i where controls
   * move the noise; of cost −∞ where there is none.
   */
  least(q: number): FamilyControl;
  /** Whether its controls move the noise of x. */
  readonly movesNoise: boolean;
  /** Whether every control moves towards this side of an axis at node q. */
  leaves(q: number, axis: number, side: number): boolean;
  /** Of its coefficients. */
  readonly bytes: number;
}

/** One control at one node: the cells it moves per axis, dt·ℓ, and dt·ν_i/2 per axis where it moves the noise. */
export interface FamilyControl {
  readonly moves: readonly Float64Array[];
  readonly cost: Float64Array;
  readonly spread: readonly Float64Array[];
}

function blank(axes: number, movesNoise: boolean): Pick<StepFamily, 'seen'> & { readonly found: FamilyControl } {
  const numbers = () => Array.from({ length: axes }, () => new Float64Array(1));
  return {
    seen: { forward: new Float64Array(axes), backward: new Float64Array(axes), second: new Float64Array(axes) },
    found: { moves: numbers(), cost: new Float64Array(1), spread: movesNoise ? numbers() : [] },
  };
}

interface SeenQuadratic extends NodeQuadratic {
  constant: number;
  readonly slope: Float64Array;
  readonly bend: Float64Array;
}

function blankQuadratic({ slope, bend }: QuadraticField): SeenQuadratic {
  return { constant: 0, slope: new Float64Array(slope.length), bend: new Float64Array(bend.length) };
}

/** A family of quadratics; `perStep` lays a field by lines and takes it times dt. */
export function quadraticStep(
  { box, rates, cost, noise = [] }: Family,
  perStep: (field: Float64Array) => Float64Array,
): StepFamily {
  const { seen, found } = blank(rates.length, noise.length > 0);
  const of = (field: Float64Array | null) => (field === null ? null : perStep(field));
  const laidBy = (quadratics: readonly QuadraticField[]) =>
    quadratics.map(({ constant, slope, bend }) => {
      return { constant: of(constant), slope: slope.map(of), bend: bend.map(of) };
    });
  const [laid, [laidCost], laidNoise] = [laidBy(rates), laidBy([cost]), laidBy(noise)];
  const [moves, [price, bracketCost], jumps] = [rates, [cost, cost], noise].map((each) => each.map(blankQuadratic));
  const bracket = { rates: moves, cost: bracketCost, ...seen };
  const fields = [...laid, laidCost, ...laidNoise].flatMap(({ constant, slope, bend }) => [
    constant,
    ...slope,
    ...bend,
  ]);
  return {
    seen,
    least(q) {
      for (let i = 0; i < moves.length; i++) look(moves[i], laid[i], q);
      look(price, laidCost, q);
      look(bracketCost, laidCost, q);
      for (let i = 0; i < jumps.length; i++) {
        look(jumps[i], laidNoise[i], q);
        addTo(bracketCost, jumps[i], seen.second[i] / 2);
      }
      const { value, control } = leastOf(bracket, box);
      for (let i = 0; i < moves.length; i++) found.moves[i][0] = quadraticAt(moves[i], control);
      for (let i = 0; i < jumps.length; i++) found.spread[i][0] = quadraticAt(jumps[i], control) / 2;
      found.cost[0] = value === -Infinity ? value : quadraticAt(price, control);
      return found;
    },
    movesNoise: noise.length > 0,
    leaves(q, axis, side) {
      look(moves[axis], laid[axis], q);
      return leastRate(moves[axis], side, box) > 0;
    },
    bytes: fields.reduce((sum, field) => sum + (field?.byteLength ?? 0), 0),
  };
}

function look(into: SeenQuadratic, { constant, slope, bend }: QuadraticField, q: number): void {
  into.constant = constant === null ? 0 : constant[q];
  for (let c = 0; c < slope.length; c++) into.slope[c] = slope[c]?.[q] ?? 0;
  for (let c = 0; c < bend.length; c++) into.bend[c] = bend[c]?.[q] ?? 0;
}

function addTo(sum: SeenQuadratic, { constant, slope, bend }: SeenQuadratic, factor: number): void {
  sum.constant += factor * constant;
  for (let c = 0; c < slope.length; c++) sum.slope[c] += factor * slope[c];
  for (let c = 0; c < bend.length; c++) sum.bend[c] += factor * bend[c];
}

/** A family of formulas over a step dt, whose node q is slow node s and fast node j. */
export function formulaStep(
  family: FormulaFamily,
  dt: number,
  placeOf: (q: number) => { readonly s: number; readonly j: number },
): StepFamily {
  const { written, spacing, values, pieces, starts } = family;
  const axes = spacing.length;
  const { seen, found } = blank(axes, false);
  const slopes = { forward: new Array<number>(axes), backward: new Array<number>(axes), weight: 1 };
  return {
    seen,
    least(q) {
      const { s, j } = placeOf(q);
      for (let i = 0; i < axes; i++) {
        slopes.forward[i] = seen.forward[i] / spacing[i];
        slopes.backward[i] = seen.backward[i] / spacing[i];
      }
      const { control } = leastFormula(family, { s, j }, slopes);
      const point = pointAt(family, s, j);
      point[written.control] = control;
      for (let i = 0; i < axes; i++) found.moves[i][0] = (dt * values[i](point)) / spacing[i];
      found.cost[0] = dt * values[axes](point);
      return found;
    },
    movesNoise: false,
    leaves: (q, axis, side) => allFormulasLeave(family, { ...placeOf(q), axis, side }),
    bytes: pieces.byteLength + starts.byteLength,
  };
}
