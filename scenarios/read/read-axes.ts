import { axisNames } from '../../src/model/trees.ts';
import type { Path } from './locate.ts';
import type { Reader } from './reader.ts';
import { dotted } from './schema.ts';

const most = { x: 2, y: 3 };

/** Refuse keys that are not exactly x, or x1 and x2 (y; y1, y2; y1, y2, y3). */
export function refuseAxisSet(reader: Reader, path: Path, letter: 'x' | 'y', keys: readonly string[]): void {
  const choices = Array.from({ length: most[letter] }, (_, i) => axisNames(letter, i + 1).join(', '));
  if (choices.includes([...keys].sort().join(', '))) return;
  reader.refuse(
    path,
    `${dotted(path)} has the components ${keys.join(', ') || 'none'}`,
    `the ${letter === 'x' ? 'slow' : 'fast'} variables are ${choices.join('; or ')}`,
    'give one formula for each of them',
  );
}

/** Refuse names of axes that the model does not have; `letters` are the kinds that may be named here. */
export function refuseStrangeAxes(
  reader: Reader,
  path: Path,
  keys: readonly string[],
  dimensions: Readonly<Record<string, number>>,
): void {
  const known = Object.entries(dimensions).flatMap(([letter, dimension]) => axisNames(letter, dimension));
  for (const key of keys) {
    if (known.includes(key) || key in dimensions) continue;
    reader.refuse(
      [...path, key],
      `${dotted(path)} names the axis ${key}`,
      `the axes of this model are ${known.join(', ')}`,
      'name these, or change the model',
    );
  }
}

/**
 * One value per axis of a kind: from the letter alone (for all axes) or from every name; null when none is given.
 * Throws ScenarioError where some are missing or both ways are used.
 */
export function perAxis<Given, Value>(
  reader: Reader,
  path: Path,
  given: Readonly<Record<string, Given>>,
  { letter, dimension, read }: { letter: string; dimension: number; read: (path: Path, given: Given) => Value },
): readonly Value[] | null {
  const names = axisNames(letter, dimension);
  const present = names.filter((name) => name in given);
  if (dimension > 1 && letter in given) {
    if (present.length > 0) {
      reader.refuse(
        [...path, present[0]],
        `${dotted(path)} gives both ${letter} and ${present[0]}`,
        `${letter} stands for all of ${names.join(', ')}`,
        'remove one of the two',
      );
    }
    return names.map(() => read([...path, letter], given[letter]));
  }
  if (present.length === 0) return null;
  const missing = names.find((name) => !(name in given));
  if (missing !== undefined) {
    reader.refuse(
      path,
      `${dotted(path)} has no ${missing}`,
      `the model has the axes ${names.join(', ')}`,
      `add ${missing}, or write ${letter} for all of them`,
    );
  }
  return names.map((name) => read([...path, name], given[name]));
}
