import { join } from 'node:path';
import { packageVersion } from '../../package.ts';
import type { Claim } from '../../reproduce/claim.ts';
import { grouped, shownExpected, shownFigure, tally } from '../../reproduce/claims-table.ts';
import { generalNames } from '../../reproduce/general-models.ts';
import { modelSizes } from '../../reproduce/model.ts';
import type { Reproduction } from '../../reproduce/reproduce.ts';
import { type CliIo, type CommandBody, commonFlags, exitCodes, type Request } from '../flags/command.ts';
import { kernelFlags, onKernel } from '../flags/kernel.ts';
import { refuseFile, writing } from '../flags/out.ts';
import { wholeNumber } from '../flags/values.ts';
import { columns, facts, heading } from '../print/layout.ts';
import { withProgress } from '../print/progress.ts';
import { printResult } from '../print/result.ts';

const models = [...Object.keys(modelSizes), ...generalNames];

export const reproduce: CommandBody = {
  args: {
    quick: { description: 'coarse grids and few paths: wider error bars in a quarter of the time' },
    model: { options: models, description: `one model alone (default: ${models.join(', ')})` },
    seed: { value: 'K', description: 'seed of the paths (default 1)' },
    out: { value: 'DIR', description: 'the folder of the report (default results/reproduce)' },
    threads: kernelFlags.threads,
    ...commonFlags,
  },
  examples: ['hjb reproduce', 'hjb reproduce --quick', 'hjb reproduce --model multiwell --json'],
  run: runReproduce,
};

async function runReproduce(request: Request): Promise<number> {
  const { io, given } = request;
  const seed = wholeNumber(given, 'seed', 0) ?? 1;
  const effort = given.on('quick') ? 'quick' : 'full';
  const chosen = given.value('model');
  const directory = given.value('out') ?? join('results', 'reproduce');
  refuseFile(directory);
  const { reproduceClaims } = await import('../../reproduce/reproduce.ts');
  const lent = { clock: io.clock, signal: io.signal, effort, seed } as const;
  const found = await withProgress(request, (report) =>
    onKernel(request, (kernel) =>
      reproduceClaims(chosen === undefined ? models : [chosen], { ...lent, kernel }, report),
    ),
  );
  if (io.signal.aborted) {
    io.stderr.write('hjb: cancelled; nothing was written\n');
    return exitCodes.cancelled;
  }
  const { writeClaims } = await import('../../report/claims-page.ts');
  const written = await writing(directory, () => writeClaims(found, directory, { version: packageVersion() }));
  const failures = found.claims.filter(({ verdict }) => verdict === 'differs');
  const warnings = failures.map(
    ({ claim, model, measured }) => `${claim} differs from what is measured on ${model}: ${measured}`,
  );
  printResult(request, {
    json: { command: 'reproduce', ...found, warnings, written },
    text: reproductionText(io, found, written),
    warnings,
  });
  return failures.length === 0 ? exitCodes.done : exitCodes.notConverged;
}

/** The rows in groups of a claim, under what it says. */
function reproductionText(io: CliIo, { claims }: Reproduction, written: readonly string[]): string {
  const parts = grouped(claims, ({ claim }) => claim).map(([claim, rows]) => {
    const statements = [...new Set(rows.map(({ statement }) => statement))];
    return `${heading(io, claim)}${statements.map((statement) => `  ${statement}\n`).join('')}\n${rowsText(rows)}\n`;
  });
  const files = facts([
    ['report', written[0]],
    ['data', written[1]],
  ]);
  return `${parts.join('')}${tally(claims)}\n\n${files}`;
}

function rowsText(rows: readonly Claim[]): string {
  return columns(
    ['measured', 'model', 'figure', 'expected', 'verdict'],
    rows.map((row) => [row.measured, row.model, shownFigure(row), shownExpected(row.expected), row.verdict]),
    2,
  );
}
