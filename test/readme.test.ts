import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands as programCommands } from '../scenarios/cli/commands/commands.ts';
import { readArguments } from '../scenarios/cli/flags/arguments.ts';
import { type ListedCommand, loaded } from '../scenarios/cli/flags/command.ts';
import { runCli } from '../scenarios/cli/run-cli.ts';
import { inLanes } from './lanes.ts';

const root = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The fenced blocks of a language. */
function blocks(language: string, text = readme): string[] {
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1]);
}

/** The words of a command line; double quotes keep a word together. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]);
}

const commands = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .filter((line) => line.startsWith('hjb '));

/** Beginnings of commands of the full lane: they take more than two seconds, or read what these have written. */
const SLOW = [
  'hjb study',
  'hjb report results/quadratic',
  'hjb compare results/quadratic-sweep',
  'hjb solve rotational-2d-uncontrolled',
  'hjb solve isotropic-2d',
  'hjb hamiltonian rastrigin-2d',
  'hjb simulate quadratic',
  'hjb effective quadratic',
  'hjb cell quadratic --at x=1,p=1 --radius 2',
  'hjb simulate rotational-2d',
  'hjb reproduce',
  'hjb bench',
];
const isFast = (line: string) => !SLOW.some((beginning) => line.startsWith(beginning));

let folder: string;
/** What `hjb study quadratic` printed. */
let study = '';
const home = process.cwd();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readme-'));
  writeFileSync(join(folder, 'valleys.yaml'), blocks('yaml')[0]);
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** A program against the public API as imported by a script of modules; what it prints. */
async function printed(program: string): Promise<unknown[][]> {
  const api = join(root, 'solvers/index.ts');
  const script = ts.transpileModule(program.replace("'hjb-homogenization'", JSON.stringify(api)), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  const lines: unknown[][] = [];
  const body = script.replace(/import \{([^}]*)\} from "?[^;]*;/, 'const {$1} = api;');
  const run = new Function('api', 'console', `return (async () => { ${body} })();`);
  await run(await import('../solvers/index.ts'), { log: (...args: unknown[]) => lines.push(args) });
  return lines;
}

describe('every documented command runs', () => {
  test('the README documents every command of the program', async () => {
    const documented = new Set(commands.map((line) => words(line)[1]));
    const names = programCommands.map(({ name }) => name);
    expect([...documented].sort()).toEqual(names.sort());
  });

  test('the commands of the full lane are in the README, and parse', async () => {
    for (const beginning of SLOW)
      expect(
        commands.some((line) => line.startsWith(beginning)),
        beginning,
      ).toBe(true);
    for (const line of commands.filter((each) => !isFast(each))) {
      const [, name, ...rest] = words(line);
      const command = await loaded(programCommands.find((each) => each.name === name) as ListedCommand);
      expect(() => readArguments(command, rest), line).not.toThrow();
    }
  });

  inLanes(commands, isFast)('%s', async (line) => {
    const written = { stdout: '', stderr: '' };
    const exitCode = await runCli(words(line).slice(1), {
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      clock: () => 0,
      signal: new AbortController().signal,
      colour: false,
    });
    expect(exitCode, written.stderr).toBe(0);
    expect(written.stdout.length).toBeGreaterThan(40);
    expect(written.stdout).not.toMatch(/NaN|undefined/);
    if (line.startsWith('hjb study quadratic ')) study = written.stdout;
    if (line.includes('--delta 1e-4')) expect(written.stderr).toMatch(/is not H̄/);
  });

  test('the two commands of a fresh machine are scripts of the package', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(scripts.start).toContain('study quadratic');
    expect(scripts.test).toBe('vitest run --tags-filter=!full');
    expect(scripts['test:full']).toBe('vitest run');
  });

  test('the program in TypeScript compiles against the public API and prints a converged value', async () => {
    const [program] = blocks('ts');
    const lines = await printed(program);
    expect(lines[0][0]).toBe('converged');
    // The table of test/fixtures/reference.json: 0.0459739 at ε = 0.01; first order in dx leaves 2.7e-3 at 401 nodes.
    expect(Math.abs(Number(lines[0][1]) - 0.0459739)).toBeLessThan(4e-3);
  });

  test('the table shown is the one the program prints', { tags: ['full'] }, () => {
    const shown = readme.split('```\n').find((block) => block.startsWith('Vᵉ → v: convergence')) ?? '';
    const lines = shown.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) expect(study.split('\n')).toContain(line);
  });
});

test('the program of docs/optimisers.md descends into a well', async () => {
  const [program] = blocks('ts', readFileSync(join(root, 'docs/optimisers.md'), 'utf8'));
  const [[status, entropic, plain]] = await printed(program);
  expect(status).toBe('finished');
  // The wells are at ±1; the entropic gradient of a well that is not symmetric vanishes a little inside of it.
  expect(Math.abs(Number(entropic))).toBeGreaterThan(0.8);
  expect(Math.abs(Number(plain) - 1)).toBeLessThan(1e-9);
});
