import { type Expression, parseExpression } from '../../src/formula/expression.ts';
import { parseFormula } from '../../src/formula/parser.ts';
import { reasonAgainstName, type Tree } from '../../src/formula/tree.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { Interval } from '../../src/model/problem.ts';
import type { LocatedText, Path } from './locate.ts';
import { ScenarioError } from './scenario-error.ts';
import { dotted, type Quantity } from './schema.ts';

/** Reads numbers, intervals and formulas of one file; whatever is wrong is thrown as ScenarioError with its line. */
export interface Reader {
  readonly parameters: Readonly<Record<string, number>>;
  readonly refuse: (path: Path, fact: string, cause: string, remedy: string) => never;
  /** A finite number, or the value of a formula of parameters. */
  readonly number: (path: Path, value: Quantity) => number;
  /** [lower, upper] with lower < upper. */
  readonly interval: (path: Path, ends: readonly [Quantity, Quantity]) => Interval;
  /** [lower, upper] with lower ≤ upper: equal ends fix a control. */
  readonly closedInterval: (path: Path, ends: readonly [Quantity, Quantity]) => Interval;
  /** The same; ends may be −∞ and ∞, written -inf, inf or as in YAML. */
  readonly endlessInterval: (path: Path, ends: readonly [Quantity, Quantity]) => Interval;
  readonly expression: (path: Path, text: Quantity, names: readonly string[]) => Expression;
  /** What `build` makes; an InputError it throws gets the line of the path. */
  readonly at: <Value>(path: Path, build: () => Value) => Value;
}

/** Coordinates and variables of every model, which parameters and controls cannot be called. */
const coordinates = ['x', 'x1', 'x2', 'y', 'y1', 'y2', 'y3', 'tau', 'epsilon'];

/** A reader whose formulas know the parameters of the file; a parameter may use the ones above it. */
export function readerOf(text: LocatedText, parameters: Readonly<Record<string, Quantity>>): Reader {
  // The numbers found so far: a reader that was made anew for each would take quadratic time.
  const known: Record<string, number> = {};
  const reader = readerWith(text, known);
  for (const [name, value] of Object.entries(parameters)) {
    const path = ['parameters', name];
    refuseName(reader, path, name);
    known[name] = reader.number(path, value);
  }
  return reader;
}

/** Refuse a name that a formula would read as something else. */
export function refuseName(reader: Reader, path: Path, name: string): void {
  const reason =
    name === 't'
      ? 't is time in the formulas of --control'
      : coordinates.includes(name)
        ? `${name} is a variable of the model`
        : reasonAgainstName(name);
  if (reason === undefined) return;
  reader.refuse(
    path,
    `"${name}" cannot be the name of a ${path[0] === 'parameters' ? 'parameter' : 'control'}`,
    reason,
    'choose another name',
  );
}

function readerWith(text: LocatedText, parameters: Readonly<Record<string, number>>): Reader {
  const refuse = (path: Path, fact: string, cause: string, remedy: string): never => {
    throw new ScenarioError(text.placeOf(path), fact, cause, remedy);
  };
  const at = <Value>(path: Path, build: () => Value): Value => {
    try {
      return build();
    } catch (error) {
      if (!(error instanceof InputError) || error instanceof ScenarioError) throw error;
      throw new ScenarioError(
        text.placeOf(path),
        `${dotted(path)}: ${error.fact}`,
        error.cause,
        error.remedy,
        error.subject,
      );
    }
  };
  const expression = (path: Path, value: Quantity, names: readonly string[]) =>
    at(path, () => parseExpression(String(value), { names, parameters }));
  const number = (path: Path, value: Quantity): number => {
    const result =
      typeof value === 'number' ? value : constant(at(path, () => parseFormula(value, { names: [], parameters })));
    if (Number.isFinite(result)) return result;
    return refuse(path, `${dotted(path)} is ${result}`, 'every number must be finite', 'write a finite number');
  };
  const inOrder = (path: Path, lower: number, upper: number): Interval => {
    if (lower <= upper) return { lower, upper };
    return refuse(
      path,
      `the interval ${dotted(path)} = [${lower}, ${upper}] is reversed`,
      'its lower end exceeds its upper end',
      `write [${upper}, ${lower}]`,
    );
  };
  const closedInterval = (path: Path, ends: readonly [Quantity, Quantity]): Interval =>
    inOrder(path, number([...path, 0], ends[0]), number([...path, 1], ends[1]));
  const endlessInterval = (path: Path, ends: readonly [Quantity, Quantity]): Interval => {
    const [first, last] = ends.map(infiniteEnd);
    const [lower, upper] = [first ?? number([...path, 0], ends[0]), last ?? number([...path, 1], ends[1])];
    if (lower < upper || Number.isFinite(lower)) return inOrder(path, lower, upper);
    return refuse(
      path,
      `the interval ${dotted(path)} = [${lower}, ${upper}] holds no number`,
      'the lower end may be −∞ and the upper one ∞',
      'write real for the whole line',
    );
  };
  const interval = (path: Path, ends: readonly [Quantity, Quantity]): Interval => {
    const { lower, upper } = closedInterval(path, ends);
    if (lower < upper) return { lower, upper };
    return refuse(
      path,
      `the interval ${dotted(path)} = [${lower}, ${upper}] is empty`,
      'its ends are equal',
      'write a lower end below the upper end',
    );
  };
  return { parameters, refuse, number, interval, closedInterval, endlessInterval, expression, at };
}

/** ±∞ where an end says so. */
function infiniteEnd(end: Quantity): number | undefined {
  if (end === Infinity || end === -Infinity) return end;
  const sign = typeof end === 'string' ? end.trim().match(/^([+-]?)inf$/) : null;
  return sign === null ? undefined : sign[1] === '-' ? -Infinity : Infinity;
}

/** The value of an expression over no names: all its parts have been folded into one number. */
function constant(tree: Tree): number {
  return tree.kind === 'number' ? tree.value : Number.NaN;
}
