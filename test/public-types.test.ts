import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const entries = ['solvers/index.ts', 'scenarios/read/index.ts'].map((file) => join(root, file));
const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);

/** The names in the types of a declaration: its signature, not its body; a class without its private parts. */
function typesNamedIn(declaration: ts.Declaration): ts.EntityName[] {
  const found: ts.EntityName[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBlock(node)) return;
    if (ts.isTypeReferenceNode(node)) found.push(node.typeName);
    if (ts.isExpressionWithTypeArguments(node) && ts.isIdentifier(node.expression)) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

/** The alias behind an import or export, at its origin. */
function originOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

test('every type that a public signature names is public', { tags: ['full'] }, () => {
  const program = ts.createProgram(entries, { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const exported = new Set(
    entries.flatMap((entry) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.SourceFile) as ts.Symbol;
      return checker.getExportsOfModule(module).map((symbol) => originOf(checker, symbol));
    }),
  );
  const missing = new Set<string>();
  for (const symbol of exported) {
    for (const declaration of symbol.declarations ?? []) {
      for (const name of typesNamedIn(declaration)) {
        const named = checker.getSymbolAtLocation(name);
        if (named === undefined) continue;
        const origin = originOf(checker, named);
        const file = origin.declarations?.[0].getSourceFile().fileName ?? '';
        const isOwn = file.startsWith(root) && !file.includes('node_modules');
        const isParameter = (origin.flags & ts.SymbolFlags.TypeParameter) !== 0;
        if (isOwn && !isParameter && !exported.has(origin)) missing.add(`${origin.name} of ${symbol.name}`);
      }
    }
  }
  expect([...missing].sort()).toEqual([]);
});

const consumer = mkdtempSync(join(tmpdir(), 'consumer-'));
afterAll(() => rmSync(consumer, { recursive: true, force: true }));

const program = `
import { type EpsilonSolution, feedback, solveEpsilonHjb, uniformAxis } from 'hjb-homogenization';
import { libraryTexts, readScenario, type Scenario } from 'hjb-homogenization/scenario';

const { problem }: Scenario = readScenario(libraryTexts.quadratic);
const axes = { slow: [uniformAxis('x', -1, 1, 21)], fast: [uniformAxis('y', -1, 1, 21)] };
const value: EpsilonSolution = await solveEpsilonHjb(problem, { epsilon: 1, ...axes });
export const u: ArrayLike<number> = feedback(problem, value)(0, [0], [0]);
`;

test('a program that uses the built package compiles with every declaration checked', { tags: ['full'] }, () => {
  mkdirSync(join(consumer, 'node_modules'));
  symlinkSync(root, join(consumer, 'node_modules/hjb-homogenization'));
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(consumer, 'program.ts'), program);
  const compiled = ts.createProgram([join(consumer, 'program.ts')], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  });
  const messages = ts.getPreEmitDiagnostics(compiled).map(({ messageText }) => messageText);
  expect(messages).toEqual([]);

  // A package that only stands here, because it is needed for development, would be missing at the user's.
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = compiled.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(root, 'dist')));
  const imported = own.flatMap((file) => ts.preProcessFile(file.text).importedFiles.map(({ fileName }) => fileName));
  expect(own.length).toBeGreaterThan(100);
  for (const name of new Set(imported.filter((each) => !each.startsWith('.')))) {
    expect(Object.keys(dependencies)).toContain(name);
  }
});

test('source maps carry their sources, which are not shipped beside them', () => {
  const map = JSON.parse(readFileSync(join(root, 'dist/solvers/index.js.map'), 'utf8'));
  expect(map.sourcesContent).toHaveLength(map.sources.length);
});
