/** Worker threads that hold the same shared memory and take the same steps on different lanes. */

/** A worker thread that runs `attachWorker` of wasm-worker.js; how it starts differs between Node and browsers. */
export interface KernelWorker {
  post(message: unknown): void;
  listen(handler: (message: { ticket: number; broken: number }) => void): void;
  end(): Promise<void>;
}

export interface Team {
  readonly threads: number;
  post(message: unknown): void;
  assign(id: number, jobs: readonly unknown[]): void;
  run(steps: { id: number; done: number; steps: number }): Promise<number>;
  end(): Promise<void>;
}

/** Starts the workers and gives them the compiled kernel and its memory. */
export function startTeam(
  threads: number,
  startWorker: () => KernelWorker,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Team {
  const workers = Array.from({ length: threads }, startWorker);
  const waiting = new Map<number, { left: number; resolve: (broken: number) => void }>();
  let tickets = 0;
  for (const worker of workers) {
    worker.post({ kind: 'start', module, memory });
    worker.listen(({ ticket, broken }) => {
      const entry = waiting.get(ticket);
      if (entry === undefined) return;
      entry.left--;
      if (entry.left === 0) {
        waiting.delete(ticket);
        entry.resolve(broken);
      }
    });
  }
  const post = (message: unknown) => {
    for (const worker of workers) worker.post(message);
  };
  return {
    threads,
    post,
    assign(id, jobs) {
      workers.forEach((worker, t) => {
        worker.post({ kind: 'job', id, job: jobs[t] });
      });
    },
    run: (steps) =>
      new Promise((resolve) => {
        const ticket = tickets++;
        waiting.set(ticket, { left: threads, resolve });
        post({ kind: 'steps', ticket, ...steps });
      }),
    end: async () => {
      await Promise.all(workers.map((worker) => worker.end()));
    },
  };
}
