import { certify } from '../../solvers/index.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import type { Certificate } from '../../src/verification/certificate.ts';
import { type CasesRun, effectiveCase, type Solved, valueCase } from './cases.ts';
import { domainChanges } from './domain-table.ts';
import { fastLevels } from './grid-tables.ts';
import { axesOf, type StudySetup } from './setup.ts';

/**
 * The certificates of a study, at the finest level (in the plane at the coarsest, since every row in y is probed, and
 * with controls that fill a box, since their feet lead to every x): the step for Vᵉ at the ε of the grid tables, and
 * the one for v. None for a method whose steps are solved by policy iteration. What a wider x-box changes is taken from
 * the table `domain`, hence on the coarsest level.
 */
export async function studyCertificates(setup: StudySetup, solved: Solved, run: CasesRun): Promise<Certificate[]> {
  const { problem, moderate, observe, method } = setup;
  const onLine = setup.slow.length + setup.fast.length === 2;
  const isFine = onLine && finiteControls(problem) !== null;
  const coarse = { nx: setup.coarse.nx, ny: onLine ? setup.coarse.ny : fastLevels(setup)[0] };
  const { nx, ny } = isFine ? setup.fine : coarse;
  const { slow, fast } = axesOf(setup, { nx, ny }, 'standard');
  const of = (epsilon: number | undefined) => {
    const solution =
      epsilon === undefined
        ? solved.effective(effectiveCase(nx, ny, { steps: onLine ? 'own' : 'same' }))
        : value(epsilon);
    const { steps } = solution;
    const names = { scheme: method.scheme.name, time: method.time.name };
    const domainChange = domainChanges(setup, solved, 'wide-x')[epsilon === undefined ? 'effective' : 'value'];
    const options = { slow, fast, steps, observe, solution, domainChange, ...names };
    return certify(problem, epsilon === undefined ? options : { ...options, epsilon }, { ...run, progress: undefined });
  };
  const value = (epsilon: number) => solved.value(valueCase(epsilon, nx, ny));
  // Steps of policy iteration are no lists of phases that could be probed.
  if (method.time.steps.kind === 'policy') return [];
  run.progress?.('certificates', 1);
  return [await of(moderate), await of(undefined)];
}
