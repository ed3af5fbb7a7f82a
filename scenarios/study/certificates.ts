import { certify } from '../../solvers/index.ts';
import { finiteControls } from '../../src/control/pointwise-minimum.ts';
import type { Run } from '../../src/time/march.ts';
import type { Certificate } from '../../src/verification/certificate.ts';
import { effectiveCase, valueCase } from './cases.ts';
import { domainChanges } from './domain-table.ts';
import { fastLevels } from './grid-tables.ts';
import { axesOf, type StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';

/**
 * A certificate of a study, at the finest level (in the plane at the coarsest, since every row in y is probed, and
 * with controls that fill a box, since their feet lead to every x): of the step for Vᵉ at the ε of the grid tables, or
 * of the one for v. What a wider x-box changes is taken from the table `domain`, hence on the coarsest level.
 */
export function studyCertificate(
  setup: StudySetup,
  solved: Solved,
  of: 'value' | 'effective',
  run: Run,
): Promise<Certificate> {
  const { problem, moderate, observe, method } = setup;
  const onLine = setup.slow.length + setup.fast.length === 2;
  const isFine = onLine && finiteControls(problem) !== null;
  const coarse = { nx: setup.coarse.nx, ny: onLine ? setup.coarse.ny : fastLevels(setup)[0] };
  const { nx, ny } = isFine ? setup.fine : coarse;
  const solution =
    of === 'value'
      ? solved.value(valueCase(moderate, nx, ny))
      : solved.effective(effectiveCase(nx, ny, { steps: onLine ? 'own' : 'same' }));
  const options = {
    ...axesOf(setup, { nx, ny }, 'standard'),
    steps: solution.steps,
    observe,
    solution,
    domainChange: domainChanges(setup, solved, 'wide-x')[of],
    scheme: method.scheme.name,
    time: method.time.name,
  };
  return certify(problem, of === 'value' ? { ...options, epsilon: moderate } : options, run);
}

/** Whether its steps can be certified: those of policy iteration are no lists of phases that could be probed. */
export function hasCertificates({ method }: StudySetup): boolean {
  return method.time.steps.kind !== 'policy';
}
