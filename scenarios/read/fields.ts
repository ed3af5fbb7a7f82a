import { compileExpression, type Expression } from '../../src/problem/expression.ts';
import type { ControlledField, Coordinates, Field } from '../../src/problem/problem.ts';

/** A formula of one point's coordinates. */
export function fieldOf(expression: Expression, names: readonly string[]): Field {
  return compileExpression(expression, names);
}

/** A formula of x, y and u (each by its list of names); without u it is a FastField. Does not allocate when called. */
export function controlledFieldOf(
  expression: Expression,
  x: readonly string[],
  y: readonly string[],
  u: readonly string[],
): ControlledField {
  const value = compileExpression(expression, [...x, ...y, ...u]);
  const slots = new Float64Array(x.length + y.length + u.length);
  const fill = (offset: number, count: number, point: Coordinates): void => {
    for (let k = 0; k < count; k++) slots[offset + k] = point[k];
  };
  return (atX, atY, atU) => {
    fill(0, x.length, atX);
    fill(x.length, y.length, atY);
    fill(x.length + y.length, u.length, atU);
    return value(slots);
  };
}
