/** U of a scenario, control by control: intervals with finite or infinite ends, lists of values, or no control. */
import type { ControlBox, ControlSet, Interval } from '../../src/model/problem.ts';
import type { Path } from './locate.ts';
import { type Reader, refuseName } from './reader.ts';
import type { GivenControl, SlowFastModel } from './schema.ts';

/** More listed controls make every step slower than an interval would. */
const mostValues = 10_000;

/** A box where every control has an interval, values where every control lists some, else boxes for the values. */
export function readControls({ control }: SlowFastModel, reader: Reader): ControlSet {
  const given = control ?? {};
  const names = Object.keys(given);
  const path = ['model', 'control'];
  for (const name of names) refuseControlName(reader, [...path, name], name);
  const parts = names.map((name) => partsOf(given[name], reader, [...path, name]));
  const count = parts.reduce((product, list) => product * list.length, 1);
  if (count > mostValues) {
    reader.refuse(path, `U has ${count} values`, `at most ${mostValues} are read`, 'list fewer values');
  }
  const boxes = parts.reduce<ControlBox[]>(
    (all, list) =>
      all.flatMap(({ lower, upper }) =>
        list.map((part) => ({ lower: [...lower, part.lower], upper: [...upper, part.upper] })),
      ),
    [{ lower: [], upper: [] }],
  );
  const isList = (name: string) => typeof given[name] === 'object' && !Array.isArray(given[name]);
  if (!names.some(isList)) return { kind: 'box', names, ...boxes[0] };
  if (names.every(isList)) return { kind: 'values', names, values: boxes.map(({ lower }) => lower) };
  return { kind: 'boxes', names, boxes };
}

function partsOf(given: GivenControl, reader: Reader, path: Path): Interval[] {
  if (given === 'real') return [{ lower: -Infinity, upper: Infinity }];
  if (Array.isArray(given)) return [reader.endlessInterval(path, given)];
  return given.values.map((entry, k) => {
    const value = reader.number([...path, 'values', k], entry);
    return { lower: value, upper: value };
  });
}

function refuseControlName(reader: Reader, path: Path, name: string): void {
  refuseName(reader, path, name);
  if (!Object.hasOwn(reader.parameters, name)) return;
  reader.refuse(
    path,
    `the control ${name} has the name of a parameter`,
    'formulas could not tell them apart',
    'rename one',
  );
}

/** u ∈ [0, 1], w ∈ ℝ; listed values together. */
export function shownControls(controls: ControlSet): string {
  const { names } = controls;
  if (names.length === 0) return 'no control';
  if (controls.kind === 'values') return shownValues(controls.names, controls.values);
  const shownBox = ({ lower, upper }: ControlBox) =>
    names.map((name, k) => `${name} ∈ ${shownRange({ lower: lower[k], upper: upper[k] })}`).join(', ');
  return controls.kind === 'box' ? shownBox(controls) : shortened(controls.boxes.map(shownBox), ' or ', 'boxes');
}

function shownValues(names: readonly string[], values: readonly (readonly number[])[]): string {
  const shown = values.map((value) => (value.length === 1 ? String(value[0]) : `(${value.join(', ')})`));
  return `${names.length === 1 ? names[0] : `(${names.join(', ')})`} ∈ {${shortened(shown, ', ', 'values')}}`;
}

const mostShown = 8;

function shortened(shown: readonly string[], separator: string, what: string): string {
  const rest = shown.length > mostShown ? `, … ${shown.length} ${what}` : '';
  return shown.slice(0, mostShown).join(separator) + rest;
}

/** {0}, [0, 1], [0, ∞), ℝ. */
export function shownRange({ lower, upper }: Interval): string {
  if (lower === upper) return `{${lower}}`;
  if (lower === -Infinity && upper === Infinity) return 'ℝ';
  return `${lower === -Infinity ? '(−∞' : `[${lower}`}, ${upper === Infinity ? '∞)' : `${upper}]`}`;
}
