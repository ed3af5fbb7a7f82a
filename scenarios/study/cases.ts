import {
  type EffectiveSolution,
  type EpsilonHjbOptions,
  type EpsilonSolution,
  type PreparedProblem,
  prepare,
  solveEffectiveHjb,
  solveEpsilonHjb,
} from '../../solvers/index.ts';
import { estimateEffectiveSteps, estimateEpsilonSteps } from '../../solvers/workbench.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Run } from '../../src/time/march.ts';
import type { Method } from '../../src/time/schemes.ts';
import { axesOf, type BoxName, type StudySetup } from './setup.ts';
import { SHARP, type Sharp, sharpMethod, solvedSharply } from './sharp-value.ts';

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
  /** That of the study, or the sharp one beside it. */
  readonly scheme: 'own' | 'sharp';
}

/** One solve of the effective equation; `steps: 'same'` takes the steps of the ε-problem on the same grid. */
interface EffectiveCase {
  readonly kind: 'effective';
  readonly nx: number;
  readonly ny: number;
  readonly steps: 'own' | 'same';
  readonly box: BoxName;
  readonly stepsOf: BoxName;
  readonly scheme: 'own' | 'sharp';
}

export type Case = ValueCase | EffectiveCase;

export function valueCase(epsilon: number, nx: number, ny: number, more: Partial<ValueCase> = {}): ValueCase {
  const box = more.box ?? 'standard';
  return { kind: 'value', epsilon, nx, ny, timeFactor: 1, stepsOf: box, scheme: 'own', ...more, box };
}

export function effectiveCase(nx: number, ny: number, more: Partial<EffectiveCase> = {}): EffectiveCase {
  const box = more.box ?? 'standard';
  return { kind: 'effective', nx, ny, steps: 'own', stepsOf: box, scheme: 'own', ...more, box };
}

/** The solved cases of a study, looked up by the cases that asked for them. */
export interface Solved {
  value(wanted: ValueCase): EpsilonSolution;
  effective(wanted: EffectiveCase): EffectiveSolution;
  /** A case of the sharp scheme. */
  sharp(wanted: Case): Sharp<Solution>;
  /** Advice of every solve that did not converge. */
  readonly failures: readonly string[];
  /** What is doubtful about the solutions. */
  readonly warnings: readonly string[];
}

export interface CasesRun {
  /** Where the hot loops run; default: one WebAssembly kernel for the whole study. */
  readonly kernel?: Kernel;
  readonly signal?: AbortSignal;
  /** What is being solved and the fraction of the whole study's work done. */
  readonly progress?: (label: string, fraction: number) => void;
}

type Solution = EpsilonSolution | EffectiveSolution;

/** Solves every distinct case once, one after the other, in the order given. */
export async function solveCases(setup: StudySetup, cases: readonly Case[], run: CasesRun): Promise<Solved> {
  const distinct = new Map(cases.map((wanted) => [keyOf(wanted), wanted]));
  const total = [...distinct.values()].reduce((sum, wanted) => sum + costOf(setup, wanted), 0);
  const solutions = new Map<string, Solution>();
  const prepared = new Map<string, PreparedProblem>();
  const sharps = new Map<string, Sharp<Solution>>();
  const doubts: Doubts = { failures: [], warnings: [] };
  const kernel = run.kernel ?? (await wasmKernel());
  let done = 0;
  for (const [key, wanted] of distinct) {
    if (run.signal?.aborted === true) break;
    const cost = costOf(setup, wanted);
    const report = (fraction: number) => run.progress?.(labelOf(setup, wanted), (done + fraction * cost) / total);
    const solver: Run = { kernel, signal: run.signal, progress: report };
    report(0);
    if (wanted.scheme === 'sharp') {
      const sharp = await solveSharpCase({ setup, prepared }, wanted, solver);
      sharps.set(key, sharp);
      // A study does not fail by what stands beside its values.
      const { warnings } = doubts;
      if (sharp.kind === 'found') judge(labelOf(setup, wanted), sharp.solution, { failures: warnings, warnings });
    } else {
      const solution = await solveCase({ setup, prepared }, wanted, stepsOf(solutions, wanted), solver);
      solutions.set(key, solution);
      judge(labelOf(setup, wanted), solution, doubts);
    }
    done += cost;
  }
  doubts.warnings.unshift(...doubtsOfFinest([...distinct.values()], (wanted) => solutions.get(keyOf(wanted))));
  return {
    value: (wanted) => found(solutions.get(keyOf(wanted)), wanted) as EpsilonSolution,
    effective: (wanted) => found(solutions.get(keyOf(wanted)), wanted),
    sharp: (wanted) => found(sharps.get(keyOf(wanted)), wanted),
    ...doubts,
  };
}

/** What the finest grid does not hold or resolve of the invariant measures: the same for every ε. */
function doubtsOfFinest(cases: readonly Case[], solutionOf: (wanted: Case) => Solution | undefined): readonly string[] {
  const solved = cases.filter((wanted) => wanted.box === 'standard' && solutionOf(wanted) !== undefined);
  const [finest] = solved.sort((a, b) => b.nx - a.nx || b.ny - a.ny);
  return finest === undefined ? [] : (solutionOf(finest)?.doubts ?? []);
}

interface Doubts {
  readonly failures: string[];
  readonly warnings: string[];
}

