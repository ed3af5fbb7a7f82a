import { solveEffectiveHjb } from '../../../solvers/index.ts';
import { estimateEffectiveSteps } from '../../../solvers/workbench.ts';
import { sample } from '../../../src/grid/grid-function.ts';
import { knownLimit } from '../../known-limit.ts';
import { type CommandBody, commonFlags, type Request, scenarioArgument } from '../flags/command.ts';
import { frameFlag } from '../flags/frame.ts';
import { gridFlags } from '../flags/grid.ts';
import { kernelFlags } from '../flags/kernel.ts';
import { methodFlags, methodNames } from '../flags/method.ts';
import { shownSeconds } from '../print/layout.ts';
import { shownMethod } from '../print/method.ts';
import { compared, named, shownGrid } from '../print/points.ts';
import { exitCodeOf } from '../print/result.ts';
import { budgetFlag } from './grid-budget.ts';
import { checkpointFlag, keptStates } from './kept-state.ts';
import { askedOnGrid, judged, printSolution } from './on-grid.ts';
import { sharpBeside, sharpFlag, sharpValues, stoppedIn } from './sharp-beside.ts';
import { solving } from './solving.ts';

export const effective: CommandBody = {
  args: {
    ...scenarioArgument,
    at: { value: 'x=1', multiple: true, description: 'a point (default: two points of K)' },
    ...gridFlags,
    ...methodFlags(['effective']),
    ...frameFlag,
    ...sharpFlag,
    ...budgetFlag,
    ...checkpointFlag,
    ...kernelFlags,
    ...commonFlags,
  },
  examples: [
    'hjb effective quadratic --at x=1',
    'hjb effective quadratic --scheme filtered --time ssprk3 --at x=1',
    'hjb effective multiwell --nodes x=1601 --at x=0.2 --json',
  ],
  run: runEffective,
};

async function runEffective(request: Request): Promise<number> {
  // In the frame of `hjb solve`, of which this is the limit.
  const asked = await askedOnGrid(request, 'effective');
  const { scenario, axes, frame, slow, fast, fastScheme, points, degree, method, steps } = asked;
  const problem = frame?.problem ?? scenario.problem;
  const options = { fastScheme, ...methodNames(method) };
  const kept = keptStates(request, scenario);
  const of = frame === null ? 'v' : 'v in a moving frame';
  const { solution, sharp } = await solving(request, 'v', scenario, async (run) => {
    const posed = { ...options, slow, fast };
    const beside = sharpBeside(request, asked, {
      steps: (names) => estimateEffectiveSteps(problem, { ...posed, ...names }),
      solve: (names, piece) => {
        const sharper = { ...posed, ...names };
        return solveEffectiveHjb(problem, sharper, { ...piece, checkpoint: kept.of({ ...sharper, of }, '.filtered') });
      },
    });
    const own = { ...posed, steps };
    const found = await solveEffectiveHjb(problem, own, { ...run, checkpoint: kept.of({ ...own, of }) });
    return { solution: found, sharp: (await beside?.beside(found, run)) ?? null };
  });
  const stopped = stoppedIn(solution, sharp);
  if (stopped !== null) return exitCodeOf(request, stopped, axes);
  const limit = knownLimit(scenario);
  const { horizon } = scenario.problem;
  const filtered = sharpValues(sharp, points, slow.length);
  const values = points.map((x, k) => ({
    ...named(axes, x),
    ...compared(solution, sample(solution, x, degree), { exact: limit?.(horizon, x), filtered: filtered[k] }),
  }));
  const found = await judged(request, asked, {
    solution: { ...solution, frame },
    values,
    sharp,
    observe: (varied) => points.map((x) => sample(varied, x, degree)),
    solve: (grid, run) => solveEffectiveHjb(problem, { ...options, ...grid }, run),
    exact: { value: values.map(({ exact }) => exact ?? null) },
  });
  printSolution(
    request,
    { asked, solution, found },
    {
      command: 'effective',
      title: `v at τ = T = ${horizon}, the limit ε → 0`,
      symbol: 'v',
      budgetNames: { found: 'v', value: 'exact v', limit: 'exact v' },
      grid: shownGrid(slow),
      measure: `on ${shownGrid(fast)}`,
      scheme: `averaged ${shownMethod(method, fastScheme)}`,
      time: shownSeconds(solution.seconds),
    },
  );
  await kept.remove();
  return exitCodeOf(request, solution.outcome, axes);
}
