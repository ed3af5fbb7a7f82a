/** A scenario file, from its name to a checked Problem with its domain and study. */

import type { Scenario } from '../scenario.ts';
import { checkGrowth } from './check-growth.ts';
import { checkExact, checkValues } from './check-values.ts';
import { findScenario, type ScenarioText } from './find-scenario.ts';
import { type LocatedText, locate } from './locate.ts';
import { readModel } from './read-model.ts';
import { readOptimize } from './read-optimize.ts';
import { readBoxes, readStudy } from './read-study.ts';
import { readerOf } from './reader.ts';
import { type ScenarioFile, shaped } from './schema.ts';

/**
 * Read and check a scenario: a library name, or the path of a YAML file.
 * Throws InputError where there is no such scenario, ScenarioError with file and line for its content.
 */
export function readScenario(nameOrPath: string): Scenario {
  const found = findScenario(nameOrPath);
  const text = locate(found.source, found.shown);
  return assembled(found, text, shaped(text));
}

function assembled({ name, file, source, shown }: ScenarioText, text: LocatedText, content: ScenarioFile): Scenario {
  const reader = readerOf(text, content.parameters ?? {});
  const problem = readModel(content, reader, name);
  const boxes = readBoxes(content, reader, problem);
  const study = readStudy(content, reader, problem, boxes);
  const optimize = readOptimize(content, reader, problem, boxes);
  checkValues(reader, problem, boxes);
  checkGrowth(reader, problem, boxes);
  checkExact(reader, problem, boxes);
  const paths = subjectPaths(content);
  const placeOf = (subject: string) => (Object.hasOwn(paths, subject) ? text.placeOf(paths[subject]) : shown);
  const { parameters } = reader;
  const definition = JSON.stringify({ model: content.model, parameters, horizon: content.horizon });
  return {
    name,
    title: problem.title,
    file,
    source,
    problem,
    definition,
    parameters,
    ...boxes,
    study,
    optimize,
    placeOf,
  };
}

/** Where a file defines what solvers complain about. */
function subjectPaths({ model }: ScenarioFile): Readonly<Record<string, readonly string[]>> {
  const common = { control: ['model', 'control'], domain: ['domain'], exact: ['exact'] };
  if (model.kind === 'deep-relaxation') {
    const loss = ['model', 'loss'];
    return {
      ...common,
      loss,
      terminalCost: loss,
      fastDrift: loss,
      fastPotential: loss,
      slowDrift: ['model', 'gamma'],
      runningCost: ['model'],
    };
  }
  return {
    ...common,
    slowDrift: ['model', 'slow'],
    fastDrift: ['model', 'fast', model.fast.drift === undefined ? 'potential' : 'drift'],
    fastPotential: ['model', 'fast', 'potential'],
    terminalCost: ['model', 'terminal'],
    runningCost: ['model', 'running'],
    loss: ['model', 'terminal'],
  };
}
