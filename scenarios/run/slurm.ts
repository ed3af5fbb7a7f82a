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
import { type Program, takingWords } from './worker-processes.ts';

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
  const { name, jobs, atOnce, threads } = array;
  const own = [`--job-name=${name}`, `--array=1-${jobs}%${atOnce}`, '--open-mode=append'];
  return submit(program.path, takingWords(program, threads), array, [...own, outputOf(array, '%A_%a')]);
}

/** Submits the job that publishes when the workers have ended, whatever became of them: it finds what they left. */
export function submitPublisher({ path, words }: Program, array: JobArray, after: string): Promise<string> {
  const own = [`--job-name=${array.name}-publish`, `--dependency=afterany:${after}`];
  const all = [...words, '--threads', String(array.threads)];
  return submit(path, all, array, [...own, outputOf(array, '%j')]);
}

function outputOf({ logs }: JobArray, name: string): string {
  return `--output=${join(logs, `${name}.log`)}`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Submits the program with its words, as a line for a shell, run in the folder where it was submitted. */
async function submit(
  path: string,
  words: readonly string[],
  { threads, logs, options }: JobArray,
  own: readonly string[],
): Promise<string> {
  mkdirSync(logs, { recursive: true });
  const line = [process.execPath, path, ...words].map(quoted).join(' ');
  const common = [`--cpus-per-task=${threads}`, '--requeue', ...options, `--wrap=${line}`];
  try {
    const { stdout } = await run('sbatch', ['--parsable', ...own, ...common]);
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
