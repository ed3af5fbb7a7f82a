import type { Axis } from '../../src/grid/axis.ts';
import { InputError } from '../../src/input/input-error.ts';
import { fastLevels } from './grid-tables.ts';
import { levels } from './levels.ts';
import { axesOf, type StudySetup } from './setup.ts';

/** Every level of a study has a node of every axis in K, over which its errors are taken. Throws InputError. */
export function checkLevels(setup: StudySetup): void {
  const { nx: finer, ny: usual } = levels(setup);
  const { lower, upper } = setup.observe;
  const n = setup.slow.length;
  for (const nx of new Set([...setup.x, ...finer])) {
    for (const ny of new Set([...fastLevels(setup), usual])) {
      const { slow, fast } = axesOf(setup, { nx, ny }, 'standard');
      [...slow, ...fast].forEach((axis, a) => {
        if (holdsNode(axis, lower[a], upper[a])) return;
        refuse(axis, { lower: lower[a], upper: upper[a], letter: a < n ? 'x' : 'y' });
      });
    }
  }
}

function holdsNode({ lower, spacing, nodes }: Axis, from: number, to: number): boolean {
  const slack = 1e-9;
  const first = Math.max(0, Math.ceil((from - lower) / spacing - slack));
  return first < nodes && first <= (to - lower) / spacing + slack;
}

function refuse(
  axis: Axis,
  { lower, upper, letter }: { readonly lower: number; readonly upper: number; readonly letter: 'x' | 'y' },
): never {
  // Half the cells have to be narrower than K.
  const enough = 2 * Math.ceil((axis.upper - axis.lower) / (upper - lower)) + 3;
  throw new InputError(
    `a level with ${axis.nodes} nodes along ${axis.name} has none in K, ${axis.name} ∈ [${lower}, ${upper}]`,
    'errors are the largest over the nodes in K, on half the nodes of study.nodes too',
    `give at least study.nodes.${letter}: ${enough}, or a larger K`,
    'domain',
  );
}
