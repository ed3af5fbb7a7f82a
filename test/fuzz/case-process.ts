/** A process of its own for cases that compute: one that does not end is killed, and told of with its file. */
import { type ChildProcess, fork } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Case, Ran } from './run-case.ts';

/** Seconds of processor time after which a case is given up, and seconds by the clock where that is not told. */
const DEADLINE = { processor: 20, clock: 240 };

/** What came of a case: how it ran, or a sentence about a process that gave no answer. */
export type Answer = Ran | string;

export interface CaseProcess {
  run(drawn: Case): Promise<Answer>;
  end(): void;
}

/** Runs cases one after another on the sources, in a folder; a new process takes the place of one that was killed. */
export function caseProcess(folder: string, seed: number): CaseProcess {
  let child: ChildProcess | null = null;
  const answered = (drawn: Case, process: ChildProcess) =>
    new Promise<Answer>((resolve) => {
      const unanswered = (what: string) => {
        process.removeAllListeners();
        process.kill('SIGKILL');
        child = null;
        const kept = join(tmpdir(), `hjb-fuzz-${seed}-${Date.now()}.yaml`);
        copyFileSync(join(folder, 'drawn.yaml'), kept);
        resolve(`${what}: seed ${seed}, words ${JSON.stringify(drawn.words)}, file ${kept}`);
      };
      const [begun, before] = [performance.now(), processorSeconds(process.pid)];
      const timer = setInterval(() => {
        const [seconds, busy] = [(performance.now() - begun) / 1000, processorSeconds(process.pid) - before];
        if (busy < DEADLINE.processor && seconds < DEADLINE.clock) return;
        clearInterval(timer);
        unanswered(`no end after ${Math.floor(seconds)} s, ${Math.floor(busy)} s of them busy`);
      }, 500);
      process.once('message', (found) => {
        clearInterval(timer);
        process.removeAllListeners();
        resolve(found as Ran);
      });
      process.once('exit', (code, signal) => {
        clearInterval(timer);
        unanswered(`the process ended with ${code ?? signal}`);
      });
      process.send(drawn);
    });
  return {
    run(drawn) {
      child ??= fork(join(import.meta.dirname, 'run-cases.ts'), [folder], {
        execArgv: ['--import', 'tsx', '--conditions=hjb-source'],
      });
      return answered(drawn, child);
    },
    end: () => void child?.kill(),
  };
}

/** What a process has used so far, by Linux in hundredths of a second; 0 where nothing tells. */
function processorSeconds(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    return (user + system) / 100;
  } catch {
    return 0;
  }
}
