#!/usr/bin/env node
/**
 * Starts the program in a thread and stays free for signals, whatever the program computes. A signal asks it to stop;
 * where it has not after a moment the thread is ended. Exit codes of signals are 128 + their number.
 */
import { isatty } from 'node:tty';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { failureOf } from './failures.ts';
import { exitCodes } from './flags/command.ts';
import type { ProgramData, Resumes } from './program.ts';
import { descriptors, sinkOn, type Terminal } from './sink.ts';

/** Milliseconds a program has to stop by itself, and its thread to end after that. */
const [TO_STOP, TO_END] = [900, 800];
/** Milliseconds that a line of the launcher waits for a stderr that nobody reads. */
const PATIENCE = 100;
/** A thread that waits for a graphics card cannot be ended: the driver aborts, with a code of its own. */
const mayHoldCard = /--backend[= ](gpu|fastest)/.test(process.argv.join(' '));
/** Shows the cursor that a progress bar has hidden. */
const CLEAN_LINE = '\r\x1b[K\x1b[?25h';

const stopCodes = { SIGINT: exitCodes.cancelled, SIGTERM: 143, SIGHUP: 129 } as const;
type Stop = keyof typeof stopCodes;
const stops = Object.keys(stopCodes) as Stop[];

// Streams that are no terminals are not touched here: opening them would change how the program's own writes wait.
const terminalOf = (name: keyof typeof descriptors): Terminal =>
  isatty(descriptors[name]) ? { isTTY: true, columns: process[name].columns } : { isTTY: false };
const data: ProgramData = {
  argv: process.argv.slice(2),
  program: fileURLToPath(import.meta.url),
  stdout: terminalOf('stdout'),
  stderr: terminalOf('stderr'),
};
const stderr = sinkOn(descriptors.stderr, data.stderr, PATIENCE);

let stopped: Stop | null = null;
let forced = false;
let failed: number | null = null;
let resumes = 'nothing was written; the same command starts from the beginning';
for (const stop of stops) process.on(stop, () => stopBy(stop));
// A worker of another hjb ends with it, however that one ended.
if (process.send !== undefined) process.on('disconnect', () => stopBy('SIGTERM'));

const program = new Worker(new URL('./program.js', import.meta.url), {
  workerData: data,
  stdout: true,
  stderr: true,
});
// What Node itself or a package has to say there.
program.stdout.on('data', (chunk: Buffer) => stderr.write(chunk));
program.stderr.on('data', (chunk: Buffer) => stderr.write(chunk));
program.on('message', (message: Resumes) => {
  resumes = message.resumes;
});
program.on('error', (error) => {
  const failure = failureOf(error);
  failed = failure.code;
  stderr.write(`${failure.line}\n`);
});
program.on('exit', (code) => end(failed ?? code));

function stopBy(stop: Stop): void {
  if (stopped !== null) return void force(stopped);
  stopped = stop;
  program.postMessage('stop');
  setTimeout(() => force(stop), TO_STOP).unref();
}

/** Ends the thread, and with it the process; where it hangs in a call of the system, or may, by the signal itself. */
function force(stop: Stop): void {
  forced = true;
  for (const name of stops) process.removeAllListeners(name);
  if (mayHoldCard) {
    endBy(stop);
    return;
  }
  setTimeout(() => endBy(stop), TO_END).unref();
  void program.terminate();
}

function endBy(stop: Stop): void {
  say(stop);
  process.kill(process.pid, stop);
}

function say(stop: Stop): void {
  stderr.write(`${data.stderr.isTTY ? CLEAN_LINE : ''}hjb: stopped by ${stop} – ${resumes}\n`);
}

function end(code: number): void {
  // A program that was done before it heard of the signal is.
  if (stopped === null || (code === exitCodes.done && !forced)) process.exit(code);
  for (const name of stops) process.removeAllListeners(name);
  say(stopped);
  process.exit(stopCodes[stopped]);
}
