/**
 * The certificate of a solve: monotone, stable and consistent (Barles, Souganidis 1991), and what truncating the domain
 * costs, measured on the step program that ran.
 */

import { noiseSeesControl } from '../src/control/noise-rates.ts';
import { wasmKernel } from '../src/kernel/wasm/wasm.ts';
import { dimensionsOf, type Problem } from '../src/model/problem.ts';
import { withoutFloor } from '../src/time/filtered.ts';
import type { Run } from '../src/time/march.ts';
import { methodOf } from '../src/time/schemes.ts';
import type { Certificate, Finding } from '../src/verification/certificate.ts';
import { type CertifiedStep, certifyMonotone, isBoundByUse } from '../src/verification/certificate-monotone.ts';
import { certifyStable } from '../src/verification/certificate-stable.ts';
import { poseEffectiveHjb } from './effective-hjb.ts';
import { poseEpsilonHjb } from './epsilon-hjb.ts';
import { requireGrid } from './marching/dimensions.ts';
import { type Posed, type PosedStep, posedStep } from './marching/plan.ts';
import { certifyConsistent } from './verification/certificate-consistent.ts';
import { certifyDomain } from './verification/certificate-domain.ts';
import { type CertificateOptions, solved } from './verification/certificate-options.ts';

/**
 * Certifies the solve with these options: at its dt, ε and grid, on the kernel of the run. Nothing is thrown where a
 * property fails: the finding says where, the probable cause and a remedy. Throws InputError as the solvers do, and an
 * AbortError where a solve is cancelled.
 */
export async function certify(problem: Problem, options: CertificateOptions, run: Run = {}): Promise<Certificate> {
  const kernel = run.kernel ?? (await wasmKernel());
  const lent = { ...run, kernel, progress: undefined };
  const { epsilon } = options;
  const method = methodOf(epsilon === undefined ? 'effective' : 'epsilon', options);
  requireGrid(problem, method, 'a certificate');
  const posed =
    epsilon === undefined
      ? poseEffectiveHjb(problem, method, options)
      : poseEpsilonHjb(problem, method, { ...options, epsilon });
  const step = posedStep(posed, options);
  const solution = options.solution ?? (await solved(problem, { ...options, method, steps: step.steps }, lent));
  const isFramed = 'frame' in options && options.frame === 'moving';
  const onLine = dimensionsOf(problem).n === 1 && dimensionsOf(problem).m === 1;
  // The numbers do not depend on threads, and single steps are too short to share.
  const probing = kernel.kind === 'wasm' && kernel.threads > 1 ? await wasmKernel() : kernel;
  const certifiedStep = { ...stepToCertify(posed, step, solution.values), kernel, probing };
  run.progress?.(1 / 4);
  const monotone = await certifyMonotone(certifiedStep);
  run.progress?.(2 / 4);
  const stable = await certifyStable(certifiedStep, solution.values, monotone);
  const consistent =
    onLine && !isFramed && !noiseSeesControl(problem) ? await certifyConsistent(posed, options, probing) : notMeasured;
  run.progress?.(3 / 4);
  const domain = await certifyDomain(problem, { ...options, method, steps: step.steps, solution }, lent);
  run.progress?.(1);
  const nodes = (axes: readonly { readonly nodes: number }[]) => axes.map(({ nodes }) => nodes);
  return {
    of: {
      equation: method.equation,
      scheme: method.scheme.name,
      time: method.time.name,
      epsilon: epsilon ?? null,
      nodes: { x: nodes(options.slow), y: nodes(options.fast) },
      steps: step.steps,
      dt: step.dt,
      backend: kernel.backend,
    },
    monotone,
    stable,
    consistent,
    domain,
  };
}

/** Three levels of refinement in three or four variables take too long. */
const notMeasured: Finding = {
  status: 'not claimed',
  measured: {},
  note: 'measured for one slow and one fast variable in the fixed frame, for noise that no control moves',
};

function stepToCertify(
  { problem, method, grid }: Posed,
  { program, dt, rate }: PosedStep,
  solution: Float64Array,
): Omit<CertifiedStep, 'kernel' | 'probing'> {
  const start = program.buffers[program.value].slice();
  const found = solution.every(Number.isFinite) ? [solution] : [];
  const states = [start, ...found, ...(isBoundByUse(program) ? [] : roughStates(start))];
  const { horizon, discount = 0 } = problem;
  const claim = method.scheme.monotone;
  return { program: withoutFloor(program), grid, claim, dt, horizon, discount, states, reach: rate * dt };
}

/** A rough field as large as f and its negative: between them every one of two controls is the best at every node. */
function roughStates(start: Float64Array): Float64Array[] {
  const size = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const rough = start.map((_, k) => size * Math.sin(12.9898 * (k + 1) ** 1.1));
  return [rough, rough.map((value) => -value)];
}
