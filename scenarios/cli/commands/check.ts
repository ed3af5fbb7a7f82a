import { failuresOf } from '../../../solvers/index.ts';
import { shownConstants } from '../../../src/assumptions/assumptions.ts';
import { describeProblem } from '../../../src/model/describe.ts';
import { axisNames } from '../../../src/model/trees.ts';
import { shownInterval } from '../../grids.ts';
import { type CommandBody, commonFlags, exitCodes, type Request, scenarioArgument } from '../flags/command.ts';
import { checkedAssumptions, openScenario } from '../flags/scenario.ts';
import { certificateText } from '../print/certificate.ts';
import { facts, heading } from '../print/layout.ts';
import { printResult } from '../print/result.ts';
import { certificateFlags, certificatesOf } from './check-certificates.ts';

export const check: CommandBody = {
  args: { ...scenarioArgument, ...certificateFlags, ...commonFlags },
  examples: [
    'hjb check quadratic',
    'hjb check quadratic --certificate --nodes x=101,y=61',
    'hjb check my-scenario.yaml --certificate --scheme filtered --epsilon 1e-3 --json',
  ],
  run: runCheck,
};

async function runCheck(request: Request): Promise<number> {
  const { io } = request;
  const scenario = openScenario(request);
  const { assumptions, slow, fast, warnings: lost } = checkedAssumptions(scenario);
  const certificates = await certificatesOf(request, scenario);
  const failures = failuresOf(certificates);
  const warnings = [...lost, ...failures];
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
    json: {
      command: 'check',
      scenario: scenario.name,
      title: scenario.title,
      equations,
      assumptions,
      ...(request.given.on('certificate') ? { certificates } : {}),
      warnings,
    },
    text: [
      heading(io, scenario.title),
      '\n',
      facts(equations),
      '\n',
      heading(io, `Assumptions, with the constants found on ${box}`),
      '\n',
      facts(assumptionRows(rows)),
      certificateText(request, certificates),
    ].join(''),
    warnings,
  });
  return failures.length === 0 ? exitCodes.done : exitCodes.notConverged;
}

/** Verdict and name on the left, constants and statement on the right. */
function assumptionRows(rows: readonly (readonly string[])[]): [string, string][] {
  const width = Math.max(...rows.map((row) => [...row[3]].length));
  return rows.map(([verdict, name, statement, constants]) => [
    `${verdict}  ${name}`,
    `${constants}${' '.repeat(width - [...constants].length)}   ${statement}`,
  ]);
}
