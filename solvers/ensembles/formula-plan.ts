/** Steps from formulas, compiled or not: any dimension, any control, noise in x and any noise in y. */
import { noiseSeesControl } from '../../src/control/noise-rates.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import { call, substituted, type Tree } from '../../src/formula/tree.ts';
import { InputError } from '../../src/input/input-error.ts';
import type { Coordinates, Problem } from '../../src/model/problem.ts';
import { type FieldTrees, namesOf, treesIn, treesOf } from '../../src/model/trees.ts';
import { type CompiledControl, TIME } from '../../src/paths/formula-paths.ts';
import { hasNoiseTerms, twoScaleSystem, whatNoiseSees } from '../../src/paths/path-system.ts';
import { nodalControl } from './open-loop.ts';
import { lawOf, type PathControl, slopesOf } from './path-control.ts';
import type { PathMethod, TwoScaleOptions } from './path-options.ts';
import type { PathsPlan, StepTime } from './planned-steps.ts';

/**
 * Steps from formulas, compiled where the problem and the control are written as formulas: Heun where the noise is the
 * same everywhere, else Platen's. Throws InputError for other methods.
 */
export function formulaPlan(problem: Problem, options: TwoScaleOptions): PathsPlan {
  const { epsilon, control } = options;
  const method = whatNoiseSees(problem).isConstant ? 'heun' : 'platen';
  refuseMethod(options, method);
  const extra = problem.runningCost === undefined ? [] : [0];
  const windows = control.kind === 'argmin' ? slopesOf(problem, control).windows.length : 1;
  const candidates = finiteControls(problem);
  const fields = isCompiled(problem, control) ? closedLoop(costTrees(problem), control) : null;
  return {
    method,
    windows,
    tableError: [0, 0],
    isBoundToBox: false,
    extra,
    make: (time) => {
      const system = twoScaleSystem(problem, epsilon, lawOf(problem, control));
      if (fields === null) return { system };
      const { diffusion } = system;
      const compiled = compiledControl(problem, control, candidates ?? [], time);
      return { formulas: { fields, epsilon, control: compiled, ...(diffusion && { diffusion }) } };
    },
  };
}

/** A compiled loop chooses among finitely many controls by φ·p + ℓ, ℓ without a discount. */
function isCompiled(problem: Problem, control: PathControl): boolean {
  const { runningCost, discount = 0 } = problem;
  if (control.kind !== 'argmin') return true;
  if (noiseSeesControl(problem)) return false;
  return finiteControls(problem) !== null && (runningCost === undefined || discount === 0);
}

/** The formulas of φ, b, e^{−λt}ℓ, s and r. */
function costTrees(problem: Problem): FieldTrees | null {
  const fields = treesOf(problem);
  const noise = noiseTrees(problem);
  const { discount = 0 } = problem;
  if (fields === null || noise === null) return null;
  const general = noise.length === 0 ? fields : { ...fields, noise };
  if (fields.runningCost === undefined || discount === 0) return general;
  const age = call('*', { kind: 'number', value: -discount }, { kind: 'name', name: TIME });
  return { ...general, runningCost: call('*', call('exp', age), fields.runningCost) };
}

/** s, row after row, then r; none where both are as usual, null where one is a closure. */
function noiseTrees(problem: Problem): readonly Tree[] | null {
  if (!hasNoiseTerms(problem)) return [];
  const { slowNoise = [], fast } = problem;
  const names = namesOf(problem);
  const usual = fast.drift.map((): Tree => ({ kind: 'number', value: Math.SQRT2 }));
  const [slow, own] = [treesIn(slowNoise.flat(), names), treesIn((fast.kind === 'drift' && fast.noise) || [], names)];
  return slow === null || own === null ? null : [...slow, ...(own.length === 0 ? usual : own)];
}

/** The formulas of φ and b under a control; null where φ, b or a feedback is no formula, or time has a rival. */
function closedLoop(fields: FieldTrees | null, control: PathControl): FieldTrees | null {
  if (fields === null || fields.names.flat().includes(TIME)) return null;
  if (control.kind !== 'feedback') return fields;
  const { trees } = control.at;
  if (trees === undefined) return null;
  const { names, slowDrift, fastDrift, runningCost, noise } = fields;
  const [x, y, u] = names;
  const parts = Object.fromEntries(u.map((name, i) => [name, trees[i]]));
  return {
    names: [x, y, []],
    slowDrift: slowDrift.map((tree) => substituted(tree, parts)),
    fastDrift,
    runningCost: runningCost && substituted(runningCost, parts),
    noise: noise?.map((tree) => substituted(tree, parts)),
  };
}

function compiledControl(
  problem: Problem,
  control: PathControl,
  candidates: readonly Coordinates[],
  { dt, steps }: StepTime,
): CompiledControl {
  if (control.kind === 'argmin') {
    return { kind: 'argmin', candidates, slopes: slopesOf(problem, control) };
  }
  if (control.kind === 'constant') return { kind: 'rows', rows: [control.u] };
  if (control.kind === 'feedback') return { kind: 'rows', rows: [[]] };
  const nodal = nodalControl(control, dt, steps);
  return { kind: 'rows', rows: Array.from({ length: steps + 1 }, (_, k) => Array.from(nodal(k))) };
}

function refuseMethod({ method }: TwoScaleOptions, taken: PathMethod): void {
  if (method === undefined || method === taken) return;
  throw new InputError(
    `the method ${method} does not apply here`,
    `noise that ${taken === 'heun' ? 'is the same everywhere' : 'depends on the state'} takes ${taken} steps`,
    'leave the method out',
  );
}
