import { expect, test } from 'vitest';
import { solveEpsilonHjb } from '../../solvers/epsilon-hjb.ts';
import { estimateEpsilonHjb, type SolveEstimate } from '../../solvers/marching/solve-estimate.ts';
import { uniformAxis } from '../../src/grid/axis.ts';
import { wasmKernel } from '../../src/kernel/wasm/wasm.ts';
import { dimensionsOf, type Problem } from '../../src/model/problem.ts';
import { everyTerm } from '../general-problems.ts';
import { inLanes } from '../lanes.ts';
import { isotropic, multiwell, rotational } from '../problems.ts';

/** A clock that stands still: time is measured by benchmarks. */
const run = { kernel: await wasmKernel(), clock: () => 0 };

function options(problem: Problem, nodes: number) {
  const axes = (letter: string, count: number, reach: number) =>
    Array.from({ length: count }, (_, a) => uniformAxis(`${letter}${a + 1}`, -reach, reach, nodes));
  return {
    epsilon: 0.5,
    slow: axes('x', dimensionsOf(problem).n, 2),
    fast: axes('y', dimensionsOf(problem).m, 3),
  };
}

const kinds = [
  ['one fast variable', multiwell(), 201, {}],
  ['line solves', isotropic(), 17, { scheme: 'filtered' }],
  ['unsplit solves', rotational(), 17, {}],
  ['unsplit solves in the moving frame', rotational(), 17, { frame: 'moving' }],
  ['semi-Lagrangian steps', isotropic(), 17, { scheme: 'semi-lagrangian' }],
  ['noise in x, wide second differences', everyTerm(), 201, {}],
  ['noise in x, resolved', everyTerm(), 129, { scheme: 'filtered' }],
] as const;

inLanes(kinds, ([name]) => ['one fast variable', 'unsplit solves'].includes(name))(
  'bytes and steps of a solve are known before it starts: %s',
  async ([, problem, nodes, method]) => {
    const asked = { ...options(problem, nodes), ...method };
    const estimate = (await estimateEpsilonHjb(problem, asked, run)) as SolveEstimate;
    const { steps, bytes } = await solveEpsilonHjb(problem, asked, run);
    expect(Math.abs(estimate.bytes / bytes - 1)).toBeLessThan(0.05); // measured at most 3.6 %: finer grids have fewer runs of long feet a lane
    expect(Math.abs(estimate.steps - steps)).toBeLessThanOrEqual(1); // of 43 or more
  },
);

test('there is no estimate for a solve as small as its probe, and none without a clock', async () => {
  expect(await estimateEpsilonHjb(multiwell(), options(multiwell(), 17), run)).toBeNull();
  expect(await estimateEpsilonHjb(multiwell(), options(multiwell(), 201), { kernel: run.kernel })).toBeNull();
});

test('a solve whose fields WebAssembly cannot address is refused before it starts', { tags: ['full'] }, async () => {
  const { slow, ...others } = options(isotropic(), 17);
  const large = { ...others, slow: slow.map((axis) => ({ ...axis, nodes: 1001 })), steps: 10 };
  await expect(estimateEpsilonHjb(isotropic(), large, run)).rejects.toThrow(
    /fields need .* GiB.*WebAssembly addresses 4 GiB/,
  );
});
