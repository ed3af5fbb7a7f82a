import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { ScenarioError } from './scenario-error.ts';

/** Keys and indices from the top of the file down to a value. */
export type Path = readonly PropertyKey[];

/** A YAML file as plain data that remembers its lines. */
export interface LocatedText {
  readonly file: string;
  readonly data: unknown;
  /** `file:line` of the value at a path (of its key for mappings and lists), else of its nearest ancestor. */
  readonly placeOf: (path: Path) => string;
  /** `file:line` of a key. */
  readonly placeOfKey: (path: Path) => string;
  readonly has: (path: Path) => boolean;
}

/** Larger files are refused before they are read; the largest of the library has 2 KiB. */
export const largestFile = 256 * 1024;

/**
 * Read YAML text. One document, a mapping at the top, no key twice, no anchors, aliases or unknown tags: a scenario is
 * short enough to be written out, and references are how a small file becomes a huge one. Throws ScenarioError.
 */
export function locate(text: string, file: string): LocatedText {
  const lines = new LineCounter();
  const root = checkedRoot(text, file, lines);
  const at = (offset: number | undefined) => `${file}:${lines.linePos(offset ?? 0).line}`;
  const placeOf = (path: Path): string => {
    const pair = pairAt(root, path);
    const value = pair?.value ?? nodeAt(root, path);
    if (isScalar(value) && value.range && value.source !== '') return at(value.range[0]);
    if (isNode(pair?.key)) return at(pair.key.range?.[0]);
    if (isNode(value)) return at(value.range?.[0]);
    return path.length === 0 ? at(root.range?.[0]) : placeOf(path.slice(0, -1));
  };
  const placeOfKey = (path: Path): string => {
    const key = pairAt(root, path)?.key;
    return isNode(key) ? at(key.range?.[0]) : placeOf(path);
  };
  return { file, data: root.toJSON(), placeOf, placeOfKey, has: (path) => nodeAt(root, path) !== undefined };
}

function checkedRoot(text: string, file: string, lines: LineCounter): Node {
  const refuse = (offset: number, fact: string, cause: string, remedy: string): never => {
    throw new ScenarioError(`${file}:${lines.linePos(offset).line || 1}`, fact, cause, remedy);
  };
  const document = parsed(text, file, lines);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const message = problem.message.split(/ at line |\n/)[0].replace(/:$/, '');
    const words = explanations[problem.code] ?? [message, 'a scenario is a YAML file', 'correct the syntax'];
    const offset = Math.min(problem.pos[0], Math.max(text.trimEnd().length - 1, 0));
    refuse(offset, ...words);
  }
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    if (isAlias(node) || node.anchor !== undefined) {
      const name = isAlias(node) ? `*${node.source}` : `&${node.anchor}`;
      refuse(
        node.range?.[0] ?? 0,
        `the reference ${name} is used`,
        'scenarios have no anchors and aliases',
        'write it out',
      );
    }
  });
  const root = document.contents;
  if (root === null) return refuse(0, 'the file is empty', 'a scenario is a mapping with title, model, …', 'fill it');
  if (!isMap(root)) {
    return refuse(
      root.range?.[0] ?? 0,
      `the file holds ${isScalar(root) ? 'a single value' : 'a list'}`,
      'a scenario is a mapping with the keys title, model, horizon, domain, …',
      'write "key: value" lines; `hjb list` names scenarios to start from',
    );
  }
  refuseOddKeys(root, refuse);
  refuseTwice(root, refuse);
  return root;
}

/** Fact, cause and remedy in the words of scenarios; what is not listed speaks as the parser does. */
const explanations: Readonly<Record<string, readonly [string, string, string]>> = {
  MULTIPLE_DOCS: ['the file holds several documents', 'a file is one scenario', 'split the file at the line ---'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', 'a scenario has five levels', 'write it like the library'],
  TAB_AS_INDENT: ['a tab indents a line', 'YAML indents by spaces', 'replace the tabs'],
  TAG_RESOLVE_FAILED: ['a tag is not known', 'scenarios hold numbers, texts, lists and mappings', 'remove the tag'],
};

function parsed(text: string, file: string, lineCounter: LineCounter) {
  try {
    // Keys are compared below: the parser would compare each with all others.
    return parseDocument(text, { lineCounter, uniqueKeys: false, merge: false, prettyErrors: true, logLevel: 'error' });
  } catch (error) {
    const cause = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    throw new ScenarioError(file, 'the file cannot be read as YAML', cause, 'write it like the library scenarios');
  }
}

function refuseOddKeys(
  root: Node,
  refuse: (offset: number, fact: string, cause: string, remedy: string) => never,
): void {
  visit(root, {
    Pair(_, { key }) {
      if (isScalar(key) && typeof key.value === 'string' && key.value !== '__proto__') return;
      const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
      refuse(offset, `the key ${key} is not a name`, 'keys are words such as horizon', 'write a word, or quote it');
    },
  });
}

function refuseTwice(root: Node, refuse: (offset: number, fact: string, cause: string, remedy: string) => never): void {
  visit(root, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) {
          const cause = 'the second would hide the first';
          refuse(key.range?.[0] ?? 0, 'a key is given twice', cause, 'remove one of the two');
        }
        seen.add(key.value);
      }
    },
  });
}

function nodeAt(root: Node, path: Path): Node | undefined {
  let node: unknown = root;
  for (const key of path) {
    if (!isCollection(node)) return undefined;
    node = node.get(key, true);
  }
  return isNode(node) ? node : undefined;
}

function pairAt(root: Node, path: Path): Pair | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  if (!isMap(parent)) return undefined;
  return parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
}
