/** The program with its words as one line; what it printed. Clocks tick a millisecond a look. */
import { expect } from 'vitest';
import { runCli } from '../scenarios/cli/run-cli.ts';

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function hjb(line: string, signal = new AbortController().signal): Promise<Printed> {
  let [stdout, stderr, seconds] = ['', '', 0];
  const code = await runCli(
    line.split(' ').filter((word) => word !== ''),
    {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      clock: () => (seconds += 0.001),
      signal,
      colour: false,
    },
  );
  return { code, stdout, stderr };
}

/** The document that `--json` prints. */
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape, looked into by the tests.
export async function json(line: string): Promise<any> {
  const { code, stdout } = await hjb(`${line} --json`);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}
