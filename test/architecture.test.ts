import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/**
 * Which folders a folder may import, besides itself. Floors: src <- solvers <- scenarios; inside src:
 * input, grid, linalg, random <- formula <- model <- control <- assumptions, measure, exact, generator, differencing
 * <- kernel <- time <- verification; random, kernel <- paths; random <- optimiser <- learning.
 * Whoever adds a folder adds its row here and in docs/architecture.md.
 */
const ground = ['src/input', 'src/grid', 'src/linalg'];
const problem = [...ground, 'src/formula', 'src/model', 'src/control', 'src/assumptions', 'src/measure', 'src/exact'];
const kernel = ['src/kernel', 'src/kernel/wasm', 'src/kernel/gpu'];
const operators = ['src/generator', 'src/differencing'];
const solvers = ['solvers', 'solvers/averaging', 'solvers/ensembles', 'solvers/marching', 'solvers/verification'];
const allowedFolders: Record<string, readonly string[]> = {
  'src/input': [],
  'src/grid': ['src/input'],
  'src/linalg': [],
  'src/random': [],
  'src/formula': ['src/input'],
  'src/model': [...ground, 'src/formula'],
  'src/control': [...ground, 'src/formula', 'src/model'],
  'src/assumptions': ['src/grid', 'src/formula', 'src/model', 'src/control'],
  'src/measure': [...ground, 'src/formula', 'src/model', 'src/control', 'src/assumptions'],
  'src/exact': [...ground, 'src/formula', 'src/model', 'src/control', 'src/measure'],
  'src/generator': [...ground, 'src/formula', 'src/model', 'src/measure'],
  'src/differencing': ['src/grid', 'src/control'],
  'src/optimiser': ['src/input', 'src/model', 'src/random'],
  'src/learning': ['src/random', 'src/optimiser'],
  'src/kernel': [...ground, 'src/differencing'],
  'src/kernel/plain': [...ground, 'src/kernel', 'src/differencing'],
  'src/kernel/wasm': [...ground, 'src/formula', 'src/differencing', 'src/kernel'],
  'src/kernel/wasm/assembly': [],
  'src/kernel/gpu': [...ground, 'src/kernel'],
  'src/kernel/node': ['src/kernel', 'src/kernel/wasm'],
  'src/kernel/browser': ['src/kernel', 'src/kernel/wasm'],
  'src/paths': [...ground, 'src/formula', 'src/model', 'src/control', 'src/random', ...kernel],
  'src/time': [...ground, 'src/model', 'src/control', ...operators, 'src/kernel'],
  'src/verification': ['src/input', 'src/grid', 'src/control', 'src/generator', 'src/kernel', 'src/time'],
  solvers: [
    ...problem,
    ...operators,
    ...kernel,
    'src/time',
    'src/verification',
    'src/random',
    'src/paths',
    'src/optimiser',
    ...solvers,
  ],
  'solvers/averaging': [...problem, 'src/generator', 'src/time', 'solvers'],
  'solvers/ensembles': [...problem, 'src/paths', 'src/time', 'solvers', 'solvers/marching'],
  'solvers/marching': [...problem, ...operators, ...kernel, 'src/kernel/plain', 'src/time', 'solvers'],
  'solvers/verification': [...problem, 'src/generator', 'src/kernel', 'src/time', 'src/verification', ...solvers],
  scenarios: [...problem, ...kernel, 'solvers'],
  'scenarios/read': [...problem, 'src/time', 'src/optimiser', 'scenarios'],
  'scenarios/run': ['src/input', 'src/kernel', 'src/time'],
  'scenarios/store': ['src/time', 'scenarios', 'scenarios/run'],
  'scenarios/study': [
    ...problem,
    ...kernel,
    'src/paths',
    'src/time',
    'src/verification',
    'solvers',
    'scenarios',
    'scenarios/run',
  ],
  'scenarios/sweep': ['src/input', 'src/grid', 'src/verification', 'scenarios', 'scenarios/run', 'scenarios/study'],
  'scenarios/bench': [
    ...problem,
    'src/kernel',
    'src/time',
    'src/verification',
    'solvers',
    'solvers/marching',
    'scenarios',
  ],
  'scenarios/optimise': [
    'src/input',
    'src/model',
    'src/random',
    'src/optimiser',
    'src/learning',
    'src/verification',
    'solvers',
    'scenarios',
  ],
  'scenarios/reproduce': [
    ...problem,
    'src/generator',
    'src/kernel',
    'src/random',
    'src/paths',
    'src/verification',
    'solvers',
    'scenarios',
    'scenarios/read',
  ],
  'scenarios/report': [
    'src/verification',
    'src/input',
    'src/formula',
    'src/model',
    'src/grid',
    'scenarios',
    'scenarios/read',
    'scenarios/store',
    'scenarios/study',
    'scenarios/sweep',
    'scenarios/optimise',
    'scenarios/reproduce',
  ],
  'scenarios/cli/flags': [
    ...problem,
    'src/generator',
    ...kernel,
    'src/time',
    'solvers',
    'scenarios',
    'scenarios/read',
    'scenarios/store',
  ],
  'scenarios/cli/print': [
    'src/input',
    'src/assumptions',
    'src/generator',
    'src/grid',
    'src/model',
    'src/time',
    'src/verification',
    'solvers',
    'scenarios',
    'scenarios/study',
    'scenarios/report',
    'scenarios/cli/flags',
  ],
  'scenarios/cli/commands': [
    ...problem,
    'src/generator',
    ...kernel,
    'src/time',
    'src/verification',
    'src/optimiser',
    'solvers',
    'scenarios',
    'scenarios/run',
    'scenarios/store',
    'scenarios/read',
    'scenarios/study',
    'scenarios/sweep',
    'scenarios/optimise',
    'scenarios/reproduce',
    'scenarios/report',
    'scenarios/bench',
    'scenarios/cli/flags',
    'scenarios/cli/print',
  ],
  'scenarios/cli': [
    'src/input',
    'scenarios',
    'scenarios/read',
    'scenarios/cli/flags',
    'scenarios/cli/print',
    'scenarios/cli/commands',
  ],
};

