/** The memory of unsplit solves in the plane of two fast variables, asked for before any coefficient is evaluated. */

import type { FastSolve } from '../../src/generator/splitting.ts';
import type { Axis } from '../../src/grid/axis.ts';
import { forEachNode, tensorGrid } from '../../src/grid/grid.ts';
import { InputError } from '../../src/input/input-error.ts';
import { inverseLength } from '../../src/linalg/plane-elimination.ts';
import { isReversible } from '../../src/model/fast-scale.ts';
import { movingFrame } from '../../src/model/moving-frame.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type Method, resolventsOf } from '../../src/time/schemes.ts';
import { slowPoints } from './terminal-values.ts';

/** What decides whether a solve is unsplit. */
interface PlaneOptions {
  readonly slow: readonly Axis[];
  readonly fast: readonly Axis[];
  readonly fastSolve?: FastSolve['kind'];
  readonly frame?: 'fixed' | 'moving';
}

/** Throws InputError where the factors of unsplit solves and the fewest other fields exceed `free` bytes. */
export function requirePlaneRoom(problem: Problem, method: Method, options: PlaneOptions, free: number): void {
  const { slow, fast, fastSolve } = options;
  const unsplit = fastSolve === 'planes' || !isReversible(problem);
  // In a moving frame all x share the factors.
  if (fast.length !== 2 || !unsplit || resolventsOf(method) === 0 || options.frame === 'moving') return;
  const lanes = tensorGrid(slow).size;
  const bytesOn = (shape: readonly number[], factorised: number) =>
    8 * (resolventsOf(method) * factorsOf(shape, factorised) + fewestFields(slow.length) * lanes * shape[0] * shape[1]);
  const shape = fast.map(({ nodes }) => nodes);
  const needed = bytesOn(shape, lanes);
  if (needed <= free || (bytesOn(shape, 1) <= free && isStill(problem, slow, fast))) return;
  let fitting = Math.max(...shape);
  while (fitting > 2 && bytesOn([fitting, fitting], lanes) > free) fitting--;
  const moving = movingFrame(problem) === null ? '' : ', or a moving frame, in which all x share the factors';
  throw new InputError(
    `unsplit solves in y1, y2 need ${gib(needed)} on these nodes`,
    `they keep nodes(y)³ factors for every x, and the kernel has ${gib(free)}`,
    `take ${fitting > 2 ? `at most ${fitting} nodes per fast axis, or ` : ''}fewer slow nodes${moving}`,
    'domain',
  );
}

/** Rates along both axes, the value before and after a step, one candidate control. */
function fewestFields(n: number): number {
  return 4 + 2 + n;
}

function factorsOf(shape: readonly number[], lanes: number): number {
  const [width, rows] = [...shape].sort((a, b) => a - b);
  return inverseLength(lanes, [width, rows]);
}

/** Are b and r the same at every x? Then all x share one factorisation. */
function isStill({ fast: chain }: Problem, slow: readonly Axis[], fast: readonly Axis[]): boolean {
  const fields = [...chain.drift, ...((chain.kind === 'drift' && chain.noise) || [])];
  const [first, ...others] = slowPoints(tensorGrid(slow));
  let still = true;
  for (const x of others) {
    if (!still) return false;
    forEachNode(tensorGrid(fast), (_, y) => {
      still &&= fields.every((field) => field(x, y) === field(first, y));
    });
  }
  return still;
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
