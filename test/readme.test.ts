import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands as programCommands } from '../scenarios/cli/commands/commands.ts';
import { readArguments } from '../scenarios/cli/flags/arguments.ts';
import { type ListedCommand, loaded } from '../scenarios/cli/flags/command.ts';
import { installed } from './browser/chromium-flags.mjs';
import { blocks, commandsIn, printed, ran, root, words } from './documents.ts';
import { inLanes } from './lanes.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

const commands = commandsIn(readme);

/** Beginnings of commands of the full lane: they take more than two seconds, or read what these have written. */
const SLOW = [
  'hjb study',
  'hjb report results/quadratic',
  'hjb plot results/quadratic',
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
  writeFileSync(join(folder, 'valleys.yaml'), blocks('yaml', readme)[0]);
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

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

  // Pictures are drawn by a browser: where none is installed, that is what the command says.
  const draws = (line: string) => line.startsWith('hjb plot') && line.includes('--figure');
  const cannotDraw = installed() === undefined && process.env.HJB_BROWSER !== 'required';

  // All of them: some read what others have written.
  inLanes(
    commands,
    isFast,
    (all) => all,
  )('%s', async (line) => {
    const written = await ran(line);
    if (draws(line) && cannotDraw) {
      expect([written.code, written.stderr]).toEqual([2, expect.stringContaining('no browser is found')]);
      return;
    }
    expect(written.code, written.stderr).toBe(0);
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
    const [program] = blocks('ts', readme);
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

  test('the tutorial shows what the study prints', { tags: ['full'] }, () => {
    const tutorial = readFileSync(join(root, 'docs/tutorial.md'), 'utf8').replaceAll(/```(sh|yaml)[\s\S]*?```/g, '');
    const lines = blocks('', tutorial).flatMap((block) => block.split('\n').filter((line) => line.trim() !== ''));
    expect(lines.length).toBeGreaterThan(30);
    for (const line of lines) expect(study.split('\n')).toContain(line);
  });
});
