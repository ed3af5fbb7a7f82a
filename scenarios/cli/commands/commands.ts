import type { Command } from '../flags/command.ts';
import { bench } from './bench.ts';
import { cell } from './cell.ts';
import { check } from './check.ts';
import { effective } from './effective.ts';
import { hamiltonian } from './hamiltonian.ts';
import { list } from './list.ts';
import { measure } from './measure.ts';
import { optimize } from './optimize.ts';
import { report } from './report.ts';
import { reproduce } from './reproduce.ts';
import { simulate } from './simulate.ts';
import { solve } from './solve.ts';
import { study } from './study.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  study,
  solve,
  effective,
  hamiltonian,
  cell,
  measure,
  simulate,
  optimize,
  check,
  reproduce,
  bench,
  list,
  report,
];
