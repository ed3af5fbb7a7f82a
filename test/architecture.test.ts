import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * Which folders a folder may import, besides itself. Floors: src <- solvers <- scenarios;
 * inside src: problem, grid, linalg <- operator <- kernel <- time <- convergence; random, kernel <- paths;
 * random <- optimiser <- learning.
 * Whoever adds a folder adds its row here and in docs/architecture.md.
 */
const ground = ['src/problem', 'src/grid', 'src/linalg'];
const allowedFolders: Record<string, readonly string[]> = {
  'src/problem': ['src/grid', 'src/linalg'],
  'src/grid': [],
  'src/linalg': [],
  'src/random': [],
  'src/optimiser': ['src/problem', 'src/random'],
  'src/learning': ['src/random', 'src/optimiser'],
  'src/operator': ground,
  'src/kernel': [...ground, 'src/operator'],
  'src/kernel/node': ['src/kernel'],
  'src/kernel/browser': ['src/kernel'],
  'src/kernel/assembly': [],
  'src/paths': [...ground, 'src/random', 'src/kernel'],
  'src/time': [...ground, 'src/operator', 'src/kernel'],
  'src/convergence': [...ground, 'src/operator', 'src/kernel', 'src/time'],
  solvers: [
    ...ground,
    'src/operator',
    'src/kernel',
    'src/time',
    'src/convergence',
    'src/random',
    'src/paths',
    'src/optimiser',
  ],
  scenarios: [...ground, 'src/kernel', 'solvers'],
  'scenarios/read': [...ground, 'src/time', 'src/optimiser', 'scenarios'],
  'scenarios/study': [...ground, 'src/kernel', 'src/paths', 'src/time', 'src/convergence', 'solvers', 'scenarios'],
  'scenarios/bench': [...ground, 'src/operator', 'src/kernel', 'src/time', 'src/convergence', 'solvers', 'scenarios'],
  'scenarios/optimise': [
    'src/problem',
    'src/random',
    'src/optimiser',
    'src/learning',
    'src/convergence',
    'solvers',
    'scenarios',
  ],
  'scenarios/reproduce': [
    ...ground,
    'src/operator',
    'src/kernel',
    'src/random',
    'src/paths',
    'src/convergence',
    'solvers',
    'scenarios',
    'scenarios/read',
  ],
  'scenarios/report': [
    'src/convergence',
    'src/problem',
    'src/grid',
    'scenarios',
    'scenarios/study',
    'scenarios/optimise',
    'scenarios/reproduce',
  ],
  'scenarios/cli': [
    ...ground,
    'src/operator',
    'src/kernel',
    'src/time',
    'src/convergence',
    'src/optimiser',
    'solvers',
    'scenarios',
    'scenarios/read',
    'scenarios/study',
    'scenarios/optimise',
    'scenarios/reproduce',
    'scenarios/report',
    'scenarios/bench',
  ],
};

/** Which packages (or `node:` modules) a folder may import. */
const allowedPackages: Record<string, readonly string[]> = {
  'src/problem': ['mathjs/number'],
  'src/grid': ['ndarray'],
  'src/linalg': [],
  'src/random': [],
  'src/optimiser': [],
  'src/learning': [],
  'src/operator': [],
  // One of src/kernel/node and src/kernel/browser, see "imports" in package.json.
  'src/kernel': ['#start-worker', 'gpu.js'],
  'src/kernel/node': ['node:worker_threads'],
  'src/kernel/browser': [],
  'src/kernel/assembly': [],
  'src/time': [],
  'src/convergence': [],
  // One of src/kernel/node and src/kernel/browser.
  solvers: ['#start-worker'],
  scenarios: ['node:*', 'webgpu'],
  'scenarios/read': ['yaml', 'zod', 'node:*'],
  'scenarios/study': [],
  'scenarios/bench': [],
  'scenarios/reproduce': [],
  'scenarios/optimise': [],
  'scenarios/report': ['h5wasm', 'plotly.js-dist-min', 'node:*'],
  'scenarios/cli': ['citty', 'cli-progress', 'node:*'],
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
        const permitted = allowedPackages[folder].some((name) =>
          name.endsWith('*') ? specifier.startsWith(name.slice(0, -1)) : specifier === name,
        );
        expect(permitted, `${file} imports the package ${specifier}`).toBe(true);
      }
    }
  });
});

describe('the ground floor and the solvers run in a browser', () => {
  test.each(files.filter((file) => !file.startsWith('scenarios')))(
    '%s has no printing, no clock, no unseeded randomness, no process',
    (file) => {
      const source = readFileSync(join(root, file), 'utf8');
      // Texts for a graphics card, where Math.random is a stream that the launch seeds.
      const text = /kernel\/gpu-(path-kernels|sources)\.ts$/.test(file) ? source.replaceAll('Math.random', '') : source;
      expect(text).not.toMatch(/\bconsole\.|Date\.now|performance\.now|Math\.random|\bprocess\.|new Date\b|\beval\(/);
    },
  );
});

describe('files stay readable', () => {
  // Half a megabyte of generated data is not for readers.
  const written = files.filter((file) => file !== join('scenarios', 'optimise', 'digits-data.ts'));
  test.each(written)('%s has at most 300 lines of at most 120 characters', (file) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    expect(lines.length).toBeLessThanOrEqual(301);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(120);
  });
});
