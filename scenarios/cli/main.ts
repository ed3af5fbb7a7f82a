#!/usr/bin/env node
import { runCli } from './run-cli.ts';

// A reader such as `head` may close the pipe early; that is no failure of this program.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

// The first Ctrl-C asks the running solve to stop between two blocks of steps; the second one ends the process.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  clock: () => performance.now() / 1000,
  signal: stop.signal,
  colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
});
