/** What is said of an error that ends the program, in one line, and its exit code. */
import { InputError } from '../../src/input/input-error.ts';
import { ScenarioError } from '../read/scenario-error.ts';
import { exitCodes } from './flags/command.ts';

export interface Failure {
  readonly code: number;
  readonly line: string;
}

/** What engines say where an array or a memory is larger than they can make; never said of anything else. */
const OUT_OF_MEMORY =
  /allocation failed|could not allocate|Invalid (typed )?array( buffer)? length|WebAssembly\.Memory|out of memory/i;

/** The line and the exit code of an error. */
export function failureOf(error: unknown): Failure {
  if (error instanceof InputError) {
    const line = error instanceof ScenarioError ? error.message : `hjb – ${error.message}`;
    return { code: exitCodes.badInput, line: onOneLine(line) };
  }
  if (!(error instanceof Error)) return defect(String(error));
  if (error.name === 'AbortError') return { code: exitCodes.cancelled, line: 'hjb: cancelled' };
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || (error instanceof RangeError && OUT_OF_MEMORY.test(error.message))) {
    const remedy = 'take fewer nodes, paths or snapshots, or a machine with more of it';
    const line = `hjb – there is not enough memory – ${onOneLine(error.message)} – ${remedy}`;
    return { code: exitCodes.badInput, line };
  }
  return defect(`${error.name}: ${error.message}`);
}

/** Of a stdout that takes no more: nothing where its reader has gone, which is no failure. */
export function failureOfOutput(error: NodeJS.ErrnoException): Failure | null {
  if (error.code === 'EPIPE') return null;
  const line = `hjb: the output cannot be written – ${onOneLine(error.message)} – send it to another place`;
  return { code: exitCodes.noOutput, line };
}

function defect(message: string): Failure {
  const line = `hjb: ${onOneLine(message)} – this is a defect of hjb, please report it with its command line`;
  return { code: exitCodes.defect, line };
}

function onOneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}
