/** One run of the program in this process, and what is promised of every run. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../scenarios/cli/run-cli.ts';
import { FILE, FOLDER } from './drawn-words.ts';
import { silentNull } from './silent-null.ts';

/** Seconds of processor time that no command takes on a small question. */
const MOST_SECONDS = 10;

export interface Case {
  readonly text: string;
  readonly words: readonly string[];
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a case in a folder; the file stays there while it runs, so that a hang can be looked into. */
export async function ran(folder: string, { text, words }: Case): Promise<Ran> {
  const [file, out] = [join(folder, 'drawn.yaml'), join(folder, 'out')];
  writeFileSync(file, text);
  let [stdout, stderr, ticks] = ['', '', 0];
  const started = process.cpuUsage();
  const code = await runCli(
    words.map((word) => word.replace(FILE, file).replace(FOLDER, out)),
    {
      stdout: { write: (part) => (stdout += part) },
      stderr: { write: (part) => (stderr += part) },
      clock: () => (ticks += 0.001),
      signal: new AbortController().signal,
      colour: false,
    },
  );
  const { user, system } = process.cpuUsage(started);
  return { code, stdout, stderr, seconds: (user + system) / 1e6 };
}

/** What is wrong with a run; null where nothing is. */
export function faultOf(folder: string, { words }: Case, { code, stdout, stderr, seconds }: Ran): string | null {
  const out = join(folder, 'out');
  const isWritten = existsSync(out);
  if (isWritten) rmSync(out, { recursive: true });
  if (![0, 1, 2].includes(code)) return `exit code ${code}`;
  if (seconds > MOST_SECONDS) return `${seconds.toFixed(1)} s of processor time`;
  if (/\n\s+at .*[:(]/.test(stderr)) return 'a stack trace';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for.
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(stdout + stderr))
    return 'a control character';
  if (code === 2) {
    if (stdout !== '') return 'bad input, and something on stdout';
    if (isWritten) return 'bad input, and something written';
    if (!/^[^\n]+\n$/.test(stderr)) return 'bad input is not one line';
    return stderr.split(' – ').length >= 4 ? null : 'bad input without place, fact, cause and remedy';
  }
  if (/\bNaN\b|\bInfinity\b|\bundefined\b|\[object /.test(stdout)) return 'not a number in what is printed';
  if (words.includes('--json') && !words.includes('--help')) return silentNull(JSON.parse(stdout));
  return null;
}
