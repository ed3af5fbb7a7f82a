/**
 * The shape of a scenario file. Shapes only: names in formulas, dimensions and orders are checked where they are read.
 * Every schema's message is "what is expected|an example", which explain() turns into cause and remedy.
 */
import { z } from 'zod';
import { nearestName } from '../../src/input/nearest-name.ts';
import type { LocatedText } from './locate.ts';
import { refuseForeignKeys } from './refused-keys.ts';
import { ScenarioError } from './scenario-error.ts';

// Pages whose policy forbids code from text report even the question whether it is allowed.
z.config({ jitless: true });

const quantity = z.union([z.number(), z.string()], { error: 'a number or a formula of parameters|2 or 2*a' });
const formula = z.union([z.string(), z.number()], { error: 'a formula|"a*x^2/2"' });
const interval = z.tuple([quantity, quantity], { error: 'an interval [lower, upper]|[-1, 1]' });
/** YAML writes .inf; -inf and inf are read as well. */
const end = z.union([quantity, z.literal(Infinity), z.literal(-Infinity)]);
const endless = z.tuple([end, end], { error: 'an interval [lower, upper]|[-1, 1]' });
const quantitiesWords = { error: 'a number or a list of numbers|[1, 0.1, 0.01]' };
const quantities = z.union([z.array(quantity).nonempty(quantitiesWords), quantity], quantitiesWords);
const nodesWords = { error: 'a number of nodes or a list of them|[101, 201, 401]' };
const nodes = z.union([z.array(z.number()).nonempty(nodesWords), z.number()], nodesWords);

/** A mapping with fixed keys; its message lists them when another key is found. */
function keys<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? known : `a mapping with keys among ${known}|{key: value}`),
  });
}

function named<Value extends z.ZodType>(value: Value, example: string) {
  return z.record(z.string(), value, { error: `a mapping from names to values|${example}` });
}

const axes = named(interval, '{x: [-2, 2]}');

const control = z.union(
  [
    endless,
    keys({ values: z.array(quantity).nonempty({ error: 'a list of numbers|[0, 0.5, 1]' }) }),
    z.literal('real'),
  ],
  {
    error: 'an interval [lower, upper], {values: [...]} or real|{u: [0, 1]}, {u: {values: [0, 0.5, 1]}} or {u: real}',
  },
);

const deepRelaxation = keys({
  kind: z.literal('deep-relaxation'),
  loss: formula,
  gamma: quantity,
  control: interval,
});

const motions = z.array(formula).nonempty({ error: 'a list with a formula per Brownian motion|["0.3", "0.1*y"]' });
const coefficients = z.union([formula, motions], {
  error: 'a formula or a list of them, one per Brownian motion|"0.3" or ["0.3", "0.1*y"]',
});

const fastCoefficient = z.union([z.string(), z.number()], {
  error: 'a formula: every fast variable has a Brownian motion of its own|"sqrt(2)"',
});

const slowSystem = keys({
  drift: named(formula, '{x: "-u*(x-y)"}'),
  noise: named(coefficients, '{x: "0.3"}').optional(),
  centred: named(formula, '{x: "sin(y)"}').optional(),
});

const slowFast = keys({
  kind: z.literal('slow-fast'),
  slow: z.union([slowSystem, named(formula, '{x: "-u*(x-y)"}')], {
    error: 'a drift per variable, or {drift: …, noise: …}|{x: "-u*(x-y)"} or {drift: {x: "u"}, noise: {x: "0.3"}}',
  }),
  fast: keys({
    drift: named(formula, '{y: "-y"}').optional(),
    potential: formula.optional(),
    noise: named(fastCoefficient, '{y: "sqrt(2)"}').optional(),
  }),
  control: named(control, '{u: [0, 1]}').nullable().optional(),
  terminal: formula,
  running: formula.optional(),
  discount: quantity.optional(),
});

const kinds = ['deep-relaxation', 'slow-fast'];

const schemeName = z.string({ error: 'the name of a scheme|filtered' });

const study = keys({
  epsilon: quantities.optional(),
  scheme: schemeName.optional(),
  nodes: keys({ x: nodes.optional(), y: nodes.optional() }).optional(),
  cell: keys({
    at: z.array(named(quantity, '{x: 1, p: 1}'), { error: 'a list of points|[{x: 1, p: 1}]' }).nonempty().optional(),
    radius: quantities.optional(),
    alpha: quantity.optional(),
  }).optional(),
  paths: keys({
    epsilon: quantities.optional(),
    count: z.int({ error: 'a whole number of paths|20000' }).optional(),
    seed: z.int({ error: 'a whole number|1' }).optional(),
    scheme: schemeName.optional(),
  })
    .nullable()
    .optional(),
});

