import { compileExpression, compileExpressions, namesIn, parseExpression } from '../../src/formula/expression.ts';
import type { Formula, WrittenFormula } from '../../src/formula/formula.ts';
import { printable } from '../../src/input/printable.ts';
import { deepRelaxationProblem } from '../../src/model/deep-relaxation-problem.ts';
import { fromPotential } from '../../src/model/fast-diffusion.ts';
import { terminalSeesY } from '../../src/model/general-terms.ts';
import type { Exact, FastProcess, Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import type { Path } from './locate.ts';
import { refuseAxisSet } from './read-axes.ts';
import { readControls, shownControls, shownRange } from './read-controls.ts';
import { readCentred, readSlowNoise, slowOf, withFastNoise } from './read-noise.ts';
import type { Reader } from './reader.ts';
import { type DeepRelaxationModel, dotted, type ScenarioFile, type SlowFastModel } from './schema.ts';

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
  const slow = slowOf(model);
  refuseHalfForm(model, reader);
  refuseAxisSet(reader, slow.path, 'x', Object.keys(slow.drift));
  const x = Object.keys(slow.drift).sort();
  const controls = readControls(model, reader);
  const u = controls.names;
  refuseControlsIn(model, reader, u);
  const y = readFastNames(file, model, reader);
  const controlled = (path: Path, text: string | number) => reader.expression(path, text, [...x, ...y, ...u]);
  const drifts = x.map((each) => controlled([...slow.path, each], slow.drift[each]));
  const slowDrift = compileExpressions(drifts, x, y, u);
  const compiled = (path: Path, text: string | number) => compileExpression(controlled(path, text), x, y, u);
  const slowNoise = readSlowNoise(slow.noise, x, reader, compiled);
  const centredDrift = readCentred(slow.centred, { x, y }, reader);
  const running = model.running === undefined ? [] : [compiled(['model', 'running'], model.running)];
  const terminalCost = readTerminal(model, reader, x, y);
  const fast = withFastNoise(readFastDrift(model, reader, x, y), model.fast, reader, { x, y });
  const discount = readDiscount(model, reader);
  return {
    ...frame,
    controls,
    slowDrift,
    ...(slowNoise !== null && { slowNoise }),
    ...(centredDrift !== null && { centredDrift }),
    fast,
    terminalCost,
    ...(discount > 0 && { discount }),
    runningCost: running[0],
    exact: readExact(file, reader, x, y),
    formulas: [
      ...indexed('φ', slowDrift),
      ...indexed('g₀', centredDrift ?? []),
      ...noiseFormulas('s', slowNoise ?? []),
      ...indexed('Φ', fast.kind === 'potential' ? [fast.potential] : []),
      ...indexed('b', fast.drift),
      ...indexed('r', (fast.kind === 'drift' && fast.noise) || []),
      ...(u.length === 0 ? [] : [['U', shownControls(controls)] as const]),
      ...indexed(terminalSeesY({ terminalCost }) ? 'g' : 'f', [terminalCost]),
      ...indexed('ℓ', running),
      ...(discount > 0 ? [['λ', String(discount)] as const] : []),
      ...parameterFormulas(reader),
    ],
  };
}

/**
 * Refuse a control where Y or the cost at the end is given: the sets of names below would only say that it is unknown.
 */
function refuseControlsIn({ slow, fast, terminal }: SlowFastModel, reader: Reader, controls: readonly string[]): void {
  const isOfY = ['the fast process runs by itself, and μ_x is its measure whatever the control', 'write u in slow'];
  const isCentred = ['what is centred by μ_x must be known before the control', 'write u in slow.drift'];
  const isOfEnd = ['no control is left to choose at the time T', 'write a cost of it in running'];
  const given: (readonly [Path, string | number, readonly string[]])[] = [
    ...Object.entries(fast.drift ?? {}).map(([y, text]) => [['model', 'fast', 'drift', y], text, isOfY] as const),
    ...Object.entries(fast.noise ?? {}).map(([y, text]) => [['model', 'fast', 'noise', y], text, isOfY] as const),
    ...Object.entries(typeof slow.centred === 'object' ? slow.centred : {}).map(
      ([x, text]) => [['model', 'slow', 'centred', x], text, isCentred] as const,
    ),
    [['model', 'fast', 'potential'], fast.potential ?? '', isOfY],
    [['model', 'terminal'], terminal, isOfEnd],
  ];
  for (const [path, text, [cause, remedy]] of given) {
    const words: readonly string[] = String(text).match(/[A-Za-z]\w*/g) ?? [];
    const control = controls.find((name) => words.includes(name));
    if (control !== undefined) reader.refuse(path, `${dotted(path)} names the control ${control}`, cause, remedy);
  }
}

/** Refuse a short form whose variable is called drift, noise or centred: half of a long one. */
function refuseHalfForm({ slow }: SlowFastModel, reader: Reader): void {
  const key = ['drift', 'noise', 'centred'].find((name) => name in slow && typeof slow.drift !== 'object');
  if (key === undefined) return;
  const path = ['model', 'slow', key];
  reader.refuse(path, `${dotted(path)} is a formula`, 'it holds one for every slow variable', `write ${key}: {x: …}`);
}

function readDiscount({ discount }: SlowFastModel, reader: Reader): number {
  if (discount === undefined) return 0;
  const path = ['model', 'discount'];
  const value = reader.number(path, discount);
  if (value >= 0) return value;
  return reader.refuse(path, `the discount λ is ${value}`, 'costs at time t count e^(−λt)', 'write a number ≥ 0');
}

/** g(x,y); of x alone where y does not appear. */
function readTerminal({ terminal }: SlowFastModel, reader: Reader, x: readonly string[], y: readonly string[]) {
  const expression = reader.expression(['model', 'terminal'], terminal, [...x, ...y]);
  return y.some((name) => namesIn(expression).has(name))
    ? compileExpression(expression, x, y)
    : compileExpression(expression, x);
}

function noiseFormulas(symbol: string, rows: readonly (readonly WrittenFormula[])[]): Formulas {
  const isAlone = rows.length * (rows[0]?.length ?? 0) === 1;
  return rows.flatMap((row, i) =>
    row.map(({ text = '' }, j) => [isAlone ? symbol : `${symbol}${i + 1}${j + 1}`, text] as const),
  );
}

function readFastDrift(model: SlowFastModel, reader: Reader, x: readonly string[], y: readonly string[]): FastProcess {
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
