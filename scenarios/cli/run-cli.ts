/**
 * The program `hjb` as a function of its words. Exit codes: 0 done, 1 a solve or a certificate fails (what was found is
 * kept and marked), 2 bad input (one line `place – fact – cause – remedy`, nothing written), 70 a defect, 130
 * cancelled. As a process it ends with 129 and 143 where SIGHUP and SIGTERM cancel it, and with 74 where stdout takes
 * no more.
 */
import { nearestName } from '../../src/input/nearest-name.ts';
import { packageVersion } from '../package.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import { commands } from './commands/commands.ts';
import { failureOf } from './failures.ts';
import { readArguments } from './flags/arguments.ts';
import { type CliIo, exitCodes, type ListedCommand, loaded } from './flags/command.ts';
import { guarded } from './print/guarded.ts';
import { commandHelp, programHelp } from './print/help.ts';

const helpWords = ['--help', '-h'];

/** Runs `hjb` with these words; the exit code. Never throws. */
export async function runCli(argv: readonly string[], streams: CliIo): Promise<number> {
  const io = guarded(streams);
  try {
    const [first, ...words] = argv;
    if (helpWords.includes(first)) {
      io.stdout.write(programHelp(io, commands));
      return exitCodes.done;
    }
    if (first === '--version') {
      io.stdout.write(`${packageVersion()}\n`);
      return exitCodes.done;
    }
    const listed = commandNamed(first);
    if (listed.resumes !== undefined) io.resumes?.(listed.resumes);
    const command = await loaded(listed);
    if (words.some((word) => helpWords.includes(word))) {
      io.stdout.write(commandHelp(io, command));
      return exitCodes.done;
    }
    return await command.run({ io, given: readArguments(command, words) });
  } catch (error) {
    const { code, line } = failureOf(error);
    // Whoever is told how a run goes on says that it was stopped.
    if (code !== exitCodes.cancelled || io.resumes === undefined) io.stderr.write(`${line}\n`);
    return code;
  }
}

function commandNamed(word: string | undefined): ListedCommand {
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return command;
  const names = commands.map(({ name }) => name);
  const known = `commands: ${names.join(', ')}`;
  if (word === undefined) throw new ScenarioError('hjb', 'no command is given', known, 'hjb --help explains them');
  if (word.startsWith('-')) {
    const flags = 'before a command there are only --help and --version';
    throw new ScenarioError('hjb', `${word} is not a flag of hjb`, flags, `${known}; flags follow the command`);
  }
  const near = nearestName(word, names);
  const remedy = near === undefined ? 'hjb --help explains them' : `did you mean ${near}?`;
  throw new ScenarioError('hjb', `"${word}" is not a command`, known, remedy);
}
