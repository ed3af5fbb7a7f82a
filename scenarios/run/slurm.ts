/**
 * Workers on a cluster: an array of Slurm jobs on a folder that all nodes share, each of which takes pieces until all
 * are found. A job that is killed leaves its piece to the others; one whose node fails is queued again by Slurm.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { InputError } from '../../src/input/input-error.ts';
import type { Crew } from './work.ts';
import type { Program } from './worker-processes.ts';

const run = promisify(execFile);

/** An array of jobs. */
export interface JobArray {
  readonly name: string;
  /** Elements, and how many of them may run at once. */
  readonly jobs: number;
  readonly atOnce: number;
  readonly threads: number;
  /** The folder of their logs. */
  readonly logs: string;
  /** Further words for sbatch, such as --partition=short. */
  readonly options: readonly string[];
}

/** Seconds between two looks at the queue. */
const LOOK = 2;

/** Submits an array of jobs that take pieces; the number that Slurm gives it. Throws InputError where Slurm refuses. */
export function submitWorkers(program: Program, array: JobArray): Promise<string> {
  mkdirSync(array.logs, { recursive: true });
  const { name, jobs, atOnce, threads, logs, options } = array;
  return submit([
    `--job-name=${name}`,
    `--array=1-${jobs}%${atOnce}`,
    `--cpus-per-task=${threads}`,
    '--requeue',
    '--open-mode=append',
    `--output=${join(logs, '%A_%a.log')}`,
    ...options,
    `--wrap=${commandOf(program)} --threads ${threads}`,
  ]);
}

/** Submits the job that publishes when the workers have ended, whatever became of them: it finds what they left. */
export function submitPublisher(program: Program, array: JobArray, after: string): Promise<string> {
  const { name, threads, logs, options } = array;
  return submit([
    `--job-name=${name}-publish`,
    `--dependency=afterany:${after}`,
    `--cpus-per-task=${threads}`,
    '--requeue',
    `--output=${join(logs, '%j.log')}`,
    ...options,
    `--wrap=${commandOf(program)} --threads ${threads}`,
  ]);
}

/** The program as a line for a shell, run in the folder where it was submitted. */
function commandOf({ path, words }: Program): string {
  return [process.execPath, path, ...words].map(quoted).join(' ');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

async function submit(words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('sbatch', ['--parsable', ...words]);
    return stdout.trim().split(';')[0];
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    const isMissing = code === 'ENOENT';
    throw new InputError(
      isMissing ? 'there is no sbatch on this machine' : 'Slurm does not take the jobs',
      isMissing ? 'jobs are submitted with it' : (stderr ?? message).trim(),
      isMissing ? 'log in to the head node of the cluster, or leave --executor out' : 'see --sbatch for its options',
    );
  }
}

/** The states of the jobs that have not ended, such as RUNNING or PENDING; none where Slurm has forgotten them. */
export async function statesOf(job: string): Promise<string[]> {
  try {
    const { stdout } = await run('squeue', ['--noheader', '--array', `--jobs=${job}`, '--format=%T']);
    return stdout.split('\n').filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
    return [];
  }
}

/** The jobs as a crew. A process that waits for them and is stopped leaves them be. */
export function crewOf(job: string): Crew {
  let isOver = false;
  return {
    ended: (async () => {
      while (!isOver && (await statesOf(job)).length > 0) await delay(1000 * LOOK);
    })(),
    // The jobs go on: it is only this process that waits no longer.
    stop() {
      isOver = true;
    },
  };
}
