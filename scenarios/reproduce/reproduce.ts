/** Every claim of the theory, measured on every model (Bardi, Kouhkouh 2023). */
import { readScenario } from '../read/read-scenario.ts';
import { correctorClaim, deltaClaims } from './cell-claims.ts';
import type { Claim } from './claim.ts';
import { controlClaims } from './control-claims.ts';
import { exchangeClaims } from './exchange-claims.ts';
import { generalClaims } from './general-claims.ts';
import { generalModelOf, generalNames } from './general-models.ts';
import { type ClaimRun, type Effort, type Model, modelOf, modelSizes } from './model.ts';
import { pathClaims } from './path-claims.ts';
import { valueClaims } from './value-claims.ts';

export interface Reproduction {
  readonly effort: Effort;
  readonly seed: number;
  readonly models: readonly { readonly name: string; readonly title: string }[];
  readonly claims: readonly Claim[];
}

/** In the order of the paper. */
const measurements: readonly ((model: Model, run: ClaimRun) => Claim[] | Promise<Claim[]>)[] = [
  pathClaims,
  valueClaims,
  controlClaims,
  deltaClaims,
  exchangeClaims,
  async (model, run) => [await correctorClaim(model, run)],
];

/** Measures all claims; `progress` is told the fraction done. Stops early, with what it has, when cancelled. */
export async function reproduceClaims(
  names: readonly string[],
  run: ClaimRun,
  progress: (label: string, fraction: number) => void,
): Promise<Reproduction> {
  const { effort, seed, signal } = run;
  const models = names.filter((name) => name in modelSizes).map((name) => modelOf(readScenario(name), effort));
  const general = names.filter((name) => generalNames.includes(name)).map((name) => generalModelOf(name, effort));
  const claims: Claim[] = [];
  const all = measurements.length * models.length + general.length;
  let done = 0;
  for (const measure of measurements) {
    for (const model of models) {
      if (signal.aborted) break;
      progress(model.name, done++ / all);
      claims.push(...(await measure(model, run)));
    }
  }
  for (const model of general) {
    if (signal.aborted) break;
    progress(model.name, done++ / all);
    claims.push(...(await generalClaims(model, run)));
  }
  return { effort, seed, models: [...models, ...general].map(({ name, title }) => ({ name, title })), claims };
}
