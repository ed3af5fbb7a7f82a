import type { Kernel, Session } from '../../src/kernel/kernel.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Run } from '../../src/time/march.ts';

/** What a solve holds while it runs. */
export interface Workplace {
  readonly kernel: Kernel;
  readonly session: Session;
}

/** Opens the memory of one solve on the kernel of the run, by default WebAssembly on one thread, and closes it. */
export async function inSession<Value>(run: Run, solve: (workplace: Workplace) => Promise<Value>): Promise<Value> {
  const kernel = run.kernel ?? (await wasmKernel());
  const session = kernel.open();
  try {
    return await solve({ kernel, session });
  } finally {
    session.close();
  }
}
