import { bandwidth, type KernelFigure, measureStep, overCopy } from '../bench/kernel-figures.ts';
import { copying, measuredSteps } from '../bench/programs.ts';
import { fastDomain } from '../grids.ts';
import { allThreads, nodeKernel } from '../node-kernel.ts';
import { readScenario } from '../read/read-scenario.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import { type Command, commonFlags, exitCodes, type Request } from './command.ts';
import { mostNodes, wholeNumbers } from './flag-values.ts';
import { columns, heading } from './layout.ts';
import { printResult } from './opened.ts';
import { progressOf } from './progress.ts';

const USUAL = [256, 513, 1024, 2048];
/** Nodes per axis on which copying is measured: two fields far beyond any cache. */
const COPIED = 4096;

export const bench: Command = {
  name: 'bench',
  about: 'measure the hot loops: time per node and step, and what part of the copy bandwidth they use',
  args: {
    nodes: { type: 'string', valueHint: '256,1024', description: `nodes per axis (default: ${USUAL.join(',')})` },
    threads: { type: 'string', valueHint: '1,2', description: 'numbers of threads (default: 1 and all cores)' },
    ...commonFlags,
  },
  examples: ['hjb bench', 'hjb bench --nodes 513 --threads 1,2 --json'],
  run: runBench,
};

async function runBench(request: Request): Promise<number> {
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
      columns(['step', 'nodes', 'threads', 'ns/node', 'bytes/node', 'GB/s', 'of copy'], figures.map(shown)),
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

async function measured(request: Request, sizes: readonly number[], threads: readonly number[]) {
  const { clock } = request.io;
  const scenario = readScenario('quadratic');
  const box = { x: scenario.domain.x[0], y: fastDomain(scenario)[0] };
  const kernels = await Promise.all(threads.map(nodeKernel));
  const progress = progressOf(request);
  try {
    const copies = await measureStep(copying(COPIED), kernels, clock);
    const figures: KernelFigure[] = [...copies];
    for (const [k, nodes] of sizes.entries()) {
      for (const step of measuredSteps(scenario.problem, box, nodes)) {
        progress.report(`${nodes}², ${step.name}`, (k + 0.5) / sizes.length);
        figures.push(...(await measureStep(step, kernels, clock)));
      }
    }
    return overCopy(figures, copies);
  } finally {
    progress.stop();
    await Promise.all(kernels.map((kernel) => kernel.close()));
  }
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
