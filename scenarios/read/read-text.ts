/** The text of a scenario, made a checked Problem with its domain and study. Knows no files, and runs in a page. */

import type { Scenario } from '../scenario.ts';
import { checkGrowth } from './check-growth.ts';
import { checkFastNoise } from './check-noise.ts';
import { checkExact, checkValues } from './check-values.ts';
import { type LocatedText, locate, type Path } from './locate.ts';
import { readModel } from './read-model.ts';
import { readOptimize } from './read-optimize.ts';
import { readBoxes, readStudy } from './read-study.ts';
import { readSweep } from './read-sweep.ts';
import { readerOf } from './reader.ts';
import { type ScenarioFile, shaped } from './schema.ts';
import { type Given, givenValues, named, placeOfSet, replaced, type Values, withNames } from './set-values.ts';

/** The text of a scenario with its names. */
export interface ScenarioText {
  /** File name without extension. */
  readonly name: string;
  /** The path as the user gave it, or the library name. */
  readonly file: string;
  /** The file in messages: for the library its path inside the package. */
  readonly shown: string;
  readonly source: string;
}

/** How a text is named, and what is set in it. */
export interface ScenarioTextOptions {
  /** Names the problem, and stands for the file in messages; default 'scenario'. */
  readonly name?: string;
  /** Replaces values of the text by name, as `--set` does. */
  readonly set?: Values;
}

/**
 * Read and check the YAML text of a scenario; docs/scenarios.md says what it holds. Nothing but the text is needed, so
 * that a worker which is sent the text has the same problem. Throws ScenarioError with the line that is wrong.
 */
export function readScenarioText(source: string, { name = 'scenario', set = {} }: ScenarioTextOptions = {}): Scenario {
  return readText({ name, file: name, shown: name, source }, { set, swept: {} });
}

/** What replaces values of a file: `set` on the command line, `swept` by the file itself. */
export interface Replaced {
  readonly set: Values;
  readonly swept: Values;
}

/** Read and check a text that was found; members of a sweep replace values as well. Throws ScenarioError. */
export function readText(found: ScenarioText, { set, swept }: Replaced): Scenario {
  const located = locate(found.source, found.shown);
  const file = shaped(located);
  const placeOfName = (name: string) =>
    Object.hasOwn(swept, name) ? located.placeOf(['sweep', name]) : placeOfSet(name, set);
  const given = givenValues(file, { ...set, ...swept }, { file: found.shown, placeOfName });
  const placeOf = (path: Path) => {
    const own = given.find((each) => each.path.every((key, k) => key === path[k]));
    return own === undefined ? located.placeOf(path) : placeOfName(own.word);
  };
  return withNames(given, () => assembled(found, { ...located, placeOf }, replaced(file, given), given));
}

function assembled(found: ScenarioText, text: LocatedText, content: ScenarioFile, given: readonly Given[]): Scenario {
  const { name, file, source, shown } = found;
  const reader = readerOf(text, content.parameters ?? {});
  const sweep = readSweep(content, text, given);
  const { problem, ...kept } = named({ name, problem: readModel(content, reader, name) }, reader, given);
  const boxes = readBoxes(content, reader, problem);
  const optimize = readOptimize(content, reader, problem, boxes);
  // Before the study, whose usual nodes follow the measure: where that is no number, none would be enough.
  checkValues(reader, problem, boxes, content.model);
  checkFastNoise(reader, problem, boxes);
  const study = readStudy(content, reader, problem, boxes);
  checkGrowth(reader, problem, boxes);
  checkExact(reader, problem, boxes);
  const paths = subjectPaths(content);
  const placeOf = (subject: string) => (Object.hasOwn(paths, subject) ? text.placeOf(paths[subject]) : shown);
  const { parameters } = reader;
  const definition = JSON.stringify({ model: content.model, parameters, horizon: content.horizon });
  const rest = { sweep, definition, parameters, ...boxes, study, optimize, placeOf };
  return { ...kept, fileName: name, title: problem.title, file, source, problem, ...rest };
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
    slowNoise: ['model', 'slow', 'noise'],
    centredDrift: ['model', 'slow', 'centred'],
    fastNoise: ['model', 'fast', 'noise'],
    discount: ['model', 'discount'],
    fastDrift: ['model', 'fast', model.fast.drift === undefined ? 'potential' : 'drift'],
    fastPotential: ['model', 'fast', 'potential'],
    terminalCost: ['model', 'terminal'],
    runningCost: ['model', 'running'],
    loss: ['model', 'terminal'],
  };
}
