import { join } from 'node:path';
import { nearestName } from '../../../src/input/nearest-name.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { typeset } from '../../report/format-number.ts';
import type { Figure } from '../../report/plot-style.ts';
import { type CommandBody, commonFlags, exitCodes, type Given, type Request } from '../flags/command.ts';
import { writing } from '../flags/out.ts';
import { positiveNumber, wholeNumber } from '../flags/values.ts';
import { facts } from '../print/layout.ts';
import { printResult } from '../print/result.ts';

export const plot: CommandBody = {
  args: {
    folder: { positional: true, description: 'folder that hjb study has written, of a study or of a sweep' },
    figure: { value: 'slices', description: 'the figure, by its name or a part of it (default: list them all)' },
    svg: { description: 'write an SVG file (this is the default)' },
    png: { description: 'write a PNG file' },
    out: { value: 'FILE', description: 'the file (default: figures/NAME.svg in the folder)' },
    epsilon: { value: '0.01', description: 'the ε that the figure shows (default: all curves, the first surface)' },
    width: { value: '720', description: 'width in pixels (default: 720)' },
    height: { value: '480', description: 'height in pixels (default: that of the report)' },
    dark: { description: 'on a dark ground' },
    browser: {
      value: 'PATH',
      description: 'the Chromium, Chrome or Edge that draws (default: the first that is found)',
    },
    ...commonFlags,
  },
  examples: ['hjb plot results/quadratic', 'hjb plot results/quadratic --figure slices --svg --epsilon 0.01'],
  run: runPlot,
};

async function runPlot(request: Request): Promise<number> {
  const { given, io } = request;
  const folder = given.subject;
  const { scenario, figures } = await figuresIn(folder);
  const asked = given.value('figure');
  if (asked === undefined) {
    printResult(request, {
      json: { command: 'plot', scenario: scenario.name, figures: figures.map(({ id, title }) => ({ id, title })) },
      text: facts(figures.map(({ id, title }) => [id, typeset(title)])),
    });
    return exitCodes.done;
  }
  const figure = chosen(asked, figures);
  const format = given.on('png') ? 'png' : 'svg';
  if (given.on('png') && given.on('svg')) {
    throw new ScenarioError('--png', 'two formats are asked for', 'a file has one', 'give --svg or --png');
  }
  const options = {
    ...({ format, dark: given.on('dark'), epsilon: epsilonOf(request, figure) } as const),
    width: pixels(given, 'width') ?? 720,
    height: pixels(given, 'height'),
  };
  const { browserOf, figureImage } = await import('../../report/plot-image.ts');
  const { writeFileAtomically } = await import('../../report/atomic-file.ts');
  const picture = await figureImage(figure, options, { browser: browserOf(given.value('browser')), signal: io.signal });
  const path = given.value('out') ?? join(folder, 'figures', `${figure.id}.${format}`);
  await writing(path, () => writeFileAtomically(path, picture));
  printResult(request, {
    json: { command: 'plot', scenario: scenario.name, figure: figure.id, written: [path] },
    text: `${typeset(figure.title)}\n  ${path}\n`,
  });
  return exitCodes.done;
}

/** One of the ε that the figure has. Throws ScenarioError for others, and where it shows none alone. */
function epsilonOf({ given }: Request, { id, sliders = [] }: Figure): number | undefined {
  const asked = positiveNumber(given, 'epsilon');
  if (asked === undefined) return undefined;
  const known = sliders.filter(({ symbol }) => symbol === 'ε').flatMap(({ frames }) => frames.map(({ at }) => at));
  const found = known.find((at) => Math.abs(at - asked) <= 1e-9 * asked);
  if (found !== undefined) return found;
  const cause = known.length === 0 ? `${id} has no slider over ε` : `${id} has ε = ${known.join(', ')}`;
  throw new ScenarioError('--epsilon', `ε = ${asked} is not shown`, cause, 'give one of these, or leave --epsilon out');
}

/** Smaller pictures have no room for their axes, larger ones none in the memory of a browser. */
const PIXELS = { least: 100, most: 5000 };

function pixels(given: Given, flag: string): number | undefined {
  const count = wholeNumber(given, flag, PIXELS.least);
  if (count === undefined || count <= PIXELS.most) return count;
  const remedy = `give at most ${PIXELS.most}; an SVG file can be enlarged without loss`;
  throw new ScenarioError(`--${flag}`, `--${flag} is ${count}`, 'no browser draws a picture of this size', remedy);
}

async function figuresIn(folder: string) {
  const { isSweep, readSweepResults } = await import('../../report/read-sweep-results.ts');
  if (isSweep(folder)) {
    const { sweepFigures } = await import('../../report/sweep-figures.ts');
    const sweep = await readSweepResults(folder);
    return { scenario: sweep.scenario, figures: sweepFigures(sweep) };
  }
  const { readStudy } = await import('../../report/read-study.ts');
  const { studyFigures } = await import('../../report/figures.ts');
  const study = await readStudy(folder);
  const { fields, tables } = studyFigures(study);
  return { scenario: study.scenario, figures: [...fields, ...tables.values()] };
}

/** The figure of this name, or the one whose name has this part. Throws ScenarioError. */
function chosen(asked: string, figures: readonly Figure[]): Figure {
  const named = figures.filter(({ id }) => id === asked);
  const found = named.length > 0 ? named : figures.filter(({ id }) => `-${id}-`.includes(`-${asked}-`));
  if (found.length === 1) return found[0];
  const ids = figures.map(({ id }) => id);
  const parts = ids.flatMap((id) => [id, ...id.split('-')]);
  const near = nearestName(asked, parts);
  const cause =
    found.length === 0
      ? `"${asked}" is none of ${ids.join(', ')}`
      : `"${asked}" is ${found.map(({ id }) => id).join(' and ')}`;
  const remedy = near === undefined || found.length > 1 ? 'give one of these names' : `did you mean ${near}?`;
  throw new ScenarioError('--figure', found.length === 0 ? 'no such figure' : 'several figures', cause, remedy);
}
