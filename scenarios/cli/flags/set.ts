import { ScenarioError } from '../../read/scenario-error.ts';
import type { Given } from './command.ts';

/** The values of --set by their names, as texts. Throws ScenarioError for no name=value and for a name twice. */
export function valuesSet(given: Given): Readonly<Record<string, string>> {
  return setOf(given.values('set'));
}

/** The same of some words. */
export function setOf(words: readonly string[]): Readonly<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const word of words) {
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*\S)\s*$/.exec(word) ?? [];
    if (name === undefined) {
      const remedy = 'write for example --set gamma=4; several values each have a --set of their own';
      throw new ScenarioError('--set', `"${word}" is not name=value`, 'a value replaces one of the file', remedy);
    }
    if (pairs.has(name)) {
      const fact = `--set gives ${name} twice`;
      throw new ScenarioError('--set', fact, `it was set to ${pairs.get(name)} before`, 'keep one of them');
    }
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
}
