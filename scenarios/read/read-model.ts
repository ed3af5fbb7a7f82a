import { compileExpression, compileExpressions, namesIn, parseExpression } from '../../src/formula/expression.ts';
import type { Formula } from '../../src/formula/formula.ts';
import { printable } from '../../src/input/printable.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { fromPotential } from '../../src/model/fast-diffusion.ts';
import type { Exact, FastProcess, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import type { Path } from './locate.ts';
import { refuseAxisSet } from './read-axes.ts';
import { readControls, shownControls, shownRange } from './read-controls.ts';
import type { Reader } from './reader.ts';
import type { DeepRelaxationModel, ScenarioFile, SlowFastModel } from './schema.ts';

type Formulas = (readonly [string, string])[];

/** The problem of a scenario file. Throws ScenarioError. */
export function readModel(file: ScenarioFile, reader: Reader, name: string): Problem {
  const horizon = reader.number(['horizon'], file.horizon);
  if (!(horizon > 0)) {
    reader.refuse(['horizon'], `the horizon is ${horizon}`, 'time runs from 0 to the horizon', 'write a horizon > 0');
  }
  const frame = { name, title: printable(file.title ?? name), horizon };
  return file.model.kind === 'deep-relaxation'
    ? readDeepRelaxation(file, file.model, reader, frame)
    : readSlowFast(file, file.model, reader, frame);
}

interface Frame {
  readonly name: string;
  readonly title: string;
  readonly horizon: number;
}

function readDeepRelaxation(file: ScenarioFile, model: DeepRelaxationModel, reader: Reader, frame: Frame): Problem {
  const path = ['model', 'loss'];
  const dimension = highestIndex(model.loss, reader, 'x', file) === 2 ? 2 : 1;
  const names = axisNames('x', dimension);
  const loss = compileExpression(reader.expression(path, model.loss, names), names);
  const gradient = reader.at(path, () => loss.gradient?.(0) ?? []);
  const gamma = reader.number(['model', 'gamma'], model.gamma);
  if (!(gamma > 0)) {
    reader.refuse(
      ['model', 'gamma'],
      `model.gamma is ${gamma}`,
      'the coupling γ|x−y|²/2 must attract y to x',
      'write a gamma > 0, larger than the Lipschitz constant of the gradient of the loss',
    );
  }
  const control = reader.closedInterval(['model', 'control'], model.control);
  const slopes: Formulas = gradient.map(({ text = '' }, i) => [dimension === 1 ? '∇f' : `∂f/∂${names[i]}`, text]);
  return deepRelaxationProblem({
    ...frame,
    loss,
    gradient,
    gamma,
    control,
    exact: readExact(file, reader, names, axisNames('y', dimension)),
    formulas: [
      ...indexed('f', [loss]),
      ['V(y,x)', 'f(y) + γ|x−y|²/2'],
      ['φ', '−uγ(x−y)'],
      ['b', 'γ(x−y) − ∇f(y)'],
      ...slopes,
      ['U', shownRange(control)],
      ['γ', String(gamma)],
      ...parameterFormulas(reader),
    ],
  });
}

function readSlowFast(file: ScenarioFile, model: SlowFastModel, reader: Reader, frame: Frame): Problem {
  refuseAxisSet(reader, ['model', 'slow'], 'x', Object.keys(model.slow));
  const x = Object.keys(model.slow).sort();
  const y = readFastNames(file, model, reader);
  const controls = readControls(model, reader);
  const u = controls.names;
  const controlled = (path: Path, text: string | number) => reader.expression(path, text, [...x, ...y, ...u]);
  const slow = x.map((each) => controlled(['model', 'slow', each], model.slow[each]));
  const slowDrift = compileExpressions(slow, x, y, u);
  const running =
    model.running === undefined ? [] : [compileExpression(controlled(['model', 'running'], model.running), x, y, u)];
  const terminalCost = compileExpression(reader.expression(['model', 'terminal'], model.terminal, x), x);
  const fast = readFast(model, reader, x, y);
  return {
    ...frame,
    controls,
    slowDrift,
    fast,
    terminalCost,
    runningCost: running[0],
    exact: readExact(file, reader, x, y),
    formulas: [
      ...indexed('φ', slowDrift),
      ...indexed('Φ', fast.kind === 'potential' ? [fast.potential] : []),
      ...indexed('b', fast.drift),
      ...(u.length === 0 ? [] : [['U', shownControls(controls)] as const]),
      ...indexed('f', [terminalCost]),
      ...indexed('ℓ', running),
      ...parameterFormulas(reader),
    ],
  };
}

function readFast(model: SlowFastModel, reader: Reader, x: readonly string[], y: readonly string[]): FastProcess {
  const { drift, potential } = model.fast;
  if (drift !== undefined) {
    const drifts = y.map((each) => reader.expression(['model', 'fast', 'drift', each], drift[each], [...x, ...y]));
    return { kind: 'drift', drift: compileExpressions(drifts, x, y) };
  }
  const path = ['model', 'fast', 'potential'];
  const whole = compileExpression(reader.expression(path, potential ?? '', [...x, ...y]), x, y);
  return reader.at(path, () => fromPotential(whole));
}

/** The fast axes: the keys of the drift, or the y names that the potential and the boxes speak of. */
function readFastNames(file: ScenarioFile, model: SlowFastModel, reader: Reader): readonly string[] {
  const { drift, potential } = model.fast;
  const path = ['model', 'fast'];
  if ((drift === undefined) === (potential === undefined)) {
    reader.refuse(
      path,
      `model.fast has ${drift === undefined ? 'neither drift nor potential' : 'both drift and potential'}`,
      'the fast drift is given, or it is minus the gradient of a potential',
      'write one of {drift: {y: …}} and {potential: …}',
    );
  }
  if (drift !== undefined) {
    refuseAxisSet(reader, [...path, 'drift'], 'y', Object.keys(drift));
    return Object.keys(drift).sort();
  }
  const highest = highestIndex(potential ?? '', reader, 'y', file);
  return axisNames('y', Math.max(highest, 1));
}

/** The highest index of a coordinate in a formula; where the formula names none, in the boxes; 1 for the name alone. */
function highestIndex(text: string | number, reader: Reader, letter: 'x' | 'y', file: ScenarioFile): number {
  const every = ['x', 'x1', 'x2', 'y', 'y1', 'y2', 'y3'];
  const path = letter === 'x' ? ['model', 'loss'] : ['model', 'fast', 'potential'];
  const known = letter === 'x' ? every.slice(0, 3) : every;
  const parsed = reader.at(path, () => parseExpression(String(text), { names: known, parameters: reader.parameters }));
  const used = [...namesIn(parsed)].filter((name) => name.startsWith(letter));
  const boxes = [...Object.keys(file.domain), ...Object.keys(file.observe ?? {})];
  const named = used.length > 0 ? used : boxes.filter((name) => name.startsWith(letter));
  return Math.max(0, ...named.map((name) => (name === 'x1' ? 2 : name === 'y1' ? 2 : Number(name.slice(1) || 1))));
}

function readExact(file: ScenarioFile, reader: Reader, x: readonly string[], y: readonly string[]): Exact | undefined {
  const { limit, value } = file.exact ?? {};
  if (limit === undefined && value === undefined) return undefined;
  const compile = (key: string, text: string | number, fast: readonly string[], rest: readonly string[]) =>
    compileExpression(reader.expression(['exact', key], text, [...x, ...fast, ...rest]), x, fast, rest);
  const limitField = limit === undefined ? undefined : compile('limit', limit, [], ['tau']);
  const valueField = value === undefined ? undefined : compile('value', value, y, ['tau', 'epsilon']);
  return {
    source: 'given in the scenario',
    limit: limitField && ((tau, atX) => limitField(atX, [], [tau])),
    value: valueField && ((query) => valueField(query.x, query.y, [query.tau, query.epsilon])),
  };
}

function indexed(symbol: string, fields: readonly Pick<Formula, 'text'>[]): Formulas {
  return fields.map(({ text = '' }, i) => [fields.length === 1 ? symbol : `${symbol}${i + 1}`, text]);
}

function parameterFormulas(reader: Reader): Formulas {
  return Object.entries(reader.parameters).map(([name, value]) => [name, String(value)]);
}
