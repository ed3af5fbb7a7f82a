import { shownConstants } from '../../src/problem/assumptions.ts';
import { describeProblem } from '../../src/problem/describe.ts';
import { axisNames } from '../grids.ts';
import { type Command, commonFlags, exitCodes, type Request, scenarioArgument } from './command.ts';
import { facts, heading, shownInterval } from './layout.ts';
import { checkedAssumptions, openScenario, printResult } from './opened.ts';

export const check: Command = {
  name: 'check',
  about: 'print the problem as mathematics and the assumptions of the theory with their constants',
  args: { ...scenarioArgument, ...commonFlags },
  examples: ['hjb check quadratic', 'hjb check my-scenario.yaml --json'],
  run: runCheck,
};

async function runCheck(request: Request): Promise<number> {
  const { io } = request;
  const scenario = openScenario(request);
  const { assumptions, slow, fast, warnings } = checkedAssumptions(scenario);
  const equations = describeProblem(scenario.problem);
  const names = [...axisNames('x', slow.length), ...axisNames('y', fast.length)];
  const box = [...slow, ...fast].map((side, i) => `${names[i]} ∈ ${shownInterval(side)}`).join(', ');
  const rows = assumptions.map(({ name, statement, holds, constants }) => [
    holds ? 'holds' : 'FAILS',
    name,
    statement,
    shownConstants(constants),
  ]);
  printResult(request, {
    json: { command: 'check', scenario: scenario.name, title: scenario.title, equations, assumptions, warnings },
    text: [
      heading(io, scenario.title),
      '\n',
      facts(equations),
      '\n',
      heading(io, `Assumptions, with the constants found on ${box}`),
      '\n',
      facts(assumptionRows(rows)),
    ].join(''),
    warnings,
  });
  return exitCodes.done;
}

/** Verdict and name on the left, constants and statement on the right. */
function assumptionRows(rows: readonly (readonly string[])[]): [string, string][] {
  const width = Math.max(...rows.map((row) => [...row[3]].length));
  return rows.map(([verdict, name, statement, constants]) => [
    `${verdict}  ${name}`,
    `${constants}${' '.repeat(width - [...constants].length)}   ${statement}`,
  ]);
}
