/** `hjb study --status DIR`: how far the study of a folder is, whoever works on it. */
import { existsSync } from 'node:fs';
import { ScenarioError } from '../../read/scenario-error.ts';
import { statesOf } from '../../run/slurm.ts';
import { watchOf } from '../../run/work.ts';
import type { Holder } from '../../store/lock.ts';
import { readPlan } from '../../store/plan-file.ts';
import { openStore } from '../../store/store.ts';
import { exitCodes, type Request } from '../flags/command.ts';
import { columns, facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';
import { storeOf } from './study-work.ts';

export async function printStatus(request: Request): Promise<number> {
  const directory = request.given.subject;
  const path = storeOf(directory);
  const plan = existsSync(path) ? readPlan(path) : null;
  if (plan === null) {
    throw new ScenarioError(
      directory,
      'there is no study whose pieces are kept',
      `they would stand in ${path}`,
      'give the folder of its results, as hjb study SCENARIO --out DIR was told',
    );
  }
  const store = openStore(path, plan.code);
  const { found, fraction } = watchOf(plan.pieces.map(withNothing), store)();
  const holders = store.holders();
  const jobs = await jobStates(plan.jobs);
  const counts = { pieces: plan.pieces.length, found, inHand: holders.length };
  printResult(request, {
    json: {
      command: 'study',
      status: { run: plan.run, scenario: plan.scenario, ...counts, share: fraction, holders, jobs },
    },
    text: [
      heading(request.io, `Study of ${plan.scenario}, run ${plan.run}`),
      '\n',
      facts([
        ['found', `${found} of ${plan.pieces.length} pieces, ${Math.floor(100 * fraction)} % of the work`],
        ['in hand', String(holders.length)],
        ...jobs.map(({ job, states }): [string, string] => [
          `job ${job}`,
          states.length === 0 ? 'has ended' : tally(states),
        ]),
        ['goes on by', plan.command],
      ]),
      holders.length === 0 ? '' : `\n${inHand(holders)}`,
    ].join(''),
  });
  return exitCodes.done;
}

function withNothing({ key, label, cost }: { readonly key: string; readonly label: string; readonly cost: number }) {
  return { key, label, cost, bytes: 0, after: [], kin: '', find: () => Promise.reject(new Error('only looked at')) };
}

async function jobStates(jobs: readonly string[]) {
  try {
    return await Promise.all(jobs.map(async (job) => ({ job, states: await statesOf(job) })));
  } catch {
    return jobs.map((job) => ({ job, states: ['UNKNOWN'] }));
  }
}

/** "RUNNING 3, PENDING 12". */
function tally(states: readonly string[]): string {
  return [...new Set(states)].map((state) => `${state} ${states.filter((each) => each === state).length}`).join(', ');
}

function inHand(holders: readonly Holder[]): string {
  const rows = holders.map(({ label, host, pid, fraction }) => [
    label,
    `${Math.floor(100 * fraction)} %`,
    host,
    String(pid),
  ]);
  return columns(['piece', 'done', 'machine', 'process'], rows, 1);
}
