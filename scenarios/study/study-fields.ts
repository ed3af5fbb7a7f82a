/** The fields of a study, from its finest level. */
import type { Run } from '../../src/time/march.ts';
import { effectiveCase, valueCase } from './cases.ts';
import { controlFields } from './control-fields.ts';
import { descentFields, followDescents } from './descents.ts';
import { type Fields, joinedFields } from './field.ts';
import { hamiltonianFields, measureFields, velocityFields } from './frozen-fields.ts';
import type { StudySetup } from './setup.ts';
import type { Solved } from './solved.ts';
import { exactFields, valueFields } from './value-fields.ts';

/** Fields with what was fixed for all of them. */
export interface StudyFields extends Fields {
  readonly fixed: {
    readonly T: number;
    /** Per axis of Vᵉ. */
    readonly nodes: readonly number[];
    readonly steps: number;
    readonly steps_of_v: number;
    /** The ends of K, per axis of Vᵉ. */
    readonly K_lower: readonly number[];
    readonly K_upper: readonly number[];
  };
}

/** Everything that figures and files show of the solutions. Rejects as the solvers do. */
export async function studyFields(
  setup: StudySetup,
  solved: Solved,
  { cells, run }: { readonly cells: Fields; readonly run: Run },
): Promise<StudyFields> {
  const { epsilon, fine, problem } = setup;
  const { nx, ny } = fine;
  // v with the steps of Vᵉ, so that Vᵉ − v on these nodes is the ε-error alone.
  const limit = solved.effective(effectiveCase(nx, ny, { steps: 'same' }));
  const values = epsilon.map((each) => solved.value(valueCase(each, nx, ny)));
  const finest = { values, limit };
  const lists = [
    valueFields(setup, finest),
    exactFields(setup, finest),
    controlFields(setup, solved),
    hamiltonianFields(setup),
    measureFields(setup),
    velocityFields(setup, limit),
    cells,
    descentFields(await followDescents(setup, run)),
  ];
  return {
    fixed: {
      T: problem.horizon,
      nodes: values[0].grid.axes.map(({ nodes }) => nodes),
      steps: values[0].steps,
      steps_of_v: limit.steps,
      K_lower: setup.observe.lower,
      K_upper: setup.observe.upper,
    },
    ...joinedFields(lists),
  };
}
