import { refuseEffectiveSolve, refuseEpsilonSolve } from '../../solvers/workbench.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import type { Case } from './cases.ts';
import { axesOf, type StudySetup } from './setup.ts';
import type { StudyPlan } from './study-plan.ts';

/** On more nodes than this the coarsest level stands for a level: coefficients take seconds on them. */
const MOST_NODES = 2e5;

/**
 * Every refusal that a march of the study would make, before anything is kept: of its method, its terms and its
 * dimensions, and of coefficients without a value at a node of any of its boxes and levels. A value beside that of the
 * scheme may be left out and is not asked for. Throws InputError.
 */
export async function checkMarches({ setup, cases }: StudyPlan): Promise<void> {
  const free = await freeBytes();
  const asked = new Set<string>();
  for (const { kind, box, scheme, ...wanted } of cases) {
    if (scheme === 'sharp') continue;
    const { nx, ny } = levelOf(setup, wanted);
    const key = JSON.stringify([kind, nx, ny, box]);
    if (asked.has(key)) continue;
    asked.add(key);
    const { scheme: own, time } = setup.method;
    const options = { ...axesOf(setup, { nx, ny }, box), scheme: own.name, time: time.name };
    if (kind === 'effective') refuseEffectiveSolve(setup.problem, options);
    else refuseEpsilonSolve(setup.problem, { ...options, epsilon: setup.moderate }, free);
  }
}

async function freeBytes(): Promise<number> {
  const session = (await wasmKernel()).open();
  const { free } = session;
  session.close();
  return free;
}

function levelOf({ slow, fast, coarse }: StudySetup, { nx, ny }: Pick<Case, 'nx' | 'ny'>) {
  return nx ** slow.length * ny ** fast.length > MOST_NODES ? coarse : { nx, ny };
}
