/**
 * Values that replace those of a file before it is read: a parameter, else `gamma` of a deep-relaxation model or the
 * horizon (also `T`). A value is a number or a formula of the parameters above it.
 */
import { InputError } from '../../src/input/input-error.ts';
import { nearestName } from '../../src/input/nearest-name.ts';
import type { Problem } from '../../src/model/problem.ts';
import { folderName } from './folder-name.ts';
import type { Path } from './locate.ts';
import type { Reader } from './reader.ts';
import { ScenarioError } from './scenario-error.ts';
import type { ScenarioFile } from './schema.ts';

/** Texts by the names of what they replace. */
export type Values = Readonly<Record<string, string>>;

/** A value of the file and what replaces it. */
export interface Given {
  /** The name as it was written, and that of the file: T is the horizon. */
  readonly word: string;
  readonly name: string;
  readonly path: Path;
  readonly text: string;
}

/** The place of messages about a value that was set. */
export function placeOfSet(name: string, set: Values): string {
  return `--set ${name}=${set[name]}`;
}

/**
 * What the names stand for, in the order of the file. Throws ScenarioError for a name that is not there, that no
 * formula uses, or that stands for the same value as another one.
 */
export function givenValues(
  file: ScenarioFile,
  values: Values,
  { file: shown, placeOfName }: { readonly file: string; readonly placeOfName: (word: string) => string },
): readonly Given[] {
  const known = replaceable(file);
  const names = [...known.keys()];
  const used = usedNames(file);
  const given = Object.entries(values).map(([word, text]): Given => {
    const name = word === 'T' && !known.has('T') ? 'horizon' : word;
    const path = known.get(name);
    if (path === undefined) throw unknownName(word, { names, shown, place: placeOfName(word) });
    if (path[0] === 'parameters' && !used.has(name)) throw unusedName(name, placeOfName(word));
    return { word, name, path, text };
  });
  const twice = given.find(({ name }, k) => given.findIndex((each) => each.name === name) < k);
  if (twice !== undefined) {
    const fact = `${twice.name} is given twice`;
    throw new ScenarioError(placeOfName(twice.word), fact, 'T and horizon are the same', 'keep one of them');
  }
  return given.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** The names that may be set, with the places of their values; of two with the same name the parameter is meant. */
function replaceable({ parameters, model }: ScenarioFile): ReadonlyMap<string, Path> {
  const places = new Map<string, Path>(Object.keys(parameters ?? {}).map((name) => [name, ['parameters', name]]));
  if (model.kind === 'deep-relaxation' && !places.has('gamma')) places.set('gamma', ['model', 'gamma']);
  if (!places.has('horizon')) places.set('horizon', ['horizon']);
  return places;
}

function unknownName(
  word: string,
  { names, shown, place }: { readonly names: readonly string[]; readonly shown: string; readonly place: string },
): ScenarioError {
  const near = nearestName(word, names);
  return new ScenarioError(
    place.startsWith('--set ') ? '--set' : place,
    `there is no parameter "${word}" in ${shown}`,
    `it has ${names.map((name) => (name === 'horizon' ? 'horizon (or T)' : name)).join(', ')}`,
    near === undefined ? 'give one of these names' : `did you mean ${near}?`,
  );
}

function unusedName(name: string, place: string): ScenarioError {
  return new ScenarioError(
    place,
    `no formula of the file uses the parameter ${name}`,
    'another value of it changes nothing',
    `use ${name} in a formula, or leave it out`,
  );
}

/** The names in formulas outside the parameters, and in parameters those depend on: each uses only ones above it. */
function usedNames(file: ScenarioFile): ReadonlySet<string> {
  const { title: _title, parameters, sweep: _sweep, ...formulas } = file;
  const used = new Set(namesInside(formulas));
  for (const [name, value] of Object.entries(parameters ?? {}).reverse()) {
    if (used.has(name)) for (const other of namesInside(value)) used.add(other);
  }
  return used;
}

/** The words in all texts of some data, keys aside. */
function namesInside(data: unknown): readonly string[] {
  if (typeof data === 'string') return data.match(/[A-Za-z]\w*/g) ?? [];
  return typeof data !== 'object' || data === null ? [] : Object.values(data).flatMap(namesInside);
}

/** The file with the values in place. */
export function replaced(file: ScenarioFile, given: readonly Given[]): ScenarioFile {
  const textOf = (key: PropertyKey) => given.find(({ path }) => path[0] === key)?.text;
  const own = given.filter(({ path }) => path[0] === 'parameters').map(({ name, text }) => [name, text] as const);
  const [gamma, horizon] = [textOf('model'), textOf('horizon') ?? file.horizon];
  const model = gamma === undefined ? file.model : ({ ...file.model, gamma } as ScenarioFile['model']);
  return { ...file, model, horizon, parameters: { ...file.parameters, ...Object.fromEntries(own) } };
}

/** What `read` makes; an InputError it throws says which values stand in the file. */
export function withNames<Value>(given: readonly Given[], read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InputError) || given.length === 0) throw error;
    const fact = `${error.fact} (${given.map(({ name, text }) => `${name} = ${text}`).join(', ')})`;
    const { cause, remedy, subject } = error;
    if (!(error instanceof ScenarioError)) throw new InputError(fact, cause, remedy, subject);
    throw error.place.startsWith('--set') ? error : new ScenarioError(error.place, fact, cause, remedy, subject);
  }
}

/** Name, title and `set` of a scenario whose values were replaced. */
export function named(
  { name, problem }: { readonly name: string; readonly problem: Problem },
  reader: Reader,
  given: readonly Given[],
): { readonly name: string; readonly problem: Problem; readonly set: Values } {
  if (given.length === 0) return { name, problem, set: {} };
  const values = given.map(({ name: of, path, text }) => [of, reader.number(path, text)] as const);
  const title = `${problem.title} (${values.map(([of, value]) => `${of} = ${value}`).join(', ')})`;
  return {
    name: folderName([name, ...values.map(([of, value]) => `${of}=${value}`)]),
    problem: { ...problem, title },
    set: Object.fromEntries(given.map(({ name: of, text }) => [of, text])),
  };
}
