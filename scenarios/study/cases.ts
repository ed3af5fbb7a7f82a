import {
  type EffectiveSolution,
  type EpsilonSolution,
  solveEffectiveHjb,
  solveEpsilonHjb,
} from '../../solvers/index.ts';
import { filterAdvice, undershootAdvice } from '../../solvers/workbench.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Run } from '../../src/time/march.ts';
import { axesOf, type BoxName, type StudySetup } from './setup.ts';

/** One ε-HJB solve of a study; `timeFactor` multiplies the usual number of steps. */
interface ValueCase {
  readonly kind: 'value';
  readonly epsilon: number;
  readonly nx: number;
  readonly ny: number;
  readonly timeFactor: number;
  readonly box: BoxName;
  /** Take the number of steps of this box (solved before), so that two boxes differ in nothing else. */
  readonly stepsOf: BoxName;
}

/** One solve of the effective equation; `steps: 'same'` takes the steps of the ε-problem on the same grid. */
interface EffectiveCase {
  readonly kind: 'effective';
  readonly nx: number;
  readonly ny: number;
  readonly steps: 'own' | 'same';
  readonly box: BoxName;
  readonly stepsOf: BoxName;
}

export type Case = ValueCase | EffectiveCase;

export function valueCase(epsilon: number, nx: number, ny: number, more: Partial<ValueCase> = {}): ValueCase {
  const box = more.box ?? 'standard';
  return { kind: 'value', epsilon, nx, ny, timeFactor: 1, stepsOf: box, ...more, box };
}

export function effectiveCase(nx: number, ny: number, more: Partial<EffectiveCase> = {}): EffectiveCase {
  const box = more.box ?? 'standard';
  return { kind: 'effective', nx, ny, steps: 'own', stepsOf: box, ...more, box };
}

/** The solved cases of a study, looked up by the cases that asked for them. */
export interface Solved {
  value(wanted: ValueCase): EpsilonSolution;
  effective(wanted: EffectiveCase): EffectiveSolution;
  /** Advice of every solve that did not converge. */
  readonly failures: readonly string[];
  /** What the filter of a filtered scheme gave away. */
  readonly warnings: readonly string[];
}

export interface CasesRun {
  /** Where the hot loops run; default: one WebAssembly kernel for the whole study. */
  readonly kernel?: Kernel;
  readonly signal?: AbortSignal;
  /** What is being solved and the fraction of the whole study's work done. */
  readonly progress?: (label: string, fraction: number) => void;
}

/** Solves every distinct case once, one after the other, in the order given. */
export async function solveCases(setup: StudySetup, cases: readonly Case[], run: CasesRun): Promise<Solved> {
  const distinct = new Map(cases.map((wanted) => [keyOf(wanted), wanted]));
  const total = [...distinct.values()].reduce((sum, wanted) => sum + costOf(setup, wanted), 0);
  const values = new Map<string, EpsilonSolution>();
  const effectives = new Map<string, EffectiveSolution>();
  const failures: string[] = [];
  const warnings: string[] = [];
  const method = { scheme: setup.method.scheme.name, time: setup.method.time.name };
  const kernel = run.kernel ?? (await wasmKernel());
  let done = 0;
  for (const [key, wanted] of distinct) {
    if (run.signal?.aborted === true) break;
    const cost = costOf(setup, wanted);
    const report = (fraction: number) => run.progress?.(labelOf(setup, wanted), (done + fraction * cost) / total);
    const solver: Run = { kernel, signal: run.signal, progress: report };
    report(0);
    const axes = { ...axesOf(setup, wanted, wanted.box), ...method };
    if (wanted.kind === 'value') {
      const base = values.get(keyOf({ ...wanted, timeFactor: 1, box: wanted.stepsOf }));
      const steps = base === undefined ? undefined : base.steps * wanted.timeFactor;
      values.set(key, await solveEpsilonHjb(setup.problem, { ...axes, epsilon: wanted.epsilon, steps }, solver));
    } else {
      const steps = effectives.get(keyOf({ ...wanted, box: wanted.stepsOf }))?.steps;
      const stepBound = wanted.steps === 'same' ? 'pointwise' : 'averaged';
      effectives.set(key, await solveEffectiveHjb(setup.problem, { ...axes, stepBound, steps }, solver));
    }
    const solution = (values.get(key) ?? effectives.get(key)) as EpsilonSolution;
    const { outcome, filter } = solution;
    const advices = [...filterAdvice(filter), ...undershootAdvice(solution)];
    warnings.push(...advices.map((advice) => `${labelOf(setup, wanted)}: ${advice}`));
    if (outcome.status === 'diverged') {
      failures.push(
        `${labelOf(setup, wanted)} diverged at step ${outcome.step}, node (${outcome.node}): ${outcome.advice}`,
      );
    }
    done += cost;
  }
  return {
    value: (wanted) => found(values.get(keyOf(wanted)), wanted),
    effective: (wanted) => found(effectives.get(keyOf(wanted)), wanted),
    failures,
    warnings,
  };
}

function found<T>(solution: T | undefined, wanted: Case): T {
  if (solution === undefined) throw new Error(`no solution for ${keyOf(wanted)}: the case was not planned`);
  return solution;
}

function keyOf(wanted: Case): string {
  return JSON.stringify(Object.entries(wanted).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Node updates up to a constant: the number of steps grows with nx. */
function costOf({ slow, fast }: StudySetup, wanted: Case): number {
  const factor = wanted.kind === 'value' ? wanted.timeFactor : wanted.steps === 'same' ? 0.5 : 0.1;
  return wanted.nx ** (slow.length + 1) * wanted.ny ** fast.length * factor;
}

/** "101 × 51", in the plane "25² × 25²". */
export function gridLabel({ slow, fast }: StudySetup, nx: number, ny: number): string {
  return `${nx}${slow.length === 2 ? '²' : ''} × ${ny}${fast.length === 2 ? '²' : ''}`;
}

function labelOf(setup: StudySetup, wanted: Case): string {
  const grid = gridLabel(setup, wanted.nx, wanted.ny);
  return wanted.kind === 'value' ? `Vᵉ, ε = ${wanted.epsilon}, ${grid}` : `v, ${grid}`;
}
