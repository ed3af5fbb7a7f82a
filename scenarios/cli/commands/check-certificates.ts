/** `hjb check S --certificate`: the certificates of the solves that `hjb solve` and `hjb effective` would run. */
import { type Certificate, type CertificateOptions, certify } from '../../../solvers/index.ts';
import { observedBox } from '../../grids.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import type { Flags, Request } from '../flags/command.ts';
import { gridFlags, gridsOf } from '../flags/grid.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodGiven, methodNames, refuseEndless } from '../flags/method.ts';
import { inScenario } from '../flags/scenario.ts';
import { positiveNumber, wholeNumber } from '../flags/values.ts';
import { solving } from './solving.ts';

const stepFlags = {
  epsilon: { value: 'E', description: 'the ε of the certified step (default 0.1)' },
  ...gridFlags,
  ...methodFlags(['epsilon']),
  ...kernelFlags,
} satisfies Flags;

export const certificateFlags = {
  certificate: {
    description: 'certify the step that solve and effective would run: monotone, stable, consistent; domain',
  },
  ...stepFlags,
} satisfies Flags;

const USUAL_EPSILON = 0.1;

/** The certificates of both equations, of one where the time is not known to the other; none without --certificate. */
export async function certificatesOf(request: Request, scenario: Scenario): Promise<Certificate[]> {
  const { given } = request;
  if (!given.on('certificate')) {
    refuseStepFlags(request);
    return [];
  }
  const method = methodGiven(request, 'epsilon');
  const epsilon = positiveNumber(given, 'epsilon') ?? USUAL_EPSILON;
  const steps = wholeNumber(given, 'steps', 1);
  const { slow, fast, fastScheme } = await inScenario(scenario, () => gridsOf(scenario, request));
  if (!method.time.asymptoticPreserving && steps === undefined)
    refuseEndless(scenario, epsilon, Math.min(...fast.map(({ spacing }) => spacing)));
  const { x, y } = observedBox(scenario);
  const sides = [...x, ...y];
  const observe = { lower: sides.map(({ lower }) => lower), upper: sides.map(({ upper }) => upper) };
  const options: CertificateOptions = { slow, fast, fastScheme, steps, observe, ...methodNames(method) };
  const both = method.scheme.times.effective.some(({ name }) => name === method.time.name);
  const of = (label: string, wanted: CertificateOptions) =>
    solving(request, `certificate of ${label}`, scenario, (run) => certify(scenario.problem, wanted, run));
  const first = await of(`Vᵉ, ε = ${epsilon}`, { ...options, epsilon });
  return both ? [first, await of('v', options)] : [first];
}

/** A flag of the step says nothing without a certificate. Throws ScenarioError. */
function refuseStepFlags({ given }: Request): void {
  const flag = Object.keys(stepFlags).find((name) => given.value(name) !== undefined);
  if (flag === undefined) return;
  throw new ScenarioError(
    `--${flag}`,
    `--${flag} is given without --certificate`,
    'the assumptions do not depend on it',
    `add --certificate, or leave --${flag} out`,
  );
}
