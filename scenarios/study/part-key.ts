import type { StudySetup } from './setup.ts';

/** Everything a part of a study depends on: the scenario but for its title and comments, and the method. */
export function partKey({ scenario, problem, method }: StudySetup, part: string): string {
  const { definition, domain, observe, study, optimize } = scenario;
  return JSON.stringify({
    piece: part,
    problem: definition,
    exact: problem.exact?.source,
    ...{ domain, observe, study, optimize },
    method: [method.scheme.name, method.time.name],
  });
}
