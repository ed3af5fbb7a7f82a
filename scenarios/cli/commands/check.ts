import { failuresOf } from '../../../solvers/index.ts';
import type { Assumption } from '../../../src/assumptions/assumption.ts';
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
  args: {
    ...scenarioArgument,
    strict: { description: 'exit code 1 where an assumption of a theorem fails' },
    ...certificateFlags,
    ...commonFlags,
  },
  examples: [
    'hjb check quadratic',
    'hjb check quadratic --certificate --nodes x=101,y=61',
    'hjb check multiwell --strict',
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
      heading(io, `Assumptions, with their constants on ${box}`),
      '\n',
      facts(assumptions.flatMap(assumptionRows)),
      certificateText(request, certificates),
    ].join(''),
    warnings,
  });
  const isRefuted =
    request.given.on('strict') && assumptions.some(({ needed, verdict }) => needed && verdict === 'fails');
  return failures.length === 0 && !isRefuted ? exitCodes.done : exitCodes.notConverged;
}

/** Verdict and name on the left; statement, what was found, and what is lost. */
function assumptionRows({ name, verdict, statement, found, consequence }: Assumption): [string, string][] {
  const lost: [string, string][] = consequence === '' ? [] : [['', consequence]];
  return [[`${verdict}  ${name}`, statement], ['', found], ...lost];
}