/** Which packages (or `node:` modules) a folder may import; folders that are not listed import none. */
const allowedPackages: Record<string, readonly string[]> = {
  // One of src/kernel/node and src/kernel/browser, see "imports" in package.json.
  'src/kernel/wasm': ['#start-worker'],
  'src/kernel/gpu': ['gpu.js'],
  'src/kernel/node': ['node:worker_threads'],
  solvers: ['#start-worker'],
  scenarios: ['ndarray', 'ndarray-ops', 'node:*', 'webgpu'],
  'scenarios/run': ['node:*'],
  'scenarios/store': ['node:*'],
  'scenarios/read': ['yaml', 'zod', 'node:*'],
  'scenarios/report': ['h5wasm', 'temml', 'zod', 'node:*'],
  'scenarios/cli': ['node:*'],
  'scenarios/cli/flags': ['node:*'],
  'scenarios/cli/print': ['cli-progress', 'node:*'],
  'scenarios/cli/commands': ['node:*'],
};

const root = resolve(import.meta.dirname, '..');
const files = ['src', 'solvers', 'scenarios'].flatMap((floor) =>
  readdirSync(join(root, floor), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => join(floor, name)),
);

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import\s+'([^']+)'/g;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3]);
}

describe('imports go down only', () => {
  test.each(files)('%s imports only what its floor allows', (file) => {
    const folder = dirname(file);
    expect(Object.keys(allowedFolders)).toContain(folder);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) {
        const target = relative(root, dirname(resolve(root, folder, specifier)));
        expect([folder, ...allowedFolders[folder]], `${file} imports ${specifier}`).toContain(target);
      } else {
        const permitted = (allowedPackages[folder] ?? []).some((name) =>
          name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
        );
        expect(permitted, `${file} imports the package ${specifier}`).toBe(true);
      }
    }
  });
});

