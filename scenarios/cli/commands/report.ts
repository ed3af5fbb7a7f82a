import { type CommandBody, commonFlags, exitCodes, type Request } from '../flags/command.ts';
import { writing } from '../flags/out.ts';
import { printResult } from '../print/result.ts';

export const report: CommandBody = {
  args: {
    folder: { positional: true, description: 'folder that hjb study has written' },
    out: { value: 'DIR', description: 'the folder of report.html (default: the same folder)' },
    ...commonFlags,
  },
  examples: ['hjb report results/quadratic'],
  run: runReport,
};

async function runReport(request: Request): Promise<number> {
  const { given } = request;
  const { readStudy } = await import('../../report/read-study.ts');
  const { writeReport } = await import('../../report/write-study.ts');
  const folder = given.subject;
  const target = given.value('out') ?? folder;
  const found = await readStudy(folder);
  const path = await writing(target, () => writeReport(found, target));
  const written = [path];
  printResult(request, {
    json: { command: 'report', scenario: found.scenario.name, written },
    text: `${found.scenario.title}\n  ${path}\n`,
  });
  return exitCodes.done;
}
