/** A stream to print on. */
interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** The stream itself, for a progress bar, which moves the cursor; else the sink is the stream. */
  readonly bare?: unknown;
}

/** What a run of the program may touch besides files. */
export interface CliIo {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Seconds from any origin. */
  readonly clock: () => number;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
  /** ANSI colours on stdout. */
  readonly colour: boolean;
  /** The file of this program, by which it starts workers; without it there are none. */
  readonly program?: string;
  /** Told how a run goes on that is stopped from now on; until then nothing of it is kept. */
  readonly resumes?: (how: string) => void;
}

/** A flag of a command, or the one word it is about; without value and options a switch. */
export interface Flag {
  readonly description: string;
  /** What stands for its value in help and messages. */
  readonly value?: string;
  /** All values there are. */
  readonly options?: readonly string[];
  readonly positional?: boolean;
  /** A word that may be left out. */
  readonly optional?: boolean;
  readonly required?: boolean;
  /** Its value may begin with dashes: words for another program. */
  readonly dashed?: boolean;
  /** May be given several times. */
  readonly multiple?: boolean;
}

export type Flags = Readonly<Record<string, Flag>>;

/** The words of a command line, checked against the arguments of its command. */
export interface Given {
  /** The scenario, or the folder of `hjb report`; '' where the command has none. */
  readonly subject: string;
  /** All of them, where a command takes two. */
  readonly subjects: readonly string[];
  /** Is this switch on? */
  on(flag: string): boolean;
  /** The value of a flag, or undefined where it was left out. */
  value(flag: string): string | undefined;
  /** Every value of a flag that may be repeated. */
  values(flag: string): readonly string[];
  /** Every flag that was given, with its values; a switch has the value ''. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

export interface Request {
  readonly io: CliIo;
  readonly given: Given;
}

/** Exit codes; an outcome that is no success keeps what was found. */
export const exitCodes = {
  done: 0,
  notConverged: 1,
  badInput: 2,
  defect: 70,
  /** Stdout or the folder of the results takes no more: EX_IOERR of sysexits.h. */
  noOutput: 74,
  cancelled: 130,
} as const;

/** What a command takes and does. */
export interface CommandBody {
  /** Its flags, and the word it is about, by their names. */
  readonly args: Flags;
  readonly examples: readonly string[];
  /** Does the work; the exit code. Throws InputError. */
  run(request: Request): Promise<number>;
}

/** What a command is for: the groups of the help, in their order. */
export const purposes = [
  'A problem, and whether the theory holds for it',
  'Its limit as ε → 0: the whole study',
  'One equation at a time',
  'Paths and descents',
  'The theory and the machine',
] as const;

interface NamedCommand {
  readonly name: string;
  readonly purpose: (typeof purposes)[number];
  /** One line for lists, and the first line of its help. */
  readonly about: string;
  /** How a run goes on that was stopped; left out where nothing of it is kept. */
  readonly resumes?: string;
}

/** One command of `hjb`. */
export interface Command extends NamedCommand, CommandBody {}

/** A command that is not loaded before it is asked for. */
export interface ListedCommand extends NamedCommand {
  load(): Promise<CommandBody>;
}

/** The whole of a listed command. */
export async function loaded({ name, purpose, about, load }: ListedCommand): Promise<Command> {
  return { name, purpose, about, ...(await load()) };
}

/** Another value of a parameter, for every command that takes a scenario. */
export const setFlag = {
  set: {
    value: 'gamma=4',
    multiple: true,
    description: 'another value of a parameter, of gamma or of the horizon T of the file: a number or a formula',
  },
} satisfies Flags;

/** The scenario, for every command that has one. */
export const scenarioArgument = {
  scenario: {
    positional: true,
    description: 'name in the library (hjb list) or path of a YAML file',
  },
  ...setFlag,
} satisfies Flags;

/** Flags of every command. */
export const commonFlags = {
  json: { description: 'print one JSON document on stdout' },
  quiet: { description: 'show no progress' },
} satisfies Flags;