test('scenarios know the solvers by their public face and by the workbench', () => {
  const faces = ['solvers/index.ts', 'solvers/workbench.ts'];
  for (const file of files.filter((name) => name.startsWith('scenarios'))) {
    const targets = importsOf(file).map((specifier) => relative(root, resolve(root, dirname(file), specifier)));
    for (const target of targets) if (target.startsWith('solvers')) expect(faces, file).toContain(target);
  }
});

test('the explorer is a user of the package: it knows the public face, and its files stay readable', () => {
  const folder = join(root, 'docs/explorer');
  const own = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const permitted = ['hjb-homogenization', 'hjb-homogenization/scenario'];
  for (const name of own.filter((each) => each !== 'vite.config.ts')) {
    const file = join('docs/explorer', name);
    for (const specifier of importsOf(file).filter((each) => !each.endsWith('/scenarios/read/library-texts.ts'))) {
      const target = relative(folder, resolve(root, dirname(file), specifier));
      const isInside = specifier.startsWith('.') && !target.startsWith('..');
      expect(isInside || permitted.includes(specifier), `${file} imports ${specifier}`).toBe(true);
    }
    expect(readFileSync(join(root, file), 'utf8').split('\n').length).toBeLessThanOrEqual(301);
  }
});

test('a command loads what it needs: the program starts and lists the library without solvers and packages', () => {
  const started = ['scenarios/cli/main.ts', 'scenarios/cli/program.ts', 'scenarios/cli/commands/list.ts'];
  for (const file of started) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, specifier] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm)) {
      expect(specifier, `${file} needs ${specifier} before a word appears`).toMatch(/^(\.|node:)/);
      if (!specifier.startsWith('.')) continue;
      const target = relative(root, resolve(root, dirname(file), specifier));
      expect(target, `${file} needs ${target} before a word appears`).toMatch(/^(scenarios|src\/input)\//);
      if (!started.includes(target)) started.push(target);
    }
  }
  expect(started.length).toBeLessThan(25);
});

test('no circle of files', () => {
  const imports = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => relative(root, resolve(root, dirname(file), specifier))),
    ]),
  );
  const finished = new Set<string>();
  const circleFrom = (file: string, path: readonly string[]): readonly string[] | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return null;
    for (const next of imports.get(file) ?? []) {
      const circle = circleFrom(next, [...path, file]);
      if (circle !== null) return circle;
    }
    finished.add(file);
    return null;
  };
  for (const file of files) expect(circleFrom(file, [])).toBeNull();
});

describe('the ground floor and the solvers run in a browser', () => {
  test.each(files.filter((file) => !file.startsWith('scenarios')))(
    '%s has no printing, no clock, no unseeded randomness, no process, no code from text',
    (file) => {
      const source = readFileSync(join(root, file), 'utf8');
      // Texts for a graphics card, where Math.random is a stream that the launch seeds.
      const text = /kernel\/gpu\/(path-kernels|kernel-sources)\.ts$/.test(file)
        ? source.replaceAll('Math.random', '')
        : source;
      expect(text).not.toMatch(
        /\bconsole\.|Date\.now|performance\.now|Math\.random|\bprocess\.|new Date\b|\beval\(|new Function\b/,
      );
    },
  );
});

describe('files stay readable', () => {
  // Generated data is not for readers.
  const written = files.filter((file) => !/(digits-data|library-texts|-binary)\.ts$/.test(file));
  test.each(written)('%s has at most 300 lines of at most 120 characters', (file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    expect(lines.length).toBeLessThanOrEqual(301);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(120);
  });
});

test('no function is longer than 60 lines', () => {
  const long: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.ts') && !/(digits-data|library-texts)\.ts$/.test(name))) {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
    const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) && lineOf(node.end) - lineOf(node.getStart()) >= 60) {
        long.push(`${file}:${lineOf(node.getStart()) + 1}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  expect(long).toEqual([]);
});
