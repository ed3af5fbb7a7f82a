import { bandwidth, type KernelFigure, measureStep, overCopy } from '../../bench/kernel-figures.ts';
import { copying, measuredSteps } from '../../bench/programs.ts';
import { secondsTo, type WorkPrecision, workPrecision } from '../../bench/work-precision.ts';
import { fastDomain } from '../../grids.ts';
import { allThreads, nodeKernel } from '../../node-kernel.ts';
import { readScenario } from '../../read/read-scenario.ts';
import { mostNodes } from '../../read/read-study.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { formatError } from '../../report/format-number.ts';
import { type CommandBody, commonFlags, exitCodes, type Request } from '../flags/command.ts';
import { wholeNumbers } from '../flags/values.ts';
import { columns, heading, shownSeconds } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';
import { printResult } from '../print/result.ts';

const USUAL = [256, 513, 1024, 2048];
/** Nodes in x of the work–precision table. */
const REFINED = [26, 51, 101, 201, 401, 801, 1601];
/** The error to which the table compares the times. */
const TARGET = 1e-3;
/** Nodes per axis on which copying is measured: two fields far beyond any cache. */
const COPIED = 4096;

export const bench: CommandBody = {
  args: {
    nodes: { value: '256,1024', description: `nodes per axis (default: ${USUAL.join(',')})` },
    threads: { value: '1,2', description: 'numbers of threads (default: 1 and all cores)' },
    precision: { description: 'instead: error against time of every method, on refined grids in x' },
    ...commonFlags,
  },
  examples: ['hjb bench', 'hjb bench --nodes 513 --threads 1,2 --json', 'hjb bench --precision'],
  run: (request) => (request.given.on('precision') ? benchPrecision(request) : benchKernels(request)),
};

async function benchKernels(request: Request): Promise<number> {
  const { given, io } = request;
  const sizes = wholeNumbers(given, 'nodes', 3) ?? USUAL;
  const threads = wholeNumbers(given, 'threads', 1) ?? [...new Set([1, allThreads()])];
  refuseLarge(sizes);
  const figures = await measured(request, sizes, threads);
  printResult(request, {
    json: figures,
    text: [
      heading(io, 'Hot loops on the quadratic model, WebAssembly'),
      '\n',
      columns(['step', 'nodes', 'threads', 'ns/node', 'bytes/node', 'GB/s', 'of copy'], figures.map(shown), 1),
      '\n  ns/node: nanoseconds per node and step; of copy: bandwidth over that of copying a field no cache holds\n',
    ].join(''),
  });
  return exitCodes.done;
}

function refuseLarge(sizes: readonly number[]): void {
  const largest = Math.max(...sizes);
  if (largest ** 2 <= mostNodes) return;
  throw new ScenarioError(
    '--nodes',
    `--nodes ${largest} asks for ${largest ** 2} nodes`,
    `at most ${mostNodes} fit into memory`,
    `give at most ${Math.floor(Math.sqrt(mostNodes))}`,
  );
}

/** Steps are as many as nodes, so that time is quadratic in them: minutes. */
const MOST_REFINED = 20_001;

function refuseRefined(largest: number): void {
  if (largest <= MOST_REFINED) return;
  const cause = 'every method solves on every grid, with as many steps as nodes';
  throw new ScenarioError('--nodes', `--nodes is ${largest}`, cause, `give at most ${MOST_REFINED}`);
}

async function benchPrecision(request: Request): Promise<number> {
  const { given, io } = request;
  const slowNodes = wholeNumbers(given, 'nodes', 5) ?? REFINED;
  refuseRefined(Math.max(...slowNodes));
  const kernel = await nodeKernel(wholeNumbers(given, 'threads', 1)?.[0] ?? 1);
  const rows = await withProgress(request, (report) => {
    const run = { kernel, clock: io.clock, progress: (label: string) => report(label, 0) };
    return workPrecision(readScenario('quadratic'), slowNodes, run);
  }).finally(() => kernel.close());
  printResult(request, {
    json: rows,
    text: [
      heading(io, 'Error against time on the quadratic model: Vᵉ at ε = 1e-8, and v'),
      '\n',
      columns(['method', 'nodes', 'steps', 'time', 'sup error on K'], rows.map(shownRow), 1),
      '\n',
      heading(io, `Time to a sup error of ${TARGET}`),
      '\n',
      columns(['method', 'time', 'upwind takes'], timesToTarget(rows), 1),
      '\n  ~: extrapolated beyond the finest grid of the table\n',
    ].join(''),
  });
  return exitCodes.done;
}

function shownRow({ equation, scheme, time, nodes, steps, seconds, error }: WorkPrecision): string[] {
  const name = `${equation === 'effective' ? 'effective: ' : ''}${scheme}, ${time}`;
  return [name, nodes.join(' × '), String(steps), shownSeconds(seconds), formatError(error)];
}

function timesToTarget(rows: readonly WorkPrecision[]): string[][] {
  const names = [...new Set(rows.map((row) => shownRow(row)[0]))];
  return names.map((name) => {
    const group = rows.filter((row) => shownRow(row)[0] === name);
    const [{ equation }] = group;
    const baseline = rows.filter((row) => row.equation === equation && row.scheme === 'upwind' && row.time === 'imex');
    const [own, reference] = [secondsTo(TARGET, group), secondsTo(TARGET, baseline)];
    const ratio = reference.seconds / own.seconds;
    return [
      name,
      `${own.extrapolated ? '~' : ''}${shownSeconds(own.seconds)}`,
      `${reference.extrapolated ? '~' : ''}${ratio.toPrecision(2)} times as long`,
    ];
  });
}

async function measured(request: Request, sizes: readonly number[], threads: readonly number[]) {
  const { clock } = request.io;
  const scenario = readScenario('quadratic');
  const box = { x: scenario.domain.x[0], y: fastDomain(scenario)[0] };
  const kernels = await Promise.all(threads.map(nodeKernel));
  const figuresOf = async (report: (label: string, fraction: number) => void) => {
    const copies = await measureStep(copying(COPIED), kernels, clock);
    const figures: KernelFigure[] = [...copies];
    for (const [k, nodes] of sizes.entries()) {
      for (const step of measuredSteps(scenario.problem, box, nodes)) {
        report(`${nodes}², ${step.name}`, (k + 0.5) / sizes.length);
        figures.push(...(await measureStep(step, kernels, clock)));
      }
    }
    return overCopy(figures, copies);
  };
  return withProgress(request, figuresOf).finally(() => Promise.all(kernels.map((kernel) => kernel.close())));
}

function shown(figure: KernelFigure): string[] {
  const { name, nodes, threads, nsPerNodeStep, bytesPerNodeStep, fractionOfCopy } = figure;
  return [
    name,
    nodes.join(' × '),
    String(threads),
    nsPerNodeStep.toFixed(2),
    String(bytesPerNodeStep),
    bandwidth(figure).toFixed(1),
    fractionOfCopy === null ? '–' : fractionOfCopy.toFixed(2),
  ];
}
