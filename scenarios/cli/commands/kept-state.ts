/** --checkpoint FILE: solves that go on where a stopped run of the same command left them. */
import { readFile, rm, stat } from 'node:fs/promises';
import type { Checkpoint } from '../../../solvers/index.ts';
import { identityOf, readState, writtenState } from '../../checkpoint-file.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import { writeFileAtomically } from '../../report/atomic-file.ts';
import type { Scenario } from '../../scenario.ts';
import { codeVersion } from '../../store/code-version.ts';
import type { CliIo, Flags, Request } from '../flags/command.ts';

export const checkpointFlag: Flags = {
  checkpoint: {
    value: 'FILE',
    description: 'keep the state of the solve there, and go on from the one that is there',
  },
};

/** Seconds between two states: what is lost at most where the program is killed. */
const EVERY = 10;

/** The states of the solves of one command. */
export interface KeptStates {
  /** That of a solve, told apart by its options; `suffix` names the file of a further one. */
  of(options: object, suffix?: string): Checkpoint | undefined;
  /** Removes them, where their solves have ended. */
  remove(): Promise<void>;
}

/** The states that --checkpoint asks to keep, none without it. Throws ScenarioError for a graphics card. */
export function keptStates({ io, given }: Request, scenario: Scenario): KeptStates {
  const file = given.value('checkpoint');
  if (file !== undefined && given.value('backend') === 'gpu') {
    const cause = 'its roundings are those of the card at hand, so that another run would not go on bit for bit';
    throw new ScenarioError('--checkpoint', 'a graphics card keeps no state', cause, 'leave out one of both flags');
  }
  const { source, parameters, name } = scenario;
  const paths: string[] = [];
  return {
    of(options, suffix = '') {
      if (file === undefined) return undefined;
      const path = `${file}${suffix}`;
      paths.push(path);
      return checkpointAt(path, identityOf({ version: codeVersion(), name, source, parameters, options, suffix }), io);
    },
    async remove() {
      for (const path of paths) await rm(path, { force: true });
    },
  };
}

function checkpointAt(path: string, identity: string, io: CliIo): Checkpoint {
  let refused = false;
  const goesOn = (step: number) => io.resumes?.(`the same command goes on from step ${step}`);
  return {
    every: EVERY,
    async load() {
      const bytes = await bytesAt(path);
      if (bytes === null) return null;
      const found = readState(bytes, identity);
      if (found.kind === 'unusable') {
        io.stderr.write(
          `hjb: warning: the checkpoint ${path} is not used – ${found.reason} – solved from the beginning\n`,
        );
        return null;
      }
      const { step, steps } = found.state;
      io.stderr.write(`hjb: goes on from step ${step} of ${steps}, the state in ${path}\n`);
      goesOn(step);
      return found.state;
    },
    async save(state) {
      try {
        await writeFileAtomically(path, writtenState(state, identity));
        goesOn(state.step);
      } catch (error) {
        if (refused) return;
        refused = true;
        const reason = error instanceof Error ? error.message : String(error);
        io.stderr.write(
          `hjb: warning: the state cannot be kept in ${path} – ${reason} – the solve goes on without it\n`,
        );
      }
    },
  };
}

/** The bytes of a file, null where there is none. Throws ScenarioError for what cannot be read. */
async function bytesAt(path: string): Promise<Uint8Array | null> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is no file');
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new ScenarioError('--checkpoint', `${path} cannot be read`, message, 'give the path of a file');
  }
}
