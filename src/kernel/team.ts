/** Worker threads that hold the same shared memory and take the same steps on different lanes. */

/** A worker thread that runs `attachWorker` of wasm/worker.js; how it starts differs between Node and browsers. */
export interface KernelWorker {
  post(message: unknown): void;
  /** `fail` is called when the worker does not start, throws or ends; a second call, or one after `end`, is ignored. */
  listen(answer: (message: Answer) => void, fail: (reason: string) => void): void;
  end(): Promise<void>;
}

export interface Answer {
  readonly ticket: number;
  readonly broken: number;
}

export interface Team {
  readonly threads: number;
  post(message: unknown): void;
  assign(id: number, jobs: readonly unknown[]): void;
  /** Rejects when a worker fails, before or meanwhile, and when the team ends meanwhile. */
  run(steps: { id: number; done: number; steps: number }): Promise<number>;
  /** Calls a loop of the kernel once on every thread, with operands of its own. Rejects as `run` does. */
  call(name: string, operands: readonly (readonly number[])[]): Promise<number>;
  end(): Promise<void>;
}

interface Waiting {
  left: number;
  readonly resolve: (broken: number) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the workers and gives them the compiled kernel, its memory, and formulas that it calls. */
export function startTeam(
  threads: number,
  startWorker: () => KernelWorker,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  formulas?: WebAssembly.Module,
): Team {
  const workers = Array.from({ length: threads }, startWorker);
  const waiting = new Map<number, Waiting>();
  let tickets = 0;
  let ended: Error | null = null;
  const post = (message: unknown) => {
    for (const worker of workers) worker.post(message);
  };
  // All workers end with the first: the others may sleep at a barrier that it will never reach.
  const end = async (error: Error) => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    await Promise.all(workers.map((worker) => worker.end()));
  };
  const fail = (reason: string) => {
    if (ended === null) void end(new Error(`a thread of the kernel failed – ${reason} – start another kernel`));
  };
  const answered = (ask: (ticket: number) => void) =>
    new Promise<number>((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const ticket = tickets++;
      waiting.set(ticket, { left: threads, resolve, reject });
      ask(ticket);
    });
  for (const worker of workers) worker.listen((answer) => settle(waiting, answer), fail);
  post({ kind: 'start', module, memory, formulas });
  return {
    threads,
    post,
    assign(id, jobs) {
      workers.forEach((worker, t) => {
        worker.post({ kind: 'job', id, job: jobs[t] });
      });
    },
    run: (steps) => answered((ticket) => post({ kind: 'steps', ticket, ...steps })),
    call: (name, operands) =>
      answered((ticket) => {
        workers.forEach((worker, t) => {
          worker.post({ kind: 'call', ticket, name, operands: operands[t] });
        });
      }),
    end: () => end(new Error('the kernel is closed – its threads have ended – start another kernel')),
  };
}

/** Counts an answer; the last one of a run resolves it. All workers answer the same. */
function settle(waiting: Map<number, Waiting>, { ticket, broken }: Answer): void {
  const run = waiting.get(ticket);
  if (run === undefined) return;
  run.left--;
  if (run.left > 0) return;
  waiting.delete(ticket);
  run.resolve(broken);
}
