/**
 * The program `hjb` as a function of its words. Exit codes: 0 done, 1 a solve or a certificate fails (what was found is
 * kept and marked), 2 bad input (one line `place – fact – cause – remedy`, nothing written), 70 a defect, 130
 * cancelled.
 */
import { InputError } from '../../src/input/input-error.ts';
import { nearestName } from '../../src/input/nearest-name.ts';
import { packageVersion } from '../package.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import { commands } from './commands/commands.ts';
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
    const command = await loaded(commandNamed(first));
    if (words.some((word) => helpWords.includes(word))) {
      io.stdout.write(commandHelp(io, command));
      return exitCodes.done;
    }
    return await command.run({ io, given: readArguments(command, words) });
  } catch (error) {
    return explained(error, io);
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

function explained(error: unknown, io: CliIo): number {
  if (error instanceof InputError) {
    const line = error instanceof ScenarioError ? error.message : `hjb – ${error.message}`;
    io.stderr.write(`${onOneLine(line)}\n`);
    return exitCodes.badInput;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    io.stderr.write('hjb: cancelled\n');
    return exitCodes.cancelled;
  }
  if (error instanceof RangeError && OUT_OF_MEMORY.test(error.message)) {
    const remedy = 'take fewer nodes, paths or snapshots, or a machine with more of it';
    io.stderr.write(`hjb – there is not enough memory – ${onOneLine(error.message)} – ${remedy}\n`);
    return exitCodes.badInput;
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  io.stderr.write(`hjb: ${onOneLine(message)} – this is a defect of hjb, please report it with its command line\n`);
  return exitCodes.defect;
}

/** What engines say where an array or a memory is larger than they can make; never said of anything else. */
const OUT_OF_MEMORY =
  /allocation failed|could not allocate|Invalid (typed )?array( buffer)? length|WebAssembly\.Memory|out of memory/i;

function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
