/** Solves one problem on the graphics card in the mode of the address, and on the WebAssembly kernel; posts both. */
import { deepRelaxationProblem, fastBox, formula, gpuKernel, solveEpsilonHjb, uniformAxis } from 'hjb-homogenization';

/** @type {import('hjb-homogenization').GpuMode} */
// @ts-expect-error The check names one of the modes.
const mode = new URLSearchParams(location.search).get('mode');

const problem = deepRelaxationProblem({
  name: 'quadratic',
  title: 'f = x²/2',
  horizon: 1,
  loss: formula('x^2/2', ['x']),
  gamma: 2,
  control: { lower: 0, upper: 1 },
});
const box = fastBox(problem, { lower: -2.5, upper: 2.5 });
const axes = { slow: [uniformAxis('x', -2.5, 2.5, 101)], fast: [uniformAxis('y', box.lower, box.upper, 41)] };

async function found() {
  const kernel = await gpuKernel({ mode });
  /** @type {Record<string, object>} */
  const runs = {};
  for (const scheme of /** @type {const} */ (['upwind', 'filtered'])) {
    const options = { epsilon: 0.01, ...axes, scheme };
    const single = await solveEpsilonHjb(problem, options, { kernel });
    // A card takes steps within a cell: as many on the processor.
    const double = await solveEpsilonHjb(problem, { ...options, steps: single.steps });
    const difference = single.values.reduce((worst, v, k) => Math.max(worst, Math.abs(v - double.values[k])), 0);
    runs[scheme] = { status: single.outcome.status, backend: single.backend, difference };
  }
  await kernel.close();
  return { runs };
}

const body = await found().catch((error) => ({ refused: String(error?.stack ?? error) }));
await fetch('/found', { method: 'POST', body: JSON.stringify(body) });
