/** --checkpoint FILE: solves that go on where a stopped run of the same command left them. */
import { rm } from 'node:fs/promises';
import type { Checkpoint, MarchState } from '../../../solvers/index.ts';
import { identityOf } from '../../checkpoint-file.ts';
import { ScenarioError } from '../../read/scenario-error.ts';
import type { Scenario } from '../../scenario.ts';
import { codeVersion } from '../../store/code-version.ts';
import { checkpointIn } from '../../store/states.ts';
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
      const identity = identityOf({ version: codeVersion(), name, source, parameters, options, suffix });
      return checkpointAt({ path, identity, solve: suffix.replace('.', ' of the solve ') }, io);
    },
    async remove() {
      for (const path of paths) await rm(path, { force: true });
    },
  };
}

/** `solve` says in a sentence which of several solves it is. */
function checkpointAt({ path, identity, solve }: { path: string; identity: string; solve: string }, io: CliIo) {
  let refused = false;
  const warn = (sentence: string) => void io.stderr.write(`hjb: warning: ${sentence}\n`);
  const resumes = ({ step, steps }: MarchState) =>
    io.resumes?.(`the same command goes on from step ${step} of ${steps}${solve}`);
  const checkpoint = checkpointIn(
    { path, identity, every: EVERY },
    {
      unusable: (reason) => warn(`the checkpoint ${path} is not used – ${reason} – solved from the beginning`),
      unkept(reason) {
        if (refused) return;
        refused = true;
        warn(`the state cannot be kept in ${path} – ${reason} – the solve goes on without it`);
      },
      goesOn(state) {
        io.stderr.write(`hjb: goes on from step ${state.step} of ${state.steps}, the state in ${path}\n`);
        resumes(state);
      },
      kept: resumes,
    },
  );
  return { ...checkpoint, load: () => checkpoint.load().catch((error) => refuse(path, error)) };
}

function refuse(path: string, { message }: Error): never {
  throw new ScenarioError('--checkpoint', `${path} cannot be read`, message, 'give the path of a file');
}
