/** The levels in x and y that the tables of values, errors and paths share. */
import type { StudySetup } from './setup.ts';

/** Up to three x-levels, coarse to fine; a single level of the scenario is halved to get a second one. */
export function levels(setup: StudySetup): { readonly nx: readonly number[]; readonly ny: number } {
  const { x, fine } = setup;
  if (x.length > 1) return { nx: x.slice(-3), ny: fine.ny };
  return { nx: [Math.ceil((x[0] - 1) / 2) + 1, x[0]], ny: fine.ny };
}

/** The finest grid of the values. */
export function finestOf(setup: StudySetup): { readonly nx: number; readonly ny: number } {
  const { nx, ny } = levels(setup);
  return { nx: nx[nx.length - 1], ny };
}
