/** Formulas as functions of points; formulas given together are computed together, each shared part once. */
import { compileExpressions, type Expression } from '../../src/formula/expression.ts';
import type { ControlledField, Field } from '../../src/model/problem.ts';

/** A formula of one point's coordinates. */
export function fieldOf(expression: Expression, names: readonly string[]): Field {
  return fieldsOf([expression], names)[0];
}

/** Formulas of one point's coordinates: the components of a gradient. */
export function fieldsOf(expressions: readonly Expression[], names: readonly string[]): Field[] {
  return compileExpressions(expressions, names);
}

/** A formula of x, y and u (each by its list of names); without u it is a FastField. Does not allocate when called. */
export function controlledFieldOf(expression: Expression, ...names: PointNames): ControlledField {
  return controlledFieldsOf([expression], ...names)[0];
}

/** The names of the coordinates of x, y and u. */
type PointNames = readonly [x: readonly string[], y: readonly string[], u: readonly string[]];

/** Formulas of x, y and u: the components of a drift. */
export function controlledFieldsOf(expressions: readonly Expression[], ...names: PointNames): ControlledField[] {
  return compileExpressions(expressions, ...names);
}
