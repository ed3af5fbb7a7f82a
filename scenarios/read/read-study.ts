import { uniformAxis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { nearestName } from '../../src/input/nearest-name.ts';
import { fastBox } from '../../src/measure/fast-box.ts';
import { gridFaults } from '../../src/measure/grid-resolution.ts';
import { dimensionsOf, type Interval, type Problem } from '../../src/model/problem.ts';
import { axisNames } from '../../src/model/trees.ts';
import { allSchemes } from '../../src/time/schemes.ts';
import type { CellPoint, Scenario, StudySettings } from '../scenario.ts';
import type { Path } from './locate.ts';
import { perAxis, refuseStrangeAxes } from './read-axes.ts';
import type { Reader } from './reader.ts';
import { dotted, type Quantity, type ScenarioFile } from './schema.ts';

type Boxes = Pick<Scenario, 'domain' | 'observe'>;

/** The share of the domain observed when the file does not say. */
const observedShare = 0.6;

/** Domain and observed set K. Throws ScenarioError where axes are missing or strange, or K leaves the domain. */
export function readBoxes(file: ScenarioFile, reader: Reader, problem: Problem): Boxes {
  const domain = readBox(file.domain, ['domain'], reader, problem);
  const observe = readBox(file.observe ?? {}, ['observe'], reader, problem);
  if (domain.x === null) {
    return reader.refuse(
      ['domain'],
      'domain has no x',
      `the slow axes ${axisNames('x', dimensionsOf(problem).n).join(', ')} have no natural ends`,
      'add x: [lower, upper]',
    );
  }
  const middle = domain.x.map(({ lower, upper }) => {
    const [centre, half] = [(lower + upper) / 2, (observedShare * (upper - lower)) / 2];
    return { lower: centre - half, upper: centre + half };
  });
  const observed = { x: observe.x ?? middle, y: observe.y };
  refuseOutside(reader, file, 'x', observed.x, domain.x);
  if (domain.y && observed.y) refuseOutside(reader, file, 'y', observed.y, domain.y);
  return { domain: { x: domain.x, y: domain.y }, observe: observed };
}

/** What a study refines, with defaults for what the file leaves out. Throws ScenarioError. */
export function readStudy(file: ScenarioFile, reader: Reader, problem: Problem, boxes: Boxes): StudySettings {
  const { observe } = boxes;
  const { epsilon, scheme, nodes, cell, paths } = file.study ?? {};
  const increasing = (path: Path, given: Quantity | readonly Quantity[]) => {
    const values = numbers(reader, path, given);
    refuseUnsorted(reader, path, values);
    return values;
  };
  const levels = (axis: 'x' | 'y', usual: () => readonly number[]) => {
    const path = ['study', 'nodes', axis];
    return nodeCounts(reader, path, increasing(path, nodes?.[axis] ?? usual()));
  };
  const counts = {
    x: levels('x', () => usualSlowNodes(problem)),
    y: levels('y', () => [usualFastNodes(problem, boxes.domain)]),
  };
  if (nodes !== undefined) refuseTooFine(reader, counts, problem);
  return {
    epsilon: epsilons(reader, ['study', 'epsilon'], epsilon ?? [1, 0.1, 0.01, 0.001, 1e-4, 1e-8]),
    scheme: scheme === undefined ? null : knownScheme(reader, ['study', 'scheme'], scheme),
    nodes: counts,
    cell: {
      at: cell?.at?.map((point, k) => cellPoint(reader, ['study', 'cell', 'at', k], point, problem)) ?? [
        {
          x: observe.x.map(({ lower, upper }) => Number(((lower + 3 * upper) / 4).toPrecision(12))),
          p: observe.x.map(() => 1),
        },
      ],
      radius: positives(
        reader,
        ['study', 'cell', 'radius'],
        increasing(['study', 'cell', 'radius'], cell?.radius ?? [2, 3, 4, 5, 6]),
      ),
      alpha: positives(
        reader,
        ['study', 'cell', 'alpha'],
        numbers(reader, ['study', 'cell', 'alpha'], cell?.alpha ?? 0.5),
      )[0],
    },
    paths: paths
      ? {
          epsilon: epsilons(reader, ['study', 'paths', 'epsilon'], paths.epsilon ?? [0.1, 0.01]),
          count: pathCount(reader, paths.count ?? 20_000),
          seed: paths.seed ?? 1,
          scheme: paths.scheme === undefined ? null : knownScheme(reader, ['study', 'paths', 'scheme'], paths.scheme),
        }
      : null,
  };
}

/** 2²⁶ paths fit into memory. */
const MOST_PATHS = 2 ** 26;

function pathCount(reader: Reader, given: number): number {
  const path = ['study', 'paths', 'count'];
  const [count] = positives(reader, path, [given]);
  if (count <= MOST_PATHS) return count;
  return reader.refuse(
    path,
    `${dotted(path)} is ${count}`,
    `at most ${MOST_PATHS} fit into memory`,
    'take fewer paths',
  );
}

/** Nodes in x where the file does not say, by the number of variables: a solve of them all takes seconds. */
const SLOW_NODES = { 2: [101, 201, 401], 3: [49, 97], 4: [17, 21, 25] } as const;

function usualSlowNodes(problem: Problem): readonly number[] {
  const { n, m } = dimensionsOf(problem);
  return n + m === 3 && n === 1 ? SLOW_NODES[2] : SLOW_NODES[Math.min(n + m, 4) as 2 | 3 | 4];
}

/** Nodes in y where the file does not say, and the most for a narrow well. */
const FAST_NODES = { usual: 101, inPlane: 25, inSpace: 17, most: 1601 } as const;

/** As many as the narrowest well that carries mass needs on the line, up to a solve of seconds. */
function usualFastNodes(problem: Problem, domain: Boxes['domain']): number {
  const { n, m } = dimensionsOf(problem);
  if (m > 1) return m === 2 ? FAST_NODES.inPlane : FAST_NODES.inSpace;
  if (n > 1) return FAST_NODES.usual;
  try {
    const [slow] = domain.x;
    const { lower, upper } = domain.y?.[0] ?? fastBox(problem, slow);
    const axes = [
      uniformAxis('x', slow.lower, slow.upper, FAST_NODES.usual),
      uniformAxis('y', lower, upper, FAST_NODES.usual),
    ];
    const fault = gridFaults(problem, axes.slice(0, 1), axes[1]).find(({ kind }) => kind === 'unresolved');
    const nodes = fault?.kind === 'unresolved' ? (fault.nodes ?? Infinity) : FAST_NODES.usual;
    return nodes <= FAST_NODES.most ? nodes : FAST_NODES.usual;
  } catch (error) {
    // Where no box carries the measure, that is said when it is needed.
    if (error instanceof InputError || error instanceof RangeError) return FAST_NODES.usual;
    throw error;
  }
}

function knownScheme(reader: Reader, path: Path, scheme: string): string {
  if (allSchemes.some(({ name }) => name === scheme)) return scheme;
  const names = allSchemes.map(({ name }) => name);
  return reader.refuse(
    path,
    `${dotted(path)} "${scheme}" is not a scheme`,
    `known: ${names.join(', ')}`,
    `write ${nearestName(scheme, names) ?? names[0]}`,
  );
}

function readBox(
  given: Readonly<Record<string, readonly [Quantity, Quantity]>>,
  path: Path,
  reader: Reader,
  problem: Problem,
): { readonly x: readonly Interval[] | null; readonly y: readonly Interval[] | null } {
  const { n, m } = dimensionsOf(problem);
  const dimensions = { x: n, y: m };
  refuseStrangeAxes(reader, path, Object.keys(given), dimensions);
  const read = (letter: 'x' | 'y') =>
    perAxis(reader, path, given, { letter, dimension: dimensions[letter], read: reader.interval });
  return { x: read('x'), y: read('y') };
}

function refuseOutside(
  reader: Reader,
  file: ScenarioFile,
  letter: 'x' | 'y',
  inner: readonly Interval[],
  outer: readonly Interval[],
): void {
  axisNames(letter, inner.length).forEach((name, i) => {
    if (inner[i].lower >= outer[i].lower && inner[i].upper <= outer[i].upper) return;
    const key = file.observe !== undefined && name in file.observe ? name : letter;
    reader.refuse(
      ['observe', key],
      `observe.${key} = [${inner[i].lower}, ${inner[i].upper}] leaves the domain`,
      `the domain of ${name} is [${outer[i].lower}, ${outer[i].upper}]`,
      'enlarge the domain or observe less',
    );
  });
}

function cellPoint(reader: Reader, path: Path, given: Readonly<Record<string, Quantity>>, problem: Problem): CellPoint {
  const dimension = dimensionsOf(problem).n;
  refuseStrangeAxes(reader, path, Object.keys(given), { x: dimension, p: dimension });
  const read = (letter: string): readonly number[] =>
    perAxis(reader, path, given, { letter, dimension, read: reader.number }) ??
    reader.refuse(
      path,
      `${dotted(path)} has no ${letter}`,
      'a cell problem has a point x and a slope p',
      `add ${letter}`,
    );
  return { x: read('x'), p: read('p') };
}

function numbers(reader: Reader, path: Path, given: Quantity | readonly Quantity[]): readonly number[] {
  return Array.isArray(given)
    ? given.map((value: Quantity, k) => reader.number([...path, k], value))
    : [reader.number(path, given as Quantity)];
}

function refuseUnsorted(reader: Reader, path: Path, values: readonly number[]): void {
  const k = values.findIndex((value, index) => index > 0 && !(value > values[index - 1]));
  if (k < 0) return;
  reader.refuse(
    [...path, k],
    `${dotted(path)} has ${values[k]} after ${values[k - 1]}`,
    'its entries must increase: each is a refinement of the one before',
    `write [${[...new Set(values)].sort((a, b) => a - b).join(', ')}]`,
  );
}

function positives(reader: Reader, path: Path, values: readonly number[]): readonly number[] {
  const k = values.findIndex((value) => !(value > 0));
  if (k < 0) return values;
  return reader.refuse([...path, k], `${dotted(path)} is ${values[k]}`, 'it must be positive', 'write a number > 0');
}

/** From the largest to the smallest, whatever the order in the file. */
function epsilons(reader: Reader, path: Path, given: Quantity | readonly Quantity[]): readonly number[] {
  const values = positives(reader, path, numbers(reader, path, given));
  const twice = values.findIndex((value, k) => values.indexOf(value) < k);
  if (twice < 0) return [...values].sort((a, b) => b - a);
  return reader.refuse(
    [...path, twice],
    `${dotted(path)} has ${values[twice]} twice`,
    'every ε is one row of the tables',
    'remove one of them',
  );
}

/** Fewer nodes cannot carry the five-point stencils of the high-order schemes away from both ends. */
const fewestNodes = 11;

/** More nodes than this do not fit into memory. */
export const mostNodes = 2e7;
/** Nodes of a solve times those of an x-axis, to which its steps are proportional: a day at 10 ns each. */
const MOST_UPDATES = 1e13;

/** Throws ScenarioError where the finest grid of a study cannot be solved on, with the nodes that fit. */
function refuseTooFine(reader: Reader, counts: StudySettings['nodes'], problem: Problem): void {
  const { n, m } = dimensionsOf(problem);
  const [nx, ny] = [Math.max(...counts.x), Math.max(...counts.y)];
  const mostX = (inY: number) => Math.min((mostNodes / inY) ** (1 / n), (MOST_UPDATES / inY) ** (1 / (n + 1)));
  if (nx <= mostX(ny ** m) * (1 + 1e-9)) return;
  const total = nx ** n * ny ** m;
  const isAlongX = mostX(ny ** m) >= fewestNodes;
  const most = Math.floor(isAlongX ? mostX(ny ** m) : (mostNodes / fewestNodes ** n) ** (1 / m));
  reader.refuse(
    ['study', 'nodes', isAlongX ? 'x' : 'y'],
    `study.nodes asks for a grid of ${total.toPrecision(3)} nodes`,
    total > mostNodes ? `at most ${mostNodes} fit into memory` : 'its time steps would take more than a day',
    isAlongX ? `give at most ${most} nodes along x with ${ny} along y` : `give at most ${most} nodes along y`,
  );
}

function nodeCounts(reader: Reader, path: Path, values: readonly number[]): readonly number[] {
  const k = values.findIndex((value) => !(Number.isInteger(value) && value >= fewestNodes));
  if (k < 0) return values;
  return reader.refuse(
    [...path, k],
    `${dotted(path)} is ${values[k]}`,
    `it must be a whole number of at least ${fewestNodes}`,
    'write for example 101',
  );
}
