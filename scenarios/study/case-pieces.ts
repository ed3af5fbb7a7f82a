/** The solves of a study as pieces of work, each found from the scenario, the method and its own case alone. */
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
import type { MarchRun } from '../../src/time/march.ts';
import type { Method } from '../../src/time/schemes.ts';
import type { Lent, Piece } from '../run/piece.ts';
import { baseOf, type Case, distinct, type EffectiveCase, keyOf, labelOf, type ValueCase } from './cases.ts';
import { bytesOfCase, costOfCase } from './costs.ts';
import { axesOf, type StudySetup } from './setup.ts';
import { type Sharp, sharpMethod, solvedSharply } from './sharp-value.ts';
import { snapshotsOf, withSections } from './values-on-the-way.ts';

/** What a case finds. */
export type Solution = EpsilonSolution | EffectiveSolution;

/** The pieces of cases, and where a case is found. */
export interface CasePieces {
  readonly pieces: readonly Piece[];
  readonly keyOf: (wanted: Case) => string;
}

/** One piece for every distinct case. Pieces on the same grid share its coefficients. */
export function casePieces(setup: StudySetup, cases: readonly Case[]): CasePieces {
  const prepared = new Map<string, PreparedProblem>();
  const planned = distinct(cases);
  const keys = new Map(planned.map((wanted) => [keyOf(wanted), pieceKey(setup, wanted)]));
  const found = (wanted: Case) => {
    const key = keys.get(keyOf(wanted));
    if (key === undefined) throw new Error(`no solution for ${keyOf(wanted)}: the case was not planned`);
    return key;
  };
  const pieces = planned.map((wanted): Piece => {
    const base = baseOf(wanted);
    const after = base === null || !keys.has(keyOf(base)) ? [] : [found(base)];
    return {
      key: found(wanted),
      label: labelOf(setup, wanted),
      cost: costOfCase(setup, wanted),
      bytes: bytesOfCase(setup, wanted),
      after,
      kin: gridOf(wanted),
      find: (lent) => solvedCase({ setup, prepared }, wanted, after, lent),
    };
  });
  return { pieces, keyOf: found };
}

/** Everything the solution depends on. */
function pieceKey(setup: StudySetup, wanted: Case): string {
  const { scheme, time } = wanted.scheme === 'own' ? setup.method : (sharpMethod(setup.method) ?? setup.method);
  return JSON.stringify({
    piece: 'case',
    problem: setup.scenario.definition,
    axes: axesOf(setup, wanted, wanted.box),
    axesOfSteps: axesOf(setup, wanted, wanted.stepsOf),
    method: [scheme.name, time.name],
    case: wanted,
  });
}

function gridOf({ nx, ny, box }: Case): string {
  return JSON.stringify([nx, ny, box]);
}

/** A study and its problem on the nodes that were used before. */
interface Prepared {
  readonly setup: StudySetup;
  readonly prepared: Map<string, PreparedProblem>;
}

function solvedCase(
  ready: Prepared,
  wanted: Case,
  after: readonly string[],
  lent: Lent,
): Promise<Solution | Sharp<Solution>> {
  const { kernel, signal, clock, progress } = lent;
  // The steps of a graphics card cannot be stopped on the way.
  const checkpoint = kernel.kind === 'gpu' ? undefined : lent.checkpoint;
  const run: MarchRun = { kernel, signal, clock, progress, checkpoint };
  if (wanted.scheme === 'sharp') return solveSharpCase(ready, wanted, run);
  const [base] = after.map((key) => lent.read(key) as Solution);
  return solveCase(ready, wanted, base === undefined ? undefined : base.steps * wanted.timeFactor, run);
}

async function solveCase(ready: Prepared, wanted: Case, steps: number | undefined, run: MarchRun): Promise<Solution> {
  const { setup } = ready;
  const options = { ...optionsOf(setup, wanted, setup.method), steps, snapshots: snapshotsOf(setup, wanted) };
  const found =
    wanted.kind === 'effective'
      ? await solveEffectiveHjb(setup.problem, { ...options, stepBound: boundOf(wanted) }, run)
      : await solveValue(ready, wanted, { ...options, epsilon: wanted.epsilon }, run);
  return withSections(setup, found);
}

/** Vᵉ, on nodes that were used before with their coefficients. */
function solveValue(
  { setup, prepared }: Prepared,
  wanted: ValueCase,
  asked: EpsilonHjbOptions,
  run: MarchRun,
): Promise<EpsilonSolution> {
  if (nodesOf(asked) > MOST_PREPARED) return solveEpsilonHjb(setup.problem, asked, run);
  const key = gridOf(wanted);
  const ready = prepared.get(key) ?? prepare(setup.problem, { slow: asked.slow, fast: asked.fast });
  prepared.set(key, ready);
  return ready.solve(asked, run);
}

/** Coefficients on more nodes are not kept: tens of megabytes, and the solve takes far longer than they do. */
const MOST_PREPARED = 2e5;

function nodesOf({ slow, fast }: Pick<EpsilonHjbOptions, 'slow' | 'fast'>): number {
  return [...slow, ...fast].reduce((product, axis) => product * axis.nodes, 1);
}

function solveSharpCase(ready: Prepared, wanted: Case, run: MarchRun): Promise<Sharp<Solution>> {
  const { setup } = ready;
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
  return solvedSharply(nodes, steps, () => solveValue(ready, wanted, ofValue, run));
}

function optionsOf(setup: StudySetup, wanted: Case, { scheme, time }: Method) {
  return { ...axesOf(setup, wanted, wanted.box), scheme: scheme.name, time: time.name };
}

function boundOf({ steps }: EffectiveCase): 'pointwise' | 'averaged' {
  return steps === 'same' ? 'pointwise' : 'averaged';
}
