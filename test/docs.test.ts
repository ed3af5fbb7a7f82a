/** Every command and every program that the pages show runs, and prints what they say. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands as programCommands } from '../scenarios/cli/commands/commands.ts';
import { readArguments } from '../scenarios/cli/flags/arguments.ts';
import { type ListedCommand, loaded } from '../scenarios/cli/flags/command.ts';
import { blocks, commandsIn, printed, ran, root, words } from './documents.ts';

const folder = join(root, 'docs');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
const textOf = (page: string) => readFileSync(join(folder, page), 'utf8');
const commands = pages.flatMap((page) => commandsIn(textOf(page)).map((line) => [page, line] as const));

test.each(commands)('%s: %s is a command with flags that it has', async (_page, line) => {
  const [, name, ...rest] = words(line);
  const command = await loaded(programCommands.find((each) => each.name === name) as ListedCommand);
  expect(() => readArguments(command, rest)).not.toThrow();
});

/** Commands that have a test of their own, since they take long or a cluster. */
const hasTest = (line: string) =>
  /^hjb reproduce|^hjb optimize digits|--executor slurm|^hjb study quadratic --out/.test(line);
const small = `title: Small
model: { kind: deep-relaxation, loss: x^2/2, gamma: gamma, control: [0, 1] }
parameters: { gamma: 2 }
horizon: 0.25
domain: { x: [-2, 2] }
observe: { x: [-1, 1], y: [-1, 1] }
study: { epsilon: [1, 0.1], nodes: { x: [21, 41], y: 21 }, cell: { radius: [2, 3] } }
`;

describe('where a user has put the files that the pages speak of', { tags: ['full'] }, () => {
  const home = process.cwd();
  let place: string;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'hjb-docs-'));
    process.chdir(place);
    writeFileSync('my-scenario.yaml', small);
    writeFileSync('my-sweep.yaml', `${small}sweep: { gamma: [2, 4] }\n`);
    await ran('hjb study my-scenario.yaml --out results/quadratic --quiet');
    await ran('hjb study my-scenario.yaml --out results/filtered --scheme filtered --quiet');
    await ran('hjb study my-sweep.yaml --out results/my-sweep --quiet');
  }, 300_000);

  afterAll(() => {
    process.chdir(home);
    rmSync(place, { recursive: true, force: true });
  });

  // In their order: some read what others have left.
  test.each(commands.filter(([, line]) => !hasTest(line)))('%s: %s', async (_page, line) => {
    const { code, stdout, stderr } = await ran(line);
    expect(code, stderr).toBe(0);
    expect(stdout).not.toMatch(/NaN|undefined/);
  });
});

test('the file of the tutorial is the scenario of the library', () => {
  const library = readFileSync(join(root, 'scenarios/library/quadratic.yaml'), 'utf8');
  const bare = (text: string) => text.replaceAll(/ *#.*$/gm, '').trim();
  expect(bare(blocks('yaml', textOf('tutorial.md'))[0])).toBe(bare(library));
});

test('the program of docs/optimisers.md descends into a well', async () => {
  const [program] = blocks('ts', textOf('optimisers.md'));
  const [[status, entropic, plain]] = await printed(program);
  expect(status).toBe('finished');
  // The wells are at ±1; the entropic gradient of a well that is not symmetric vanishes a little inside of it.
  expect(Math.abs(Number(entropic))).toBeGreaterThan(0.8);
  expect(Math.abs(Number(plain) - 1)).toBeLessThan(1e-9);
});
