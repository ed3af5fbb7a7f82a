import type { Request } from '../flags/command.ts';
import { facts, heading } from './layout.ts';
import { printResult } from './result.ts';

/**
 * Something that a command has found: `json` under `key` in the document, `text` after `label` on the terminal. Without
 * `key` it is only shown, without `text` only in the document; a text without a label stands below the lines.
 */
export interface Fact {
  readonly key?: string;
  /** Undefined: not in the document. */
  readonly json?: unknown;
  readonly label?: string;
  /** Null: no line. */
  readonly text?: string | null;
}

/** What is in the document alone, by its keys. */
export function unprinted(entries: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(entries).map(([key, json]) => ({ key, json }));
}

/** Prints the facts in their order, as a document with --json, else as a text under its title; warnings on stderr. */
export function printFacts(
  request: Request,
  title: string,
  { list, warnings }: { readonly list: readonly Fact[]; readonly warnings: readonly string[] },
): void {
  const entries = [...list, ...unprinted({ warnings })].flatMap(({ key, json }) =>
    key === undefined ? [] : [[key, json] as const],
  );
  const shown = list.flatMap(({ label, text }) => (text === undefined || text === null ? [] : [{ label, text }]));
  const lines = shown.flatMap(({ label, text }) => (label === undefined ? [] : [[label, text] as const]));
  const blocks = shown.flatMap(({ label, text }) => (label === undefined ? [text] : []));
  printResult(request, {
    json: Object.fromEntries(entries),
    text: [`${heading(request.io, title)}\n`, facts(lines), ...blocks].join(''),
    warnings,
  });
}
