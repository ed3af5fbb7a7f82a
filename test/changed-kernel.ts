import type { Kernel, StepProgram } from '../src/kernel/kernel.ts';
import { plainKernel } from '../src/kernel/plain/plain.ts';

/** The plain kernel, running another program than the one it is given. */
export function kernelWith(change: (program: StepProgram) => StepProgram): Kernel {
  const plain = plainKernel();
  return {
    ...plain,
    open: () => {
      const session = plain.open();
      return { ...session, load: (program) => session.load(change(program)) };
    },
  };
}
