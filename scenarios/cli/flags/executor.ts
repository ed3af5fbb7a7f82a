/** Who works on a study: this process, workers beside it, or jobs of a cluster. */
import { allThreads } from '../../node-kernel.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Given, Request } from './command.ts';
import { threadsGiven } from './kernel.ts';
import { wholeNumber } from './values.ts';

export const executorFlags = {
  executor: {
    options: ['inline', 'workers', 'slurm'] as string[],
    description:
      'who solves: this process (inline), processes beside it (workers; the default where the work fills them), or ' +
      'jobs of a Slurm cluster (slurm)',
  },
  workers: { value: 'N', description: 'processes beside this one, or jobs of the cluster (default: as many as serve)' },
  'at-once': { value: 'N', description: 'with --executor slurm: jobs that run at the same time (default: all)' },
  sbatch: {
    value: 'WORDS',
    dashed: true,
    description: 'with --executor slurm: words for sbatch, as "--partition=short --mem=4G"',
  },
  wait: { description: 'with --executor slurm: wait for the jobs and publish here, else a last job publishes' },
  take: { description: 'find pieces that nobody has, and publish nothing: what workers and jobs do' },
  fresh: { description: 'forget what was found before, and start over' },
  status: { description: 'print how far the study of the folder DIR is; with hjb study --status DIR' },
} as const;

export type ExecutorName = 'inline' | 'workers' | 'slurm';

/** What was asked for. */
export interface ExecutorChoice {
  /** Undefined: whichever serves. */
  readonly executor: ExecutorName | undefined;
  readonly workers: number | undefined;
  readonly atOnce: number | undefined;
  /** Cores, or threads of a job. */
  readonly threads: number;
  readonly sbatch: readonly string[];
  readonly wait: boolean;
}

/** More workers than this are no work for one command. */
const MOST_WORKERS = 1000;

/** Throws ScenarioError for flags that do not go together. */
export function executorGiven({ given }: Request): ExecutorChoice {
  const executor = given.value('executor') as ExecutorName | undefined;
  for (const flag of ['at-once', 'sbatch', 'wait']) {
    if (!given.flags.has(flag) || executor === 'slurm') continue;
    const cause = `--${flag} is about jobs of a cluster`;
    throw new ScenarioError(`--${flag}`, `--${flag} is given without --executor slurm`, cause, `remove --${flag}`);
  }
  const workers = upTo(given, 'workers');
  if (workers !== undefined && executor === 'inline') {
    const cause = '--executor inline starts no workers';
    throw new ScenarioError('--workers', '--workers is given with --executor inline', cause, 'remove one of them');
  }
  return {
    executor,
    workers,
    atOnce: upTo(given, 'at-once'),
    threads: threadsGiven(given) ?? (executor === 'slurm' ? 1 : allThreads()),
    sbatch: (given.value('sbatch') ?? '').split(/\s+/).filter((word) => word !== ''),
    wait: given.on('wait'),
  };
}

function upTo(given: Given, flag: string): number | undefined {
  const count = wholeNumber(given, flag, 1);
  if (count === undefined || count <= MOST_WORKERS) return count;
  throw new ScenarioError(
    `--${flag}`,
    `--${flag} is ${count}`,
    `each is a process or a job, of which a command starts at most ${MOST_WORKERS}`,
    `give at most ${MOST_WORKERS}: they take pieces until all are found`,
  );
}