/** Notes what is doubtful about a solution. */
function judge(label: string, solution: Solution, { failures, warnings }: Doubts): void {
  const { outcome, doubts } = solution;
  // Those about the nodes are the same for every ε: once, of the finest grid.
  const own = solution.warnings.filter((warning) => !doubts.includes(warning));
  warnings.push(...own.map((warning) => `${label}: ${warning}`));
  if (outcome.status !== 'diverged') return;
  failures.push(`${label} diverged at step ${outcome.step}, node (${outcome.node}): ${outcome.advice}`);
}

/** The steps of a case that takes those of another one, solved before. */
function stepsOf(solutions: ReadonlyMap<string, Solution>, wanted: Case): number | undefined {
  const base = { ...wanted, box: wanted.stepsOf };
  if (wanted.kind === 'effective') return solutions.get(keyOf(base))?.steps;
  const steps = solutions.get(keyOf({ ...base, timeFactor: 1 } as ValueCase))?.steps;
  return steps === undefined ? undefined : steps * wanted.timeFactor;
}

/** A study and its problem on the nodes that were used before. */
interface Prepared {
  readonly setup: StudySetup;
  readonly prepared: Map<string, PreparedProblem>;
}

function solveCase(
  { setup, prepared }: Prepared,
  wanted: Case,
  steps: number | undefined,
  run: Run,
): Promise<Solution> {
  const { problem } = setup;
  const options = { ...optionsOf(setup, wanted, setup.method), steps };
  if (wanted.kind === 'effective') return solveEffectiveHjb(problem, { ...options, stepBound: boundOf(wanted) }, run);
  return solveValue({ setup, prepared }, wanted, { ...options, epsilon: wanted.epsilon }, run);
}

/** Vᵉ, on nodes that were used before with their coefficients. */
function solveValue(
  { setup, prepared }: Prepared,
  { nx, ny, box }: ValueCase,
  asked: EpsilonHjbOptions,
  run: Run,
): Promise<EpsilonSolution> {
  if (nodesOf(asked) > MOST_PREPARED) return solveEpsilonHjb(setup.problem, asked, run);
  const key = JSON.stringify([nx, ny, box]);
  const ready = prepared.get(key) ?? prepare(setup.problem, { slow: asked.slow, fast: asked.fast });
  prepared.set(key, ready);
  return ready.solve(asked, run);
}

/** Coefficients on more nodes are not kept: tens of megabytes, and the solve takes far longer than they do. */
const MOST_PREPARED = 2e5;

function nodesOf({ slow, fast }: Pick<EpsilonHjbOptions, 'slow' | 'fast'>): number {
  return [...slow, ...fast].reduce((product, axis) => product * axis.nodes, 1);
}

function solveSharpCase({ setup, prepared }: Prepared, wanted: Case, run: Run): Promise<Sharp<Solution>> {
  const { problem } = setup;
  const method = sharpMethod(setup.method);
  if (method === null) throw new Error(`${keyOf(wanted)}: nothing is sharper than the scheme of this study`);
  const options = optionsOf(setup, wanted, method);
  const nodes = nodesOf(options);
  if (wanted.kind === 'effective') {
    const ofLimit = { ...options, stepBound: boundOf(wanted) };
    const steps = () => estimateEffectiveSteps(problem, ofLimit);
    return solvedSharply(nodes, steps, () => solveEffectiveHjb(problem, ofLimit, run));
  }
  const ofValue = { ...options, epsilon: wanted.epsilon };
  const steps = () => estimateEpsilonSteps(problem, ofValue);
  return solvedSharply(nodes, steps, () => solveValue({ setup, prepared }, wanted, ofValue, run));
}

function optionsOf(setup: StudySetup, wanted: Case, { scheme, time }: Method) {
  return { ...axesOf(setup, wanted, wanted.box), scheme: scheme.name, time: time.name };
}

function boundOf({ steps }: EffectiveCase): 'pointwise' | 'averaged' {
  return steps === 'same' ? 'pointwise' : 'averaged';
}

function found<T>(solution: T | undefined, wanted: Case): T {
  if (solution === undefined) throw new Error(`no solution for ${keyOf(wanted)}: the case was not planned`);
  return solution;
}

function keyOf(wanted: Case): string {
  return JSON.stringify(Object.entries(wanted).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A filtered update of a node in those of upwind: 5 to 6 on the line. */
const SHARP_COST = 5;

/** Node updates up to a constant: the number of steps grows with nx. */
function costOf({ slow, fast }: StudySetup, wanted: Case): number {
  const factor = wanted.kind === 'value' ? wanted.timeFactor : wanted.steps === 'same' ? 0.5 : 0.1;
  const perUpdate = wanted.scheme === 'sharp' ? SHARP_COST : 1;
  return wanted.nx ** (slow.length + 1) * wanted.ny ** fast.length * factor * perUpdate;
}

/** "101 × 51", in the plane "25² × 25²". */
export function gridLabel({ slow, fast }: StudySetup, nx: number, ny: number): string {
  return `${nx}${slow.length === 2 ? '²' : ''} × ${ny}${fast.length === 2 ? '²' : ''}`;
}

function labelOf(setup: StudySetup, wanted: Case): string {
  const grid = gridLabel(setup, wanted.nx, wanted.ny);
  const sharp = wanted.scheme === 'sharp' ? `, ${SHARP}` : '';
  return wanted.kind === 'value' ? `Vᵉ, ε = ${wanted.epsilon}, ${grid}${sharp}` : `v, ${grid}${sharp}`;
}
