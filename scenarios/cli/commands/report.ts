import type { Study } from '../../study/study.ts';
import { type CommandBody, commonFlags, exitCodes, type Request } from '../flags/command.ts';
import { writing } from '../flags/out.ts';
import { printResult } from '../print/result.ts';

export const report: CommandBody = {
  args: {
    folder: { positional: true, description: 'folder that hjb study has written, of a study or of a sweep' },
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
  const { isSweep, readSweepResults } = await import('../../report/read-sweep-results.ts');
  if (isSweep(folder)) {
    const { writeSweepReport } = await import('../../report/write-sweep.ts');
    const sweep = await readSweepResults(folder);
    return printed(request, sweep, await writing(target, () => writeSweepReport(sweep, target, folder)));
  }
  const found = await readStudy(folder);
  const path = await writing(target, () => writeReport(found, target, folder));
  return printed(request, found, path);
}

function printed(request: Request, { scenario }: Pick<Study, 'scenario'>, path: string): number {
  printResult(request, {
    json: { command: 'report', scenario: scenario.name, written: [path] },
    text: `${scenario.title}\n  ${path}\n`,
  });
  return exitCodes.done;
}
