import type { SweptParameter } from '../scenario.ts';
import type { LocatedText, Path } from './locate.ts';
import { type Reader, readerOf } from './reader.ts';
import type { GivenSweep, ScenarioFile } from './schema.ts';
import { type Given, givenValues } from './set-values.ts';

/** More members than this are refused before any of them is read. */
export const mostMembers = 10_000;

/** Values of a range are rounded to this many digits, so that 1, 2, 4, 8 are what they look like. */
const DIGITS = 12;

/**
 * What a file sweeps, without what is given: values are numbers or formulas without names, every one of them once.
 * Throws ScenarioError; for more than 10 000 members before a range is written out.
 */
export function readSweep(file: ScenarioFile, text: LocatedText, given: readonly Given[]): readonly SweptParameter[] {
  const sections = Object.entries(file.sweep ?? {});
  const plain = readerOf(text, {});
  const placeOfName = (name: string) => text.placeOfKey(['sweep', name]);
  const words = Object.fromEntries(sections.map(([name]) => [name, '']));
  const names = givenValues(file, words, { file: text.file, placeOfName });
  const left = sections
    .map(([word, section]) => ({ word, section, name: names.find((each) => each.word === word)?.name ?? word }))
    .filter(({ name }) => !given.some((each) => each.name === name));
  refuseMany(
    plain,
    left.map(({ section }) => section),
  );
  return left.map(({ word, section, name }) => {
    const path = ['sweep', word];
    const values = Array.isArray(section)
      ? section.map((value, k) => plain.number([...path, k], value))
      : rangeOf(plain, path, section);
    refuseTwice(plain, path, values);
    return { name, values };
  });
}

function refuseMany(reader: Reader, sections: readonly GivenSweep[]): void {
  const sizes = sections.map((section) => (Array.isArray(section) ? section.length : section.count));
  const members = sizes.reduce((product, size) => product * Math.max(size, 1), 1);
  if (members <= mostMembers) return;
  reader.refuse(
    ['sweep'],
    `the sweep has ${members} members`,
    `its sizes are ${sizes.join(' × ')}, and at most ${mostMembers} are read`,
    'give fewer values, or set some of the parameters with --set',
  );
}

function rangeOf(reader: Reader, path: Path, section: Exclude<GivenSweep, readonly unknown[]>): number[] {
  const { count, scale = 'linear' } = section;
  const [from, to] = [reader.number([...path, 'from'], section.from), reader.number([...path, 'to'], section.to)];
  if (count < 2) {
    reader.refuse(
      [...path, 'count'],
      `a range has ${count} values`,
      'both its ends are among them',
      'write a count of at least 2',
    );
  }
  if (!(from < to)) {
    const remedy = `write from: ${Math.min(from, to)}, to: ${Math.max(from, to)}, or a list`;
    reader.refuse(path, `a range runs from ${from} to ${to}`, 'its values increase', remedy);
  }
  if (scale === 'log' && !(from > 0)) {
    reader.refuse(path, `a range from ${from} is logarithmic`, 'its values are all positive', 'write scale: linear');
  }
  return Array.from({ length: count }, (_, k) => {
    const share = k / (count - 1);
    if (share === 0 || share === 1) return share === 0 ? from : to;
    const value = scale === 'log' ? from * (to / from) ** share : from + (to - from) * share;
    return Number(value.toPrecision(DIGITS));
  });
}

function refuseTwice(reader: Reader, path: Path, values: readonly number[]): void {
  const seen = new Set<number>();
  values.forEach((value, k) => {
    if (seen.has(value)) {
      reader.refuse(
        [...path, k],
        `${path.at(-1)?.toString()} is ${value} twice`,
        'each is a study',
        'remove one of them',
      );
    }
    seen.add(value);
  });
}
