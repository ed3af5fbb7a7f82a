/** The members of a sweep as pieces of work: each is a whole study, whose own pieces are found within it. */
import { InputError } from '../../src/input/input-error.ts';
import type { Piece } from '../run/piece.ts';
import type { Scenario } from '../scenario.ts';
import { studyOf } from '../study/run-study.ts';
import type { MethodChoice } from '../study/setup.ts';
import type { Study } from '../study/study.ts';
import { planStudy, type StudyPlan } from '../study/study-plan.ts';

/** What a member is: its study, or why it cannot be solved. */
export type MemberStudy = Omit<Study, 'timings'> | { readonly unsolved: string };

interface MemberOptions {
  readonly folder: string;
  readonly method: MethodChoice;
  /** Versions of the program and of its modules, kept with the study. */
  readonly versions: { readonly version: string; readonly code: string };
  /** Seconds and bytes of a member, roughly. */
  readonly size: Pick<Piece, 'cost' | 'bytes'>;
}

/** The piece of a member. Its own pieces are forgotten once the study is kept, so that 10⁴ members fit on a disk. */
export function memberPiece(scenario: Scenario, { folder, method, versions, size }: MemberOptions): Piece {
  const { definition, domain, observe, study, optimize, name, source } = scenario;
  let plan: StudyPlan | null = null;
  return {
    key: JSON.stringify({ piece: 'study', definition, domain, observe, study, optimize, method, name, source }),
    label: folder,
    ...size,
    after: [],
    kin: folder,
    spends: () => plan?.pieces.map(({ key }) => key) ?? [],
    async find({ within, read }): Promise<MemberStudy> {
      try {
        plan = planStudy(scenario, method);
        await within(plan.pieces);
        return studyOf(plan, read, versions);
      } catch (error) {
        if (error instanceof InputError) return { unsolved: error.message };
        throw error;
      }
    },
  };
}

/** What a member takes, from the plan of its study. */
export function sizeOf({ pieces }: StudyPlan): Pick<Piece, 'cost' | 'bytes'> {
  return {
    cost: pieces.reduce((sum, { cost }) => sum + cost, 0),
    bytes: pieces.reduce((most, { bytes }) => Math.max(most, bytes), 0),
  };
}
