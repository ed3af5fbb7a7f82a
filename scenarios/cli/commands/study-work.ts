/** The work of `hjb study`: its pieces found, by whoever the command line says, and kept beside the results. */
import { statfsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../../../src/input/input-error.ts';
import { type Piece, type Results, SpoiltEntry } from '../../run/piece.ts';
import { runName } from '../../run/run-name.ts';
import { crewOf, type JobArray, statesOf, submitPublisher, submitWorkers } from '../../run/slurm.ts';
import { takePieces } from '../../run/take-pieces.ts';
import { watchCrew, watchOf } from '../../run/work.ts';
import { type Program, type Sharing, sharingOf, startWorkers } from '../../run/worker-processes.ts';
import type { Scenario } from '../../scenario.ts';
import { codeVersion } from '../../store/code-version.ts';
import { entryName, hasEntry } from '../../store/entry.ts';
import { keepScenario, readPlan, writePlan } from '../../store/plan-file.ts';
import { emptyStore, foreignEntries, openStore, type Store } from '../../store/store.ts';
import type { Request } from '../flags/command.ts';
import { type ExecutorChoice, executorGiven } from '../flags/executor.ts';
import { onKernel } from '../flags/kernel.ts';
import { writing } from '../flags/out.ts';
import { inScenario } from '../flags/scenario.ts';
import { shownBytes, shownSeconds } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';

/** A study, or all members of a sweep, to be found. */
export interface StudyWork {
  readonly scenario: Scenario;
  readonly pieces: readonly Piece[];
  /** The tables that are made of them, where not all are. */
  readonly only?: readonly string[];
  /** The folder of the results; its store is beside it. */
  readonly directory: string;
}

/** The store of a folder of results. */
export function storeOf(directory: string): string {
  return `${resolve(directory)}.store`;
}

/** "11 of 52 pieces are kept in …": a disk that is full may not have taken all. */
export function keptPieces({ pieces, directory }: Pick<StudyWork, 'pieces' | 'directory'>): string {
  const store = storeOf(directory);
  const kept = pieces.filter(({ key }) => hasEntry(store, entryName(key, codeVersion())));
  return `${kept.length} of ${pieces.length} pieces are kept in ${store}`;
}

/**
 * Finds the pieces of a work and gives their values to `use`, again where what was kept turns out to be spoilt; null
 * where nobody waits for them: jobs of a cluster, or --take.
 */
export async function withStudyWork<Value>(
  request: Request,
  work: StudyWork,
  use: (results: Results) => Promise<Value> | Value,
): Promise<Value | null> {
  const choice = executorGiven(request);
  const store = await writing(work.directory, async () => openedStore(request, work));
  if (request.given.on('take')) {
    await findHere(request, work, store);
    return null;
  }
  const program = await writing(work.directory, async () => {
    const own = programOf(request, work, store);
    writePlan(store.directory, planOf(work, own, []));
    return own;
  });
  announce(request, work, store, choice);
  request.io.resumes?.(`what was found is kept in ${storeOf(work.directory)}; the same command goes on from there`);
  for (;;) {
    const isFound = await findBy(request, work, { store, choice, program });
    if (!isFound) return null;
    try {
      const value = await use(store);
      for (const trouble of store.troubles) request.io.stderr.write(`hjb: warning: ${trouble}\n`);
      return value;
    } catch (error) {
      if (!(error instanceof SpoiltEntry)) throw error;
    }
  }
}

function openedStore(request: Request, { pieces, directory }: StudyWork): Store {
  const path = storeOf(directory);
  if (request.given.on('fresh')) emptyStore(path);
  const store = openStore(path, codeVersion());
  const missing = pieces.filter(({ key }) => !store.has(key));
  refuseFullDisk(path, missing);
  return store;
}

/** Bytes that are kept of a piece, in those that it holds while it is found; and of one that says nothing of them. */
const KEPT = { share: 1 / 16, least: 1e5 };

/** Throws InputError where what is to be kept cannot fit. */
function refuseFullDisk(path: string, missing: readonly Piece[]): void {
  const needed = missing.reduce((sum, { bytes }) => sum + Math.max(KEPT.least, bytes * KEPT.share), 0);
  const { bavail, bsize } = statfsSync(path);
  if (needed <= bavail * bsize) return;
  throw new InputError(
    `the disk of ${path} has room for ${shownBytes(bavail * bsize)}`,
    `about ${shownBytes(needed)} are kept of the solves`,
    'make room there, or choose another folder by --out',
  );
}

interface Ways {
  readonly store: Store;
  readonly choice: ExecutorChoice;
  /** Null where workers cannot be started: the program is not run by its file. */
  readonly program: Program | null;
}

/** Whether all is found now; false where jobs of a cluster go on with it. */
async function findBy(request: Request, work: StudyWork, ways: Ways): Promise<boolean> {
  const { store, choice, program } = ways;
  const missing = work.pieces.filter(({ key }) => !store.has(key));
  if (choice.executor === 'slurm') return findOnCluster(request, work, ways, missing);
  const sharing = workersFor(missing, choice);
  if (program !== null && sharing.workers > 1 && choice.executor !== 'inline') {
    await withProgress(request, (progress) =>
      watchCrew(work.pieces, store, startWorkers(program, sharing), { signal: request.io.signal, progress }),
    );
  }
  await findHere(request, work, store);
  return true;
}

function workersFor(missing: readonly Piece[], { workers, threads }: ExecutorChoice): Sharing {
  if (workers === undefined) return sharingOf(missing, threads);
  return { workers: Math.min(workers, missing.length), threads: Math.max(1, Math.floor(threads / workers)) };
}

/** Finds what is missing in this process. */
async function findHere(request: Request, { scenario, pieces }: StudyWork, store: Store): Promise<void> {
  if (pieces.every(({ key }) => store.has(key))) return;
  const { signal, clock } = request.io;
  await withProgress(request, (progress) =>
    onKernel(request, (kernel) =>
      inScenario(scenario, () => takePieces(pieces, store, { kernel, signal, clock, progress })),
    ),
  );
}

/** Times that jobs are submitted again for what jobs that were killed have left. */
const ROUNDS = 4;

async function findOnCluster(
  request: Request,
  work: StudyWork,
  { store, choice, program }: Ways,
  missing: readonly Piece[],
): Promise<boolean> {
  if (missing.length === 0) return true;
  if (program === null) throw new InputError('no jobs can be submitted', 'this program has no file', 'run hjb itself');
  const array = arrayOf(work, store, missing.length, choice);
  const job = await submitWorkers(program, array);
  if (!choice.wait) {
    const publisher = await submitPublisher(program, array, job);
    writePlan(store.directory, planOf(work, program, [job, publisher]));
    request.io.stderr.write(
      `hjb: ${missing.length} pieces are the work of ${array.jobs} jobs, ${job}; job ${publisher} publishes them in ` +
        `${work.directory}\nhjb: hjb study --status ${work.directory} tells how far they are\n`,
    );
    return false;
  }
  writePlan(store.directory, planOf(work, program, [job]));
  await withProgress(request, (progress) =>
    waitForJobs(request, work, { store, first: job, again: () => submitWorkers(program, array), progress }),
  );
  return true;
}

interface Waiting {
  readonly store: Store;
  readonly first: string;
  readonly again: () => Promise<string>;
  readonly progress: (label: string, fraction: number) => void;
}

/** Waits until all is found; throws InputError where jobs end and end without. */
async function waitForJobs(
  { io }: Request,
  { pieces }: StudyWork,
  { store, first, again, progress }: Waiting,
): Promise<void> {
  let job = first;
  for (let round = 1; ; round++) {
    const label = async () => (await statesOf(job)).filter((state) => state === 'RUNNING').length;
    let running = 0;
    const told = (text: string, fraction: number) => {
      label().then(
        (count) => {
          running = count;
        },
        () => {},
      );
      progress(`${text}, ${running} jobs running`, fraction);
    };
    await watchCrew(pieces, store, crewOf(job), { signal: io.signal, progress: told });
    const { found } = watchOf(pieces, store)();
    if (found === pieces.length) return;
    if (round === ROUNDS) {
      throw new InputError(
        `${pieces.length - found} of ${pieces.length} pieces are not found, and no job works on them`,
        `${ROUNDS} arrays of jobs have ended without; the last one is ${job}`,
        `see their logs in ${join(store.directory, 'jobs')}; the same command goes on`,
      );
    }
    job = await again();
  }
}

/** Elements of an array at most where the command does not say: they take pieces until all are found. */
const USUAL_JOBS = 64;

function arrayOf({ scenario }: StudyWork, { directory }: Store, missing: number, choice: ExecutorChoice): JobArray {
  const jobs = Math.min(choice.workers ?? USUAL_JOBS, missing);
  const { threads, sbatch: options, atOnce = jobs } = choice;
  return { name: `hjb-${scenario.name}`, jobs, atOnce, threads, logs: join(directory, 'jobs'), options };
}

/** Flags that are those of the process at hand and not of what it finds. */
const OWN_FLAGS = new Set([
  ...['executor', 'workers', 'at-once', 'sbatch', 'wait', 'take', 'fresh', 'status', 'threads', 'json', 'quiet', 'out'],
]);

/** The words that make this program find the same pieces, of the scenario as it was read. */
function programOf({ io, given }: Request, { scenario, directory }: StudyWork, store: Store): Program | null {
  if (io.program === undefined) return null;
  const flags = [...given.flags].filter(([name]) => !OWN_FLAGS.has(name));
  const words = flags.flatMap(([name, values]) =>
    values.flatMap((value) => (value === '' ? [`--${name}`] : [`--${name}`, value])),
  );
  const copy = keepScenario(store.directory, scenario.fileName, scenario.source);
  return { path: io.program, words: ['study', copy, '--out', resolve(directory), '--quiet', ...words] };
}

function planOf({ scenario, pieces, only, directory }: StudyWork, program: Program | null, jobs: readonly string[]) {
  const known = readPlan(storeOf(directory));
  const code = codeVersion();
  const run = runName(pieces, code, only);
  return {
    run,
    scenario: scenario.name,
    command: `hjb ${(program?.words ?? ['study', scenario.file]).join(' ')}`,
    code,
    jobs: known?.run === run && jobs.length === 0 ? known.jobs : jobs,
    pieces: pieces.map(({ key, label, cost }) => ({ key, label, cost })),
  };
}

/** Work that takes longer, in seconds, is told of before it starts. */
const WORTH_TELLING = 5;

/** How much there is to do, on stderr. */
function announce({ io, given }: Request, { pieces }: StudyWork, store: Store, choice: ExecutorChoice): void {
  if (given.on('quiet')) return;
  const foreign = foreignEntries(store.directory, codeVersion());
  if (foreign > 0) {
    io.stderr.write(`hjb: ${foreign} entries of ${store.directory} are of another hjb and are not used\n`);
  }
  const missing = pieces.filter(({ key }) => !store.has(key));
  const seconds = missing.reduce((sum, { cost }) => sum + cost, 0);
  if (missing.length < pieces.length) {
    const rest = missing.length === 0 ? 'all' : `${pieces.length - missing.length} of ${pieces.length}`;
    io.stderr.write(`hjb: ${rest} pieces were found before, in ${store.directory}\n`);
  }
  if (seconds < WORTH_TELLING) return;
  const { workers, threads } = workersFor(missing, choice);
  const largest = missing.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const cores = workers * threads;
  io.stderr.write(
    `hjb: ${missing.length} pieces of work, about ${shownSeconds(seconds / cores)} on ${cores} cores, ` +
      `${shownBytes(workers * (120e6 + largest))} of memory\n`,
  );
}
