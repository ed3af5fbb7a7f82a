/** Workers and the requests that wait for them. Of one task the newest request waits; an older one is never begun. */
import type { Answer, Asked, Found, Refusal, Source, TaskName } from './protocol.ts';

interface Job {
  readonly task: TaskName;
  readonly source: Source;
  readonly asked: unknown;
  readonly done: (answer: Answer) => void;
}

export interface Pool {
  readonly workers: number;
  /** Asks; `taken` is called with what is found, `refused` with an error. Neither where a newer request came first. */
  ask<Name extends TaskName>(
    task: Name,
    source: Source,
    asked: Asked<Name>,
    taken: (found: Found<Name>) => void,
    refused: (refusal: Refusal) => void,
  ): void;
  /** Whether a worker is free now. */
  readonly hasRoom: boolean;
}

/** What is served first, from the left. */
const ORDER: readonly TaskName[] = ['open', 'value', 'limit', 'measure', 'cell', 'hamiltonian', 'feedback', 'paths'];

export function poolOf(count: number): Pool {
  const waiting = new Map<TaskName, Job>();
  const idle = Array.from(
    { length: count },
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  );
  const running = new Map<Worker, { readonly id: number; readonly job: Job }>();
  let ids = 0;

  const next = () => {
    const task = ORDER.find((name) => waiting.has(name));
    const worker = task === undefined ? undefined : idle.shift();
    if (task === undefined || worker === undefined) return;
    const job = waiting.get(task) as Job;
    waiting.delete(task);
    const id = ++ids;
    running.set(worker, { id, job });
    worker.postMessage({ id, task, source: job.source, asked: job.asked });
    next();
  };
  const finish = (worker: Worker, answer: (id: number) => Answer) => {
    const own = running.get(worker);
    if (own === undefined) return;
    running.delete(worker);
    idle.push(worker);
    own.job.done(answer(own.id));
    next();
  };
  for (const worker of [...idle]) {
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => finish(worker, () => data));
    worker.addEventListener('error', ({ message }) => {
      const words = message || 'a worker of this page could not be started – its script did not load – reload the page';
      finish(worker, (id) => ({ id, refusal: { message: words, place: null, words } }));
    });
  }
  return {
    workers: count,
    get hasRoom() {
      return idle.length > 0 && waiting.size === 0;
    },
    ask(task, source, asked, taken, refused) {
      const done = (answer: Answer) =>
        'refusal' in answer ? refused(answer.refusal) : taken(answer.found as Parameters<typeof taken>[0]);
      waiting.set(task, { task, source, asked, done });
      next();
    },
  };
}