const optimize = keys({
  from: named(
    z.union([interval, quantity], { error: 'a number or an interval [lower, upper]|{x1: 2, x2: [1, 2]}' }),
    '{x1: 2, x2: [1, 2]}',
  ).optional(),
  evaluations: quantity.optional(),
  valleys: named(axes, '{wide: {x: [-1, 1]}}').optional(),
  descent: keys({ step: quantity.optional(), noise: quantity.optional() }).optional(),
  langevin: keys({ step: quantity.optional(), temperature: quantity.optional() }).optional(),
  'entropy-sgd': keys({
    inner: quantity.optional(),
    average: quantity.optional(),
    step: quantity.optional(),
  }).optional(),
  'deep-relaxation': keys({ epsilon: quantity.optional(), average: quantity.optional() }).optional(),
});

const range = keys({
  from: quantity,
  to: quantity,
  count: z.int({ error: 'a whole number|4' }),
  scale: z.enum(['linear', 'log'], { error: 'linear or log|log' }).optional(),
});

const swept = z.union([z.array(quantity).nonempty({ error: 'a list with values|[2, 4, 8]' }), range], {
  error: 'a list of values or {from, to, count, scale}|[2, 4, 8]',
});

const scenarioFile = keys({
  title: z.string({ error: 'a text|"Quadratic loss"' }).optional(),
  model: z.discriminatedUnion('kind', [deepRelaxation, slowFast], {
    error: `a kind of model: ${kinds.join(', ')}|{kind: slow-fast, …}`,
  }),
  parameters: named(quantity, '{a: 1}').nullable().optional(),
  horizon: quantity,
  domain: axes,
  observe: axes.optional(),
  study: study.nullable().optional(),
  optimize: optimize.nullable().optional(),
  exact: keys({ limit: formula.optional(), value: formula.optional() }).optional(),
  sweep: named(swept, '{gamma: [2, 4, 8]}').nullable().optional(),
});

export type ScenarioFile = z.infer<typeof scenarioFile>;
export type SlowSystem = z.infer<typeof slowSystem>;
export type SlowFastModel = z.infer<typeof slowFast>;
export type DeepRelaxationModel = z.infer<typeof deepRelaxation>;
export type GivenControl = z.infer<typeof control>;
export type OptimizeSection = z.infer<typeof optimize>;
export type GivenSweep = z.infer<typeof swept>;
export type Quantity = z.infer<typeof quantity>;

/** The data of a file in its shape. Throws ScenarioError for the first thing out of shape, unknown keys first. */
export function shaped(text: LocatedText): ScenarioFile {
  refuseForeignKeys(text);
  const result = scenarioFile.safeParse(text.data);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap(deepest);
  throw explained(issues.find((issue) => issue.code === 'unrecognized_keys') ?? issues[0], text);
}

/** Of a union, the issue of the alternative that got furthest, when one got further than the first look. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const inner = issue.errors
    .flat()
    .flatMap(deepest)
    .filter((each) => each.path.length > 0 || each.code === 'unrecognized_keys')
    .map((each) => ({ ...each, path: [...issue.path, ...each.path] }));
  return inner.length > 0 ? inner : [issue];
}

function explained(issue: z.core.$ZodIssue, text: LocatedText): ScenarioError {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const [key] = issue.keys;
    const near = nearestName(key, issue.message.split(', '));
    return new ScenarioError(
      text.placeOfKey([...path, key]),
      `"${key}" is not a key${path.length === 0 ? '' : ` of ${dotted(path)}`}`,
      `known keys: ${issue.message}`,
      near === undefined ? `remove ${key}` : `did you mean ${near}?`,
    );
  }
  const [expected, example] = issue.message.split('|');
  const name = String(path.at(-1));
  if (!text.has(path)) {
    const parent = path.slice(0, -1);
    return new ScenarioError(
      text.placeOf(parent),
      `${name} is missing${parent.length === 0 ? '' : ` in ${dotted(parent)}`}`,
      `it must be ${expected}`,
      `add ${name}: ${example}`,
    );
  }
  const value = valueAt(text.data, path);
  const near = path.at(-1) === 'kind' ? nearestName(String(value), kinds) : undefined;
  return new ScenarioError(
    text.placeOf(path),
    `${dotted(path)} is ${shown(value)}`,
    `it must be ${expected}`,
    near === undefined ? `write ${example}` : `did you mean ${near}?`,
  );
}

/** study.cell.at[0].x */
export function dotted(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], data);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? `the text "${value}"` : String(value);
}
