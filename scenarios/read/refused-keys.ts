/** Keys that look right and are none: what is not solved, and what stands in another place; each with its reason. */
import type { LocatedText, Path } from './locate.ts';
import { ScenarioError } from './scenario-error.ts';

const correlations = ['correlation', 'correlations', 'correlated', 'covariance', 'rho'];
const correlationPaths: readonly Path[] = [
  [],
  ['model'],
  ['model', 'slow'],
  ['model', 'slow', 'noise'],
  ['model', 'fast'],
  ['model', 'fast', 'noise'],
];

const ofSlowFast = ['slow', 'fast', 'noise', 'terminal', 'running', 'discount'];

/** Throws ScenarioError for a key that is refused for a reason of its own; the schema refuses other unknown ones. */
export function refuseForeignKeys(text: LocatedText): void {
  for (const path of correlationPaths) {
    const key = correlations.find((name) => text.has([...path, name]));
    if (key !== undefined) throw correlated(text, [...path, key]);
  }
  for (const name of ['noise', 'discount']) {
    if (text.has([name])) throw misplaced(text, [name]);
  }
  const { kind } = (text.data as { readonly model?: { readonly kind?: unknown } | null }).model ?? {};
  if (kind === 'deep-relaxation') {
    const key = ofSlowFast.find((name) => text.has(['model', name]));
    if (key !== undefined) throw beyondDeepRelaxation(text, key);
  }
  if (kind === 'slow-fast' && text.has(['model', 'noise'])) throw misplaced(text, ['model', 'noise']);
}

function correlated(text: LocatedText, path: Path): ScenarioError {
  return new ScenarioError(
    text.placeOfKey(path),
    `${path.map(String).join('.')} asks for Brownian motions W of x and B of y that are correlated`,
    'they add −(1/√ε) 2tr(… D²_xyV): the limit v is the same, the rate falls to √ε, and no scheme along the axes is ' +
      'monotone with it',
    'leave it out, W and B are then independent; motions that x1 and x2 share are lists: ' +
      'noise: {x1: ["0.3", "0.1"], x2: ["0", "0.2"]}',
  );
}

function misplaced(text: LocatedText, path: Path): ScenarioError {
  const key = String(path.at(-1));
  const isNoise = key === 'noise';
  return new ScenarioError(
    text.placeOfKey(path),
    `"${key}" stands ${path.length === 1 ? 'at the top' : 'in model'}`,
    isNoise ? 'dW acts on slow variables and dB on fast ones' : 'the discount is part of the cost of the model',
    isNoise
      ? 'write slow: {drift: {x: …}, noise: {x: "0.3"}}, or fast: {drift: {y: …}, noise: {y: "sqrt(2)"}}'
      : 'write it in model',
  );
}

function beyondDeepRelaxation(text: LocatedText, key: string): ScenarioError {
  return new ScenarioError(
    text.placeOfKey(['model', key]),
    `"${key}" is not a key of a deep-relaxation model`,
    'there x has no noise, y has √2, and the terminal cost is the loss: known keys are kind, loss, gamma, control',
    'write kind: slow-fast with slow: {x: "-u*gamma*(x-y)"}, fast: {potential: "f(y) + gamma*(x-y)^2/2"}, and it',
  );
}
