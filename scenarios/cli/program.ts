/** The program in a thread of its own, which main.ts starts and stops: its exit code is that of the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOfOutput } from './failures.ts';
import { exitCodes } from './flags/command.ts';
import { runCli } from './run-cli.ts';
import { descriptors, sinkOn, type Terminal } from './sink.ts';

/** What the launcher hands over. */
export interface ProgramData {
  readonly argv: readonly string[];
  /** The file of the launcher, which workers are started by. */
  readonly program: string;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

/** How a run that is stopped goes on, for the launcher to say. */
export interface Resumes {
  readonly resumes: string;
}

const given = workerData as ProgramData;
const stderr = sinkOn(descriptors.stderr, given.stderr);
const sink = sinkOn(descriptors.stdout, given.stdout);
const stdout = {
  ...sink,
  write(text: string) {
    try {
      return sink.write(text);
    } catch (error) {
      const failure = failureOfOutput(error as NodeJS.ErrnoException);
      if (failure !== null) stderr.write(`${failure.line}\n`);
      process.exit(failure?.code ?? exitCodes.done);
    }
  },
};

// The only message is the one to stop: a running solve looks for it between two blocks of steps.
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());
parentPort?.unref();

process.exitCode = await runCli(given.argv, {
  stdout,
  stderr,
  clock: () => performance.now() / 1000,
  signal: stop.signal,
  program: given.program,
  colour: given.stdout.isTTY && process.env.NO_COLOR === undefined,
  resumes: (how) => parentPort?.postMessage({ resumes: how } satisfies Resumes),
});
