import type { Kernel } from '../../../src/kernel/kernel.ts';
import type { Scenario } from '../../scenario.ts';
import type { Request } from '../flags/command.ts';
import { onKernel } from '../flags/kernel.ts';
import { inScenario } from '../flags/scenario.ts';
import { withProgress } from '../print/progress.ts';

/** What a solver is lent for a run. */
export interface SolverRun {
  readonly kernel: Kernel;
  readonly signal: AbortSignal;
  readonly clock: () => number;
  readonly progress: (fraction: number) => void;
  /** Progress of a further piece of the work. */
  readonly report: (piece: string, fraction: number) => void;
}

/** Runs a solver with progress; its InputErrors get their line of the scenario. */
export async function solving<Value>(
  request: Request,
  label: string,
  scenario: Scenario,
  solver: (run: SolverRun) => Promise<Value>,
): Promise<Value> {
  const { signal, clock } = request.io;
  return withProgress(request, (report) => {
    const progress = (fraction: number) => report(label, fraction);
    const ofPiece = (piece: string, fraction: number) => report(`${label}, ${piece}`, fraction);
    const lent = { signal, clock, progress, report: ofPiece };
    return onKernel(request, (kernel) => inScenario(scenario, () => solver({ kernel, ...lent })));
  });
}
