/** A study of a second: every kind of piece but paths on the coarsest grids there are. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const program = resolve(import.meta.dirname, '../dist/scenarios/cli/main.js');

const scenario = `title: Small
model: {kind: deep-relaxation, loss: "x^2/2", gamma: 2, control: [0, 1]}
horizon: 1
domain: {x: [-2, 2]}
study:
  epsilon: [0.5, 0.1]
  nodes: {x: [17, 33], y: [17]}
  cell: {radius: [2, 3]}
`;

/** Writes the scenario into a folder; its path. */
export function smallStudy(folder: string): string {
  const path = join(folder, 'small.yaml');
  writeFileSync(path, scenario);
  return path;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** A running `hjb`. */
export function started(words: readonly string[], options: SpawnOptions = {}) {
  const begun = performance.now();
  const child = spawn(process.execPath, [program, ...words], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => (stdout += chunk));
  child.stderr?.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code, signal) =>
      done({ code, signal, stdout, stderr, seconds: (performance.now() - begun) / 1000 }),
    );
  });
  return { child, ended };
}

/** The program run to its end. */
export function ran(words: readonly string[], options: SpawnOptions = {}): Promise<Ended> {
  return started(words, options).ended;
}

/** Every file of published results by its path, without the seconds that study.json holds. */
export function filesOf(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
  return Object.fromEntries(
    paths.map((path) => [
      path.slice(folder.length + 1),
      readFileSync(path)
        .toString('latin1')
        .replace(/"seconds": [\d.e-]+/, '"seconds": 0'),
    ]),
  );
}

/** Numbers in [0, 1) that are the same in every run: an xorshift. */
export function drawn(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
