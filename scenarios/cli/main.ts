#!/usr/bin/env node
import { exitCodes } from './flags/command.ts';
import { runCli } from './run-cli.ts';

// A reader such as `head` may close the pipe early, which is no failure of this program; a full disk is one of its own.
process.stderr.on('error', () => process.exit());
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`hjb: the output cannot be written – ${error.message} – send it to another place\n`);
  process.exit(exitCodes.notConverged);
});

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
