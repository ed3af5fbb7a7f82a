/** The levels in x and y that the tables of values, errors and paths share. */
import type { StudySetup } from './setup.ts';

/** Up to three x-levels, coarse to fine; a single level of the scenario is halved to get a second one. */
export function levels(setup: StudySetup): { readonly nx: readonly number[]; readonly ny: number } {
  const { x, fine } = setup;
  if (x.length > 1) return { nx: x.slice(-3), ny: fine.ny };
  return { nx: [Math.ceil((x[0] - 1) / 2) + 1, x[0]], ny: fine.ny };
}

/** The x-levels of bounds: those of the values; where these are two, a third one, coarser or else between them. */
export function boundLevels(setup: StudySetup): readonly number[] {
  const { nx } = levels(setup);
  if (nx.length > 2) return nx;
  const [next, finest] = nx;
  const three = threeLevels(next, finest);
  const middle = Math.round(Math.sqrt((next - 1) * (finest - 1))) + 1;
  return three.length < 3 && next < middle && middle < finest ? [next, middle, finest] : three;
}

/** A level with fewer nodes says nothing of the order. */
const FEWEST = 7;

/** Two levels with a third one, coarser by the same ratio; the two alone where that leaves too few nodes. */
export function threeLevels(next: number, finest: number): readonly number[] {
  const coarsest = Math.ceil((next - 1) ** 2 / (finest - 1)) + 1;
  return coarsest < FEWEST || coarsest >= next ? [next, finest] : [coarsest, next, finest];
}

/** The finest grid of the values. */
export function finestOf(setup: StudySetup): { readonly nx: number; readonly ny: number } {
  const { nx, ny } = levels(setup);
  return { nx: nx[nx.length - 1], ny };
}
