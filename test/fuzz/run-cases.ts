/** The process of caseProcess: cases come as messages and are answered. */
import { type Case, ran } from './run-case.ts';

const folder = process.argv[2];
process.on('message', async (drawn: Case) => process.send?.(await ran(folder, drawn)));
